import { ControlError } from '../control-error.ts';
import { isFields } from './fields.ts';

/** How one simulated workspace behaves where the real one varies or is not known. */
export interface IntercomOptions {
  /** Calls in a 10 s window; null lifts the limit. Intercom: 10,000 a minute, spread over 10 s windows. */
  readonly rateLimitPer10s: number | null;
  /** How long a new or changed contact stays out of `POST /contacts/search`. Intercom: up to minutes. */
  readonly searchDelayMs: number;
  /** How long `POST /messages` to a new contact answers 404. */
  readonly unmessageableMs: number;
  /** Whether `POST /messages` names the conversation that it opened. */
  readonly messageConversationId: 'present' | 'absent';
  /** The values of `message_type` that `POST /messages` takes for an in-app message. */
  readonly messageTypes: readonly string[];
  /** What a part made through the API carries as `app_package_code`. */
  readonly appPackageCode: string | null;
  /** Whether an admin's comment through the API reopens a closed conversation. */
  readonly adminCommentReopens: boolean;
  /** When the webhook about a part made through the API leaves, seen from that call's answer. */
  readonly echo: 'before' | 'after' | 'twice' | 'never';
  /** From the event to the first delivery. */
  readonly webhookDelayMs: number;
  /** Whether calls get lost on their way: never made, never repeated. */
  readonly webhooksLost: boolean;
  /** Random extra delay; above zero, deliveries overtake each other. */
  readonly webhookJitterMs: number;
  /** Whether a notification carries the part that it tells of. */
  readonly webhookParts: 'present' | 'absent';
  /** The version set in the app. Intercom: HTML bodies up to 2.14, plain text from 2.15 on. */
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

const isDuration = (value: unknown) => typeof value === 'number' && value >= 0;

const accepts: Readonly<Record<keyof IntercomOptions, (value: unknown) => boolean>> = {
  rateLimitPer10s: (value) => value === null || (typeof value === 'number' && Number.isInteger(value) && value > 0),
  searchDelayMs: isDuration,
  unmessageableMs: isDuration,
  messageConversationId: (value) => value === 'present' || value === 'absent',
  messageTypes: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  appPackageCode: (value) => value === null || typeof value === 'string',
  adminCommentReopens: (value) => typeof value === 'boolean',
  echo: (value) => value === 'before' || value === 'after' || value === 'twice' || value === 'never',
  webhookDelayMs: isDuration,
  webhooksLost: (value) => typeof value === 'boolean',
  webhookJitterMs: isDuration,
  webhookParts: (value) => value === 'present' || value === 'absent',
  webhookVersion: (value) => typeof value === 'string' && /^2\.\d{1,2}$/.test(value),
};

/** Lays given options over the present ones; refuses what is not an option, so that a typo is seen. */
export function withOptions(present: IntercomOptions, given: unknown): IntercomOptions {
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
