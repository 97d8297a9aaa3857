import type { ChannelRecord } from '../../store/channels.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';

/** Throws NOT_FOUND. */
export async function findChannel(
  { store }: { readonly store: StoreSlice<{ readonly channels: 'read' }> },
  id: string,
): Promise<ChannelRecord> {
  return assertChannel(await store.channels.read(id));
}

/** Throws NOT_FOUND. */
export function assertChannel(record: ChannelRecord | null): ChannelRecord {
  if (!record)
    throw new ApiError('NOT_FOUND', { message: 'There is no such channel. GET /api/v1/channels lists them.' });
  return record;
}
