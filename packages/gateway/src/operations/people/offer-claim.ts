import type { Random } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';
import { digestSecret } from './digest-secret.ts';
import { drawSecret } from './draw-secret.ts';

const claimLifeMs = 60 * 60_000;

/** The file in the data folder with the token that creates the first owner. */
export interface ClaimFile {
  readonly path: string;
  write(token: string): Promise<void>;
  /** Does nothing if there is no such file. */
  remove(): Promise<void>;
}

/**
 * While there is no account, each start makes a token that creates the first owner, once and within one hour. It replaces the
 * token of the start before. It is written to a file that only the gateway's user can read; the log names the file, because more
 * people read logs. A start removes the file when an account exists.
 */
export async function offerClaim(deps: {
  readonly store: StoreSlice<{ readonly people: 'exist' | 'storeInvitation' }>;
  readonly claimFile: ClaimFile;
  readonly random: Random;
  readonly log: EngineLog;
}): Promise<void> {
  if (await deps.store.people.exist()) return deps.claimFile.remove();
  const token = drawSecret(deps.random, 'cfi_');
  await deps.claimFile.write(token);
  await deps.store.people.storeInvitation({ digest: digestSecret(token), person: null, lifeMs: claimLifeMs });
  deps.log.info('installation.unclaimed', {
    claimTokenIn: deps.claimFile.path,
    minutes: claimLifeMs / 60_000,
    use: 'npx chatferry people claim --email ADDRESS --name NAME',
  });
}
