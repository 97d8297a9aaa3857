import { type BoundSecret, conceal } from '../../ports/secret.ts';
import type { HubspotOutcome } from './classify.ts';
import type { HubspotCredential } from './settings.ts';

/** Every secret that this client uses, so that no outcome contains one, also where HubSpot wrote the text. */
export interface KnownSecrets {
  /** Adds the tokens that the token endpoint gave. */
  add(tokens: Readonly<Partial<Record<TokenName, BoundSecret | null>>>): void;
  conceal(outcome: HubspotOutcome): HubspotOutcome;
}

type TokenName = 'refresh_token' | 'access_token';

/** The last two of each kind of token: a call with the one before may still be under way. */
export function createKnownSecrets(credential: HubspotCredential): KnownSecrets {
  const lasting = Object.values(credential).filter((secret) => secret !== undefined);
  const tokens = { refresh_token: [] as readonly BoundSecret[], access_token: [] as readonly BoundSecret[] };
  return {
    add(given) {
      for (const name of ['refresh_token', 'access_token'] as const) {
        const token = given[name] ?? null;
        const [newest] = tokens[name];
        if (token !== null && (newest === undefined || !token.equals(newest)))
          tokens[name] = [token, ...tokens[name]].slice(0, 2);
      }
    },
    conceal(outcome) {
      if (outcome.kind === 'ok') return outcome;
      const secrets = [...lasting, ...tokens.refresh_token, ...tokens.access_token];
      const detail = conceal(outcome.detail, secrets);
      return outcome.kind === 'rejected'
        ? { ...outcome, detail, message: conceal(outcome.message, secrets) }
        : { ...outcome, detail };
    },
  };
}
