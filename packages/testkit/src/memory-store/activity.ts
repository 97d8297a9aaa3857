import type { QueryBinder } from './bind-queries.ts';

/** Activity marks affect no message, so this store records none. */
export const activity = ({ bind }: QueryBinder) => bind('activity', { record: () => undefined });
