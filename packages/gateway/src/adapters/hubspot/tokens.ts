import type { Clock } from '../../ports/clock.ts';
import type { Grant, GrantClaim, GrantState } from '../../ports/grant.ts';
import type { InboxOutcome } from '../../ports/inbox.ts';
import type { BoundSecret } from '../../ports/secret.ts';
import { textAt, valueAt } from '../json-answer.ts';
import type { HubspotOutcome } from './classify.ts';

/** A token is replaced this long before it ends, or at half its life where that is shorter. */
const earlyMs = 3 * 60_000;
/** Longer than a renewal takes. After it another replica may try. */
const claimMs = 30_000;
/** The pause before the grant is read again while another replica renews it. */
const lookEveryMs = 200;
const waitMaxMs = 45_000;

export interface AccessToken {
  readonly token: BoundSecret;
  /** The portal that it opens, where HubSpot said so. */
  readonly portalId: string | null;
}

/** The portal's access token: renewed by one replica at a time, for all that wait. */
export interface Tokens {
  current(): Promise<InboxOutcome<AccessToken>>;
  /** HubSpot refused this token; the next `current` brings another one. */
  discard(token: BoundSecret): void;
}

/** What HubSpot gave for a refresh token. */
interface Renewal {
  readonly of: BoundSecret;
  readonly token: BoundSecret;
  readonly refreshToken: BoundSecret;
  readonly portalId: string | null;
  readonly untilMs: number;
}

export interface TokenDeps {
  readonly clock: Clock;
  readonly grant: Grant;
  /** Trades a refresh token for HubSpot's answer. */
  readonly exchange: (refreshToken: BoundSecret) => Promise<HubspotOutcome>;
}

interface TokenState {
  /** The token in use; null while there is none. */
  current: { readonly access: AccessToken; readonly untilMs: number } | null;
  /** The newest token that HubSpot refused. */
  refused: BoundSecret | null;
  /** A renewal that the store has not stored yet: the refresh token before it may be invalid. */
  unstored: Renewal | null;
  underWay: Promise<InboxOutcome<AccessToken>> | null;
}

/**
 * What HubSpot answers is durable in the grant before any caller gets the access token: HubSpot may rotate refresh tokens, and the
 * old one is invalid then.
 */
export function createTokens(deps: TokenDeps): Tokens {
  const state: TokenState = { current: null, refused: null, unstored: null, underWay: null };
  return {
    async current() {
      const { current } = state;
      if (current !== null && deps.clock.monotonicMs() < current.untilMs) return { kind: 'ok', value: current.access };
      state.underWay ??= obtain(deps, state).finally(() => {
        state.underWay = null;
      });
      return state.underWay;
    },
    discard(token) {
      state.refused = token;
      if (state.current?.access.token === token) state.current = null;
    },
  };
}

/** Renews the grant, or waits for the replica that does. */
async function obtain(deps: TokenDeps, state: TokenState): Promise<InboxOutcome<AccessToken>> {
  const { clock, grant } = deps;
  const giveUpAtMs = clock.monotonicMs() + waitMaxMs;
  for (;;) {
    const askedAtMs = clock.monotonicMs();
    const shared = await grant.read();
    if (shared === null) return gone;
    const outcome = useSharedToken(state, shared, askedAtMs) ?? (await renewIfClaimed(deps, state));
    if (outcome !== null) return outcome;
    if (clock.monotonicMs() >= giveUpAtMs) {
      return { kind: 'deferred', retryAfterMs: null, detail: 'another process renews the grant, and does not end' };
    }
    await clock.sleep(lookEveryMs);
  }
}

function useToken(
  state: TokenState,
  token: BoundSecret,
  portalId: string | null,
  untilMs: number,
): InboxOutcome<AccessToken> {
  const access = { token, portalId };
  state.current = { access, untilMs };
  return { kind: 'ok', value: access };
}

/** Uses the token that another replica got; null if there is none, or HubSpot refused it. */
const useSharedToken = (
  state: TokenState,
  { access }: GrantState,
  askedAtMs: number,
): InboxOutcome<AccessToken> | null =>
  access === null || (state.refused !== null && access.token.equals(state.refused))
    ? null
    : useToken(state, access.token, state.current?.access.portalId ?? null, askedAtMs + access.remainingMs);

/** Null if the grant must be read again. */
async function renewIfClaimed(deps: TokenDeps, state: TokenState): Promise<InboxOutcome<AccessToken> | null> {
  const { clock, grant } = deps;
  const claim = await grant.claim(claimMs);
  if (claim === null) return null;
  const { state: shared } = claim;
  try {
    const outcome =
      useSharedToken(state, shared, clock.monotonicMs()) ?? (await renew(deps, state, claim, shared.refreshToken));
    if (outcome.kind !== 'broken') return outcome;
    // An invalid refresh token only counts while it is the grant's: an administrator may just have connected the portal again.
    const now = await grant.read();
    return now !== null && !now.refreshToken.equals(shared.refreshToken) ? null : outcome;
  } finally {
    await claim.release();
  }
}

async function renew(
  deps: TokenDeps,
  state: TokenState,
  claim: GrantClaim,
  refreshToken: BoundSecret,
): Promise<InboxOutcome<AccessToken>> {
  const { clock } = deps;
  const earlier = state.unstored?.of.equals(refreshToken) === true ? state.unstored : null;
  const outcome = earlier === null ? await trade(deps, refreshToken) : ({ kind: 'ok', value: earlier } as const);
  if (outcome.kind !== 'ok') return outcome;
  const renewal = outcome.value;
  state.unstored = renewal;
  const lifeMs = Math.max(0, renewal.untilMs - clock.monotonicMs());
  const isStored = await claim.renew({ token: renewal.token, lifeMs, refreshToken: renewal.refreshToken });
  state.unstored = null;
  // The grant was replaced, or this took too long: the grant as it is now counts.
  if (!isStored) return { kind: 'deferred', retryAfterMs: null, detail: 'the grant was replaced while it was renewed' };
  return useToken(state, renewal.token, renewal.portalId, renewal.untilMs);
}

async function trade({ clock, exchange }: TokenDeps, refreshToken: BoundSecret): Promise<InboxOutcome<Renewal>> {
  const startedAtMs = clock.monotonicMs();
  const outcome = await exchange(refreshToken);
  return outcome.kind === 'ok' ? readRenewal(outcome.value, refreshToken, startedAtMs) : outcome;
}

const gone: InboxOutcome<never> = { kind: 'broken', detail: 'the workspace is not connected any more' };

function readRenewal(answer: unknown, of: BoundSecret, startedAtMs: number): InboxOutcome<Renewal> {
  const token = textAt(answer, 'access_token');
  const toldMs = Number(valueAt(answer, 'expires_in')) * 1000;
  if (token === null || !(toldMs > 0)) {
    return { kind: 'deferred', retryAfterMs: null, detail: 'HubSpot answered a refresh without a usable token' };
  }
  const rotated = textAt(answer, 'refresh_token');
  const value = {
    of,
    token: of.sibling(token),
    refreshToken: rotated === null ? of : of.sibling(rotated),
    portalId: textAt(answer, 'hub_id'),
    untilMs: startedAtMs + toldMs - Math.min(earlyMs, toldMs / 2),
  };
  return { kind: 'ok', value };
}
