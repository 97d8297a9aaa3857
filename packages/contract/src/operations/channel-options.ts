import { z } from 'zod';
import { hasAtMost, isVisible, messageTextMax } from '../interactive/text.ts';

/** Telegram: the maximum length of the text that is shown after a tap, in characters. */
export const toastMax = 200;

const visibleText = (max: number) =>
  z
    .string()
    .refine(isVisible, 'must have at least one visible character.')
    .refine((text) => hasAtMost(text, max), `must have at most ${max} characters.`);

const agentNameTemplate = /^(?:off|first_name|full_name|[^{}]*(?:\{(?:first_name|full_name)\}[^{}]*)+)$/;

const AgentName = z
  .string()
  .max(200)
  .regex(
    agentNameTemplate,
    'must be off, first_name, full_name, or a template with {first_name} or {full_name} in it and no other braces.',
  )
  .meta({
    description:
      'The text before an agent’s text in Telegram: off, first_name, full_name (each on its own line), or a template such as "{first_name} from Support:\\n". Nothing is added if the name is not known.',
  });

const toast = visibleText(toastMax)
  .nullable()
  .meta({ description: 'Shown to the customer for a moment when a button is tapped. Null: no text.' });
const afterTap = z.enum(['keep', 'mark', 'remove']).meta({
  description:
    'What happens to the buttons of a message after a tap. `keep`: nothing; `mark`: the tapped button gets a check mark; `remove`: all buttons are removed.',
});
const shorthand = z
  .enum(['on', 'off'])
  .meta({ description: 'Whether agents can write buttons as lines such as [Label -> https://example.com].' });
const typing = z
  .enum(['on', 'off'])
  .meta({ description: 'Whether the customer sees that a file is being sent while the gateway prepares it.' });
const welcome = visibleText(messageTextMax)
  .nullable()
  .meta({ description: 'Sent to a customer who starts the bot. Null: no text.' });

const largeFile = visibleText(messageTextMax).nullable().meta({
  description:
    'Sent to a customer whose file is too large to download, once for each message. {limit} is replaced by the limit, such as 20 MB. Null: no text.',
});

const timeOfDay = (pattern: RegExp) => z.string().regex(pattern, 'must be a time of day as HH:MM.');

const OfficeHours = z
  .strictObject({
    days: z
      .array(z.int().min(1).max(7))
      .min(1)
      .max(7)
      .meta({ description: 'The days on which the hours begin: 1 is Monday, 7 is Sunday.' }),
    from: timeOfDay(/^(?:[01]\d|2[0-3]):[0-5]\d$/),
    to: timeOfDay(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/).meta({
      description: 'The end, not included. A time before `from` is on the next day. 24:00 is the end of the day.',
    }),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'must differ from the beginning.' })
  .meta({ id: 'OfficeHours' });
export type OfficeHours = z.output<typeof OfficeHours>;

const isTimeZone = (name: string): boolean => {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
};

const outOfOfficeFields = {
  time_zone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be the IANA name of a time zone, such as Europe/Berlin.')
    .meta({ description: 'The time zone of the office hours, as an IANA name.' }),
  weekly: z
    .array(OfficeHours)
    .max(50)
    .meta({ description: 'The office hours of a week. An empty list: always out of office.' }),
  text: visibleText(messageTextMax).meta({ description: 'Sent to a customer who writes outside the office hours.' }),
  at_most_every_minutes: z
    .int()
    .min(1)
    .max(10_080)
    .meta({ description: 'The minimum time between two of these texts in one chat. Default: 240.' }),
} as const;

const OutOfOffice = z.strictObject(outOfOfficeFields).meta({ id: 'OutOfOffice' });
export type OutOfOffice = z.output<typeof OutOfOffice>;

/** The behaviour of a channel. Answers contain every option; an option that was never set has its default. */
export const ChannelOptions = z
  .strictObject({
    agent_name: AgentName,
    tap: z.strictObject({ toast, after: afterTap }),
    welcome,
    out_of_office: OutOfOffice.nullable(),
    large_file: largeFile,
    typing,
    shorthand,
  })
  .meta({ id: 'ChannelOptions' });
export type ChannelOptions = z.output<typeof ChannelOptions>;

export const defaultChannelOptions: ChannelOptions = {
  agent_name: 'off',
  tap: { toast: null, after: 'keep' },
  welcome: null,
  out_of_office: null,
  large_file:
    'Your file is too large to be received here: the limit is {limit}. Please send a smaller one, or send it another way.',
  typing: 'on',
  shorthand: 'on',
};

const defaultEveryMinutes = 240;

/** A change of the options. Absent options do not change, also within `tap` and `out_of_office`; null switches an option off. */
export const ChangeChannelOptions = z
  .strictObject({
    agent_name: AgentName.optional(),
    tap: z.strictObject({ toast: toast.optional(), after: afterTap.optional() }).optional(),
    welcome: welcome.optional(),
    out_of_office: z.strictObject(outOfOfficeFields).partial().nullish(),
    large_file: largeFile.optional(),
    typing: typing.optional(),
    shorthand: shorthand.optional(),
  })
  .meta({ id: 'ChangeChannelOptions' });
export type ChangeChannelOptions = z.output<typeof ChangeChannelOptions>;

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

const withoutUndefined = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;

/** The options after a change, or the place of a required field that is still missing. */
export function mergeChannelOptions(
  before: ChannelOptions,
  change: ChangeChannelOptions,
): { readonly options: ChannelOptions } | { readonly missing: readonly ['out_of_office', keyof OutOfOffice] } {
  const { tap, out_of_office, ...others } = change;
  const options = { ...before, ...withoutUndefined(others), tap: { ...before.tap, ...withoutUndefined(tap ?? {}) } };
  if (out_of_office === undefined) return { options };
  if (out_of_office === null) return { options: { ...options, out_of_office: null } };
  const merged = {
    at_most_every_minutes: defaultEveryMinutes,
    ...before.out_of_office,
    ...withoutUndefined(out_of_office),
  };
  const { time_zone, weekly, text, at_most_every_minutes } = merged;
  if (time_zone === undefined) return { missing: ['out_of_office', 'time_zone'] };
  if (weekly === undefined) return { missing: ['out_of_office', 'weekly'] };
  if (text === undefined) return { missing: ['out_of_office', 'text'] };
  return { options: { ...options, out_of_office: { time_zone, weekly, text, at_most_every_minutes } } };
}

/** Reads stored options, perhaps of another version. Options that the other version did not know have their default. */
export function channelOptionsOf(stored: object): ChannelOptions {
  const known = Object.entries(stored).filter(([name]) => Object.hasOwn(defaultChannelOptions, name));
  return { ...defaultChannelOptions, ...Object.fromEntries(known) };
}

/** A part of the text before an agent's text. */
export type AgentNamePart =
  | { readonly kind: 'first-name' }
  | { readonly kind: 'full-name' }
  | { readonly kind: 'text'; readonly text: string };

/** The parts of the text that `agent_name` describes. Empty for `off`. */
export function agentNameParts(option: ChannelOptions['agent_name']): readonly AgentNamePart[] {
  if (option === 'off') return [];
  if (option === 'first_name') return [{ kind: 'first-name' }, { kind: 'text', text: ':\n' }];
  if (option === 'full_name') return [{ kind: 'full-name' }, { kind: 'text', text: ':\n' }];
  return option
    .split(/(\{first_name\}|\{full_name\})/)
    .filter((piece) => piece !== '')
    .map((piece): AgentNamePart => {
      if (piece === '{first_name}') return { kind: 'first-name' };
      return piece === '{full_name}' ? { kind: 'full-name' } : { kind: 'text', text: piece };
    });
}
