/** Where calls wait on disk while the store is unavailable. */
export interface Spool {
  append(payload: Buffer): Promise<void>;
  hasRecords(): boolean;
  drain(take: (payload: Buffer) => Promise<boolean>): Promise<number>;
}
