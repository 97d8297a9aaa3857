import type { Clock, Random } from '../../ports/clock.ts';
import type { StoreSlice } from '../../store/store.ts';
import { newId } from '../new-id.ts';
import { digestSecret } from './digest-secret.ts';
import { drawSecret } from './draw-secret.ts';

export interface BeginSessionDeps {
  readonly store: StoreSlice<{ readonly sessions: 'insert' }>;
  readonly clock: Clock;
  readonly random: Random;
}

/** Begins a session for a person whose identity is proven. Resolves with the session's secret; the store gets only its digest. */
export async function beginSession(
  { store, clock, random }: BeginSessionDeps,
  personId: string,
  { address, userAgent }: { readonly address: string; readonly userAgent: string | null },
): Promise<string> {
  const secret = drawSecret(random);
  const id = newId('session', clock, random);
  await store.sessions.insert({ id, digest: digestSecret(secret), personId, address, userAgent });
  return secret;
}
