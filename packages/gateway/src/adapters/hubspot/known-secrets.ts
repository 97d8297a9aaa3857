import { conceal, Secret } from '../../ports/secret.ts';
import { textAt } from '../json-answer.ts';
import type { HubspotOutcome } from './classify.ts';
import type { HubspotCredential } from './settings.ts';

/** Every secret that this client uses, so that no outcome contains one, also where HubSpot wrote the text. */
export interface KnownSecrets {
  /** Adds the tokens in an answer of the token endpoint, or in an object of the same form. */
  addFrom(json: unknown): void;
  conceal(outcome: HubspotOutcome): HubspotOutcome;
}

/** The last two of each kind of token: a call with the one before may still be under way. */
export function createKnownSecrets(credential: HubspotCredential): KnownSecrets {
  const lasting = Object.values(credential).filter((secret) => secret !== undefined);
  const tokens = { refresh_token: [] as readonly Secret[], access_token: [] as readonly Secret[] };
  return {
    addFrom(json) {
      for (const name of ['refresh_token', 'access_token'] as const) {
        const text = textAt(json, name);
        if (text !== null && text !== tokens[name][0]?.reveal())
          tokens[name] = [new Secret(text), ...tokens[name]].slice(0, 2);
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
