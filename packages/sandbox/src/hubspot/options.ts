import { ControlError } from '../control-error.ts';
import { isFields } from './fields.ts';

/** How one simulated portal behaves where the real one varies or is not known. */
export interface HubspotOptions {
  /** Calls in a 10 s window; null lifts the limit. HubSpot: 190 for a privately distributed app, CRM search apart. */
  readonly rateLimitPer10s: number | null;
  /** How long a new contact stays out of the search. */
  readonly searchDelayMs: number;
  /** How long a new channel stays out of the list. HubSpot: some seconds. */
  readonly channelVisibleAfterMs: number;
  readonly accessTokenLifeMs: number;
  /** Whether a refresh gives a new refresh token and ends the old one. */
  readonly rotateRefreshTokens: boolean;
  /** How long an authorisation code can be redeemed. */
  readonly codeLifeMs: number;
  /** Scopes that this portal does not give, whatever an app asks for. HubSpot: by its subscription. */
  readonly withheldScopes: readonly string[];
  /** Whether the answer of the token endpoint names the portal and the scopes; else only introspection does. */
  readonly tokenNamesPortal: boolean;
  /** When a connection that began in HubSpot makes its account: when the app named it, or when the browser is back. */
  readonly stagedAccount: 'at-once' | 'on-return';
  /** Whether an OUTGOING message may open a thread. */
  readonly outgoingOpensThread: boolean;
  /** Whether and when a published OUTGOING message comes back as an event, seen from that call's answer. */
  readonly echo: 'before' | 'after' | 'twice' | 'never';
  /** Texts longer than this are cut wherever messages are shown; HubSpot's own limit is not documented. */
  readonly textMax: number;
  readonly webhookDelayMs: number;
  /** Whether calls get lost on their way: never made, never repeated. */
  readonly webhooksLost: boolean;
  /** Random extra delay; above zero, deliveries overtake each other. */
  readonly webhookJitterMs: number;
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

const isDuration = (value: unknown) => typeof value === 'number' && value >= 0;
const isFlag = (value: unknown) => typeof value === 'boolean';
const isCount = (value: unknown) => typeof value === 'number' && Number.isInteger(value) && value > 0;

const accepts: Readonly<Record<keyof HubspotOptions, (value: unknown) => boolean>> = {
  rateLimitPer10s: (value) => value === null || isCount(value),
  searchDelayMs: isDuration,
  channelVisibleAfterMs: isDuration,
  accessTokenLifeMs: isDuration,
  rotateRefreshTokens: isFlag,
  codeLifeMs: isDuration,
  withheldScopes: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  tokenNamesPortal: isFlag,
  stagedAccount: (value) => value === 'at-once' || value === 'on-return',
  outgoingOpensThread: isFlag,
  echo: (value) => value === 'before' || value === 'after' || value === 'twice' || value === 'never',
  textMax: isCount,
  webhookDelayMs: isDuration,
  webhooksLost: isFlag,
  webhookJitterMs: isDuration,
  webhookAttemptsMax: isCount,
};

/** Lays given options over the present ones; refuses what is not an option, so that a typo is seen. */
export function withOptions(present: HubspotOptions, given: unknown): HubspotOptions {
  if (given === undefined) return present;
  if (!isFields(given)) throw new ControlError(400, 'Give "options" as an object.');
  for (const [name, value] of Object.entries(given)) {
    const accept = Object.entries(accepts).find(([known]) => known === name)?.[1];
    if (!accept)
      throw new ControlError(400, `There is no option ${name}; there are: ${Object.keys(accepts).join(', ')}.`);
    if (!accept(value)) throw new ControlError(400, `Option ${name} cannot be ${JSON.stringify(value)}.`);
  }
  return { ...present, ...given };
}
