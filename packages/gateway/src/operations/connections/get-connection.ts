import type { Connection, Input } from '@chatferry/contract';
import { ApiError } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import type { ConnectionDeps } from './connection-deps.ts';
import { showConnection } from './show-connection.ts';

/** How often a caller's wait for the end of an install reads the store. */
const pollEveryMs = 500;

/** Reads an install. Waits up to `wait_seconds` for its end. */
export async function getConnection(
  deps: ConnectionDeps,
  _context: RequestContext,
  { params, query }: Input<'getConnection'>,
): Promise<Connection> {
  const { store, clock } = deps;
  const untilMs = clock.monotonicMs() + query.wait_seconds * 1_000;
  for (;;) {
    const record = await store.connections.read(params.connection_id);
    if (record === null) {
      throw new ApiError('NOT_FOUND', {
        message: 'There is no such connection, or it expired more than a day ago. Begin a new one.',
      });
    }
    if (record.state !== 'waiting' || clock.monotonicMs() >= untilMs) return showConnection(deps, record);
    await clock.sleep(pollEveryMs);
  }
}
