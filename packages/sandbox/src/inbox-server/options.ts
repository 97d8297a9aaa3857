import { ControlError } from '../control-error.ts';
import { isFields } from './fields.ts';

/** The options that both simulated inboxes have. */
export interface InboxOptions {
  /** Calls in a window of 10 s; null: no limit. */
  readonly rateLimitPer10s: number | null;
  /** How long a new contact is missing from the contact search. */
  readonly searchDelayMs: number;
  /** When the webhook about an API call is sent: before or after that call's answer, twice, or never. */
  readonly echo: 'before' | 'after' | 'twice' | 'never';
  /** From the event to the first delivery. */
  readonly webhookDelayMs: number;
  /** True: webhook calls are lost on their way. They are never made and never repeated. */
  readonly webhooksLost: boolean;
  /** Random extra delay; above zero, deliveries can overtake each other. */
  readonly webhookJitterMs: number;
}

export type OptionChecks<Options> = Readonly<Record<keyof Options, (value: unknown) => boolean>>;

export const isDuration = (value: unknown) => typeof value === 'number' && value >= 0;
export const isFlag = (value: unknown) => typeof value === 'boolean';
export const isCount = (value: unknown) => typeof value === 'number' && Number.isInteger(value) && value > 0;
export const isTexts = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === 'string');
export const isOneOf =
  (...choices: readonly unknown[]) =>
  (value: unknown) =>
    choices.includes(value);

export const inboxOptionChecks: OptionChecks<InboxOptions> = {
  rateLimitPer10s: (value) => value === null || isCount(value),
  searchDelayMs: isDuration,
  echo: isOneOf('before', 'after', 'twice', 'never'),
  webhookDelayMs: isDuration,
  webhooksLost: isFlag,
  webhookJitterMs: isDuration,
};

/** The present options with the given ones over them. Throws a `ControlError` for an unknown name or a wrong value. */
export function applyOptions<Options extends object>(
  checks: OptionChecks<Options>,
  present: Options,
  given: unknown,
): Options {
  if (given === undefined) return present;
  if (!isFields(given)) throw new ControlError(400, 'Give "options" as an object.');
  const known = new Map<string, (value: unknown) => boolean>(Object.entries(checks));
  for (const [name, value] of Object.entries(given)) {
    const accepts = known.get(name);
    if (!accepts)
      throw new ControlError(400, `There is no option ${name}. The options are: ${[...known.keys()].join(', ')}.`);
    if (!accepts(value)) throw new ControlError(400, `Option ${name} cannot be ${JSON.stringify(value)}.`);
  }
  return { ...present, ...given };
}
