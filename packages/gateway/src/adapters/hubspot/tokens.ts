import type { Clock } from '../../ports/clock.ts';
import type { InboxOutcome } from '../../ports/inbox.ts';
import { Secret } from '../../ports/secret.ts';
import { at, textAt } from '../json-answer.ts';
import type { HubspotOutcome } from './classify.ts';

/** A token is replaced this long before it ends, or at half its life where that is shorter. */
const earlyMs = 3 * 60_000;

export interface AccessToken {
  readonly token: Secret;
  /** The portal that it opens, where HubSpot says so. */
  readonly portalId: string | null;
}

/** The portal's access token: one refresh at a time, whoever waits for it. */
export interface Tokens {
  current(): Promise<InboxOutcome<AccessToken>>;
  /** HubSpot refused this token; the next `current` brings another one. */
  discard(token: Secret): void;
}

/**
 * `exchange` trades a refresh token for HubSpot's answer. Where the answer rotates the refresh token, `onRotated` has
 * stored the new one before any caller gets the access token.
 */
export function createTokens(options: {
  readonly clock: Clock;
  readonly refreshToken: Secret;
  readonly exchange: (refreshToken: Secret) => Promise<HubspotOutcome>;
  readonly onRotated: (refreshToken: Secret) => Promise<void>;
}): Tokens {
  let refreshToken = options.refreshToken;
  let stored = options.refreshToken;
  let held: { readonly access: AccessToken; readonly untilMs: number } | null = null;
  let underWay: Promise<InboxOutcome<AccessToken>> | null = null;

  const refresh = async (): Promise<InboxOutcome<AccessToken>> => {
    const startedAtMs = options.clock.monotonicMs();
    const outcome = await options.exchange(refreshToken);
    if (outcome.kind !== 'ok') return outcome;
    const token = textAt(outcome.value, 'access_token');
    const lifeMs = Number(at(outcome.value, 'expires_in')) * 1000;
    if (token === null || !(lifeMs > 0)) {
      return { kind: 'deferred', retryAfterMs: null, detail: 'HubSpot answered a refresh without a usable token' };
    }
    const rotated = textAt(outcome.value, 'refresh_token');
    if (rotated !== null) refreshToken = new Secret(rotated);
    if (refreshToken.reveal() !== stored.reveal()) {
      const fresh = refreshToken;
      await options.onRotated(fresh);
      stored = fresh;
    }
    const access = { token: new Secret(token), portalId: textAt(outcome.value, 'hub_id') };
    held = { access, untilMs: startedAtMs + lifeMs - Math.min(earlyMs, lifeMs / 2) };
    return { kind: 'ok', value: access };
  };

  return {
    current() {
      if (held !== null && options.clock.monotonicMs() < held.untilMs) {
        return Promise.resolve({ kind: 'ok', value: held.access });
      }
      underWay ??= refresh().finally(() => {
        underWay = null;
      });
      return underWay;
    },
    discard(token) {
      if (held?.access.token === token) held = null;
    },
  };
}
