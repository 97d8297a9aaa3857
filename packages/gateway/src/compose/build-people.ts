import { hkdfSync } from 'node:crypto';
import { createPersonCredentials } from '../adapters/credentials/person-credentials.ts';
import type { Config } from '../config/config.ts';
import type { GuessLimit } from '../http/limit-guesses.ts';
import { createProxyWatch, type ProxyWatch } from '../http/watch-proxies.ts';
import { offerClaim } from '../operations/people/offer-claim.ts';
import { openSignIn, type SignInDeps } from '../operations/people/sign-in-deps.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { EngineLog } from '../ports/log.ts';
import { claimFileIn } from '../secrets/claim-file.ts';
import type { Vault } from '../secrets/sealed.ts';
import type { Store } from '../store/store.ts';

/** How people sign in, and what is known about the addresses that they come from. */
export interface People {
  readonly signIn: SignInDeps;
  readonly proxyWatch: ProxyWatch;
  /** Offers the first owner's account, as long as there is no account. */
  readonly offerClaim: () => Promise<void>;
}

export function buildPeople(parts: {
  readonly config: Config;
  readonly store: Store;
  readonly vault: Vault;
  /** The same in every replica, also after a change of the master key. */
  readonly keyPepper: Buffer;
  readonly guesses: GuessLimit;
  readonly passwordCostBits?: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: EngineLog;
}): People {
  const { config, store, vault, keyPepper, clock, random, log } = parts;
  const claimFile = claimFileIn(config.dataDir);
  const signIn = openSignIn({
    store,
    credentials: createPersonCredentials(parts.passwordCostBits),
    deviceKey: Buffer.from(hkdfSync('sha256', keyPepper, '', 'chatferry device cookie', 32)),
    dropClaim: claimFile.remove,
    lookUpForStranger: parts.guesses.lookUp,
    vault,
    clock,
    random,
  });
  return {
    signIn,
    proxyWatch: createProxyWatch({ trustedProxies: config.trustedProxies, clock, log }),
    offerClaim: () => offerClaim({ store, claimFile, random, log }),
  };
}
