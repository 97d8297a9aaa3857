/** A client for the Chatferry API without dependencies. */
export * from './client.ts';
export * from './errors.ts';
export { contractVersion, operations } from './operations.gen.ts';
export type { Fetch, Transport } from './request.ts';
export type * from './types.gen.ts';
