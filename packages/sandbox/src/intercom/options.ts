import {
  applyOptions,
  type InboxOptions,
  inboxOptionChecks,
  isDuration,
  isFlag,
  isOneOf,
  isTexts,
  type OptionChecks,
} from '../inbox-server/options.ts';

/**
 * How one simulated workspace behaves where real ones differ or the behaviour is not known. Intercom: 10,000 calls a
 * minute, counted in windows of 10 s; a new contact can take minutes to appear in the search.
 */
export interface IntercomOptions extends InboxOptions {
  /** How long `POST /messages` to a new contact answers 404. */
  readonly unmessageableMs: number;
  /** Whether `POST /messages` returns the id of the conversation that it opened. */
  readonly messageConversationId: 'present' | 'absent';
  /** The values of `message_type` that `POST /messages` accepts for an in-app message. */
  readonly messageTypes: readonly string[];
  /** The `app_package_code` of a part that was made through the API. */
  readonly appPackageCode: string | null;
  /** Whether an admin's comment through the API reopens a closed conversation. */
  readonly adminCommentReopens: boolean;
  /** Whether a notification contains the part that it is about. */
  readonly webhookParts: 'present' | 'absent';
  /** The version that is set in the app. Intercom: HTML bodies up to 2.14, plain text from 2.15 on. */
  readonly webhookVersion: string;
}

export const defaultOptions: IntercomOptions = {
  rateLimitPer10s: 1666,
  searchDelayMs: 0,
  unmessageableMs: 0,
  messageConversationId: 'present',
  messageTypes: ['inapp', 'in_app'],
  appPackageCode: null,
  adminCommentReopens: false,
  echo: 'after',
  webhookDelayMs: 25,
  webhooksLost: false,
  webhookJitterMs: 0,
  webhookParts: 'present',
  webhookVersion: '2.16',
};

const checks: OptionChecks<IntercomOptions> = {
  ...inboxOptionChecks,
  unmessageableMs: isDuration,
  messageConversationId: isOneOf('present', 'absent'),
  messageTypes: isTexts,
  appPackageCode: (value) => value === null || typeof value === 'string',
  adminCommentReopens: isFlag,
  webhookParts: isOneOf('present', 'absent'),
  webhookVersion: (value) => typeof value === 'string' && /^2\.\d{1,2}$/.test(value),
};

export const withOptions = (present: IntercomOptions, given: unknown): IntercomOptions =>
  applyOptions(checks, present, given);
