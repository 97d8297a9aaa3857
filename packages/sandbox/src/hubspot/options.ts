import {
  applyOptions,
  type InboxOptions,
  inboxOptionChecks,
  isCount,
  isDuration,
  isFlag,
  isOneOf,
  isTexts,
  type OptionChecks,
} from '../inbox-server/options.ts';

/**
 * How one simulated portal behaves where real ones differ or the behaviour is not known. HubSpot: 190 calls in 10 s for
 * a privately distributed app, CRM searches not counted.
 */
export interface HubspotOptions extends InboxOptions {
  /** How long a new channel is missing from the list. HubSpot: some seconds. */
  readonly channelVisibleAfterMs: number;
  readonly accessTokenLifeMs: number;
  /** Whether a refresh gives a new refresh token and ends the old one. */
  readonly rotateRefreshTokens: boolean;
  /** How long an authorization code can be redeemed. */
  readonly codeLifeMs: number;
  /** Scopes that this portal never grants. HubSpot: they depend on the subscription. */
  readonly withheldScopes: readonly string[];
  /** Whether the token endpoint returns the portal and the scopes; otherwise only introspection does. */
  readonly tokenNamesPortal: boolean;
  /**
   * When a connection that began in HubSpot creates its channel account: when the app names the account, or when the
   * browser returns to HubSpot.
   */
  readonly stagedAccount: 'at-once' | 'on-return';
  /** Whether an OUTGOING message may open a thread. */
  readonly outgoingOpensThread: boolean;
  /** Longer texts are cut wherever messages are shown; HubSpot's own limit is not documented. */
  readonly textMax: number;
  /** How often a delivery is tried, a minute apart; not documented for custom channels. */
  readonly webhookAttemptsMax: number;
}

export const defaultOptions: HubspotOptions = {
  rateLimitPer10s: 190,
  searchDelayMs: 0,
  channelVisibleAfterMs: 0,
  accessTokenLifeMs: 1_800_000,
  rotateRefreshTokens: false,
  codeLifeMs: 600_000,
  withheldScopes: [],
  tokenNamesPortal: true,
  stagedAccount: 'on-return',
  outgoingOpensThread: true,
  echo: 'after',
  textMax: 65_536,
  webhookDelayMs: 25,
  webhooksLost: false,
  webhookJitterMs: 0,
  webhookAttemptsMax: 3,
};

const checks: OptionChecks<HubspotOptions> = {
  ...inboxOptionChecks,
  channelVisibleAfterMs: isDuration,
  accessTokenLifeMs: isDuration,
  rotateRefreshTokens: isFlag,
  codeLifeMs: isDuration,
  withheldScopes: isTexts,
  tokenNamesPortal: isFlag,
  stagedAccount: isOneOf('at-once', 'on-return'),
  outgoingOpensThread: isFlag,
  textMax: isCount,
  webhookAttemptsMax: isCount,
};

export const withOptions = (present: HubspotOptions, given: unknown): HubspotOptions =>
  applyOptions(checks, present, given);
