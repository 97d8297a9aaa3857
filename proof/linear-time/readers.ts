import { contractReaders } from './contract-readers.ts';
import { gatewayReaders } from './gateway-readers.ts';
import type { Reader } from './reader.ts';

/** By `file#name`. A function that reads foreign text belongs here, any other one in `no-readers.ts`. */
export const readers: Readonly<Record<string, Reader>> = { ...contractReaders, ...gatewayReaders };
