import { contractReaders } from './contract-readers.ts';
import { gatewayReaders } from './gateway-readers.ts';

/** The inputs of the calls with which a function is tried, for a text that a stranger wrote. */
export type Reader = (text: string) => readonly (readonly unknown[])[];

/** By `file#name`. A function that reads foreign text belongs here, any other one in `no-readers.ts`. */
export const readers: Readonly<Record<string, Reader>> = { ...contractReaders, ...gatewayReaders };
