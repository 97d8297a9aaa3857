import { conceal, Secret } from '../../ports/secret.ts';
import { textAt } from '../json-answer.ts';
import type { HubspotOutcome } from './classify.ts';
import type { HubspotCredential } from './settings.ts';

/** Everything secret that this client has in its hands, so that no outcome repeats it, whoever wrote the words. */
export interface KnownSecrets {
  /** Takes note of the tokens in an answer of the token endpoint, or in what looks like one. */
  learn(json: unknown): void;
  conceal(outcome: HubspotOutcome): HubspotOutcome;
}

/** Of each kind of token the last two are known: the one before may still be on its way. */
export function createKnownSecrets(credential: HubspotCredential): KnownSecrets {
  const lasting = Object.values(credential).filter((secret) => secret !== undefined);
  const tokens = { refresh_token: [] as readonly Secret[], access_token: [] as readonly Secret[] };
  return {
    learn(json) {
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
