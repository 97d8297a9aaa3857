import type { Clock } from '../../ports/clock.ts';
import type { Grant, GrantClaim, GrantState } from '../../ports/grant.ts';
import type { InboxOutcome } from '../../ports/inbox.ts';
import { Secret } from '../../ports/secret.ts';
import { at, textAt } from '../json-answer.ts';
import type { HubspotOutcome } from './classify.ts';

/** A token is replaced this long before it ends, or at half its life where that is shorter. */
const earlyMs = 3 * 60_000;
/** Longer than a renewal takes: then another replica may try. */
const claimMs = 30_000;
/** Between two looks for what another replica gets. */
const lookEveryMs = 200;
const waitMaxMs = 45_000;

export interface AccessToken {
  readonly token: Secret;
  /** The portal that it opens, where HubSpot said so. */
  readonly portalId: string | null;
}

/** The portal's access token: one renewal at a time, whoever waits for it, in whichever replica. */
export interface Tokens {
  current(): Promise<InboxOutcome<AccessToken>>;
  /** HubSpot refused this token; the next `current` brings another one. */
  discard(token: Secret): void;
}

/** What HubSpot gave for a refresh token. */
interface Renewal {
  readonly of: Secret;
  readonly token: Secret;
  readonly refreshToken: Secret;
  readonly portalId: string | null;
  readonly untilMs: number;
}

/**
 * `exchange` trades a refresh token for HubSpot's answer. What the answer brings is durable in the grant before any caller
 * gets the access token: HubSpot may rotate refresh tokens, and the old one is dead then.
 */
export function createTokens(options: {
  readonly clock: Clock;
  readonly grant: Grant;
  readonly exchange: (refreshToken: Secret) => Promise<HubspotOutcome>;
}): Tokens {
  const { clock, grant, exchange } = options;
  let held: { readonly access: AccessToken; readonly untilMs: number } | null = null;
  let refused: string | null = null;
  let unkept: Renewal | null = null;
  let underWay: Promise<InboxOutcome<AccessToken>> | null = null;

  const hold = (token: Secret, portalId: string | null, untilMs: number): InboxOutcome<AccessToken> => {
    held = { access: { token, portalId }, untilMs };
    return { kind: 'ok', value: held.access };
  };

  /** What another replica got, where it is fit for use. */
  const takeOver = ({ access }: GrantState, askedAtMs: number): InboxOutcome<AccessToken> | null =>
    access === null || access.token.reveal() === refused
      ? null
      : hold(access.token, held?.access.portalId ?? null, askedAtMs + access.remainingMs);

  const trade = async (refreshToken: Secret): Promise<InboxOutcome<Renewal>> => {
    const startedAtMs = clock.monotonicMs();
    const outcome = await exchange(refreshToken);
    return outcome.kind === 'ok' ? readRenewal(outcome.value, refreshToken, startedAtMs) : outcome;
  };

  const renew = async (claim: GrantClaim, refreshToken: Secret): Promise<InboxOutcome<AccessToken>> => {
    // What the store refused to take: the refresh token before it may be dead.
    const earlier = unkept?.of.reveal() === refreshToken.reveal() ? unkept : null;
    const outcome = earlier === null ? await trade(refreshToken) : ({ kind: 'ok', value: earlier } as const);
    if (outcome.kind !== 'ok') return outcome;
    const renewal = outcome.value;
    unkept = renewal;
    const lifeMs = Math.max(0, renewal.untilMs - clock.monotonicMs());
    const isKept = await claim.renew({ token: renewal.token, lifeMs, refreshToken: renewal.refreshToken });
    unkept = null;
    // Somebody replaced the grant, or this took too long: what is there now counts.
    if (!isKept) return { kind: 'deferred', retryAfterMs: null, detail: 'the grant was replaced while it was renewed' };
    return hold(renewal.token, renewal.portalId, renewal.untilMs);
  };

  /** Null where there is something to look for once more. */
  const renewIfClaimed = async (): Promise<InboxOutcome<AccessToken> | null> => {
    const claim = await grant.claim(claimMs);
    if (claim === null) return null;
    const { state } = claim;
    try {
      const outcome = takeOver(state, clock.monotonicMs()) ?? (await renew(claim, state.refreshToken));
      if (outcome.kind !== 'broken') return outcome;
      // A dead refresh token is news only where it is still the grant's: an administrator may just have connected anew.
      const now = await grant.read();
      return now !== null && now.refreshToken.reveal() !== state.refreshToken.reveal() ? null : outcome;
    } finally {
      await claim.release();
    }
  };

  const obtain = async (): Promise<InboxOutcome<AccessToken>> => {
    const giveUpAtMs = clock.monotonicMs() + waitMaxMs;
    for (;;) {
      const askedAtMs = clock.monotonicMs();
      const state = await grant.read();
      if (state === null) return gone;
      const outcome = takeOver(state, askedAtMs) ?? (await renewIfClaimed());
      if (outcome !== null) return outcome;
      if (clock.monotonicMs() >= giveUpAtMs) {
        return { kind: 'deferred', retryAfterMs: null, detail: 'another process renews the grant, and does not end' };
      }
      await clock.sleep(lookEveryMs);
    }
  };

  return {
    current() {
      if (held !== null && clock.monotonicMs() < held.untilMs)
        return Promise.resolve({ kind: 'ok', value: held.access });
      underWay ??= obtain().finally(() => {
        underWay = null;
      });
      return underWay;
    },
    discard(token) {
      refused = token.reveal();
      if (held?.access.token === token) held = null;
    },
  };
}

const gone: InboxOutcome<never> = { kind: 'broken', detail: 'the workspace is not connected any more' };

function readRenewal(answer: unknown, of: Secret, startedAtMs: number): InboxOutcome<Renewal> {
  const token = textAt(answer, 'access_token');
  const toldMs = Number(at(answer, 'expires_in')) * 1000;
  if (token === null || !(toldMs > 0)) {
    return { kind: 'deferred', retryAfterMs: null, detail: 'HubSpot answered a refresh without a usable token' };
  }
  const rotated = textAt(answer, 'refresh_token');
  const value = {
    of,
    token: new Secret(token),
    refreshToken: rotated === null ? of : new Secret(rotated),
    portalId: textAt(answer, 'hub_id'),
    untilMs: startedAtMs + toldMs - Math.min(earlyMs, toldMs / 2),
  };
  return { kind: 'ok', value };
}
