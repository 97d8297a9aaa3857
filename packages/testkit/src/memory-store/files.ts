import type { StoredFile } from '@chatferry/gateway/internal/store/files';
import type { QueryBinder } from './bind-queries.ts';

/** The simulation uploads no files. */
const readNone = (): StoredFile | null => null;
const readNoChunk = (): Buffer | null => null;

/** The queries of `store.files`. */
export const files = ({ bind }: QueryBinder) => bind('files', { read: readNone, readChunk: readNoChunk });
