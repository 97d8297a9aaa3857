import type { Clock, Random } from '../../ports/clock.ts';
import type { StoreSlice } from '../../store/store.ts';
import { newId } from '../new-id.ts';
import { digestOfSecret } from './digest-of-secret.ts';

/** Begins a session of somebody who has proved who they are; resolves with its secret, which is stored as a digest only. */
export type BeginSession = (
  personId: string,
  from: { readonly address: string; readonly userAgent: string | null },
) => Promise<string>;

export function createBeginSession(deps: {
  readonly store: StoreSlice<{ readonly sessions: 'insert' }>;
  readonly clock: Clock;
  readonly random: Random;
}): BeginSession {
  return async (personId, { address, userAgent }) => {
    const secret = Buffer.from(deps.random.bytes(32)).toString('base64url');
    const id = newId('session', deps.clock, deps.random);
    await deps.store.sessions.insert({ id, digest: digestOfSecret(secret), personId, address, userAgent });
    return secret;
  };
}
