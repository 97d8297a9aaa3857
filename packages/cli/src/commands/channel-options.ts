import type { ChangeChannelOptions, Channel } from '@chatferry/sdk';
import { choice, number, text, type ValuesOf } from '../option.ts';
import { UsageError } from '../usage-error.ts';

type OutOfOffice = NonNullable<Channel['options']['out_of_office']>;
type OfficeHours = OutOfOffice['weekly'][number];

/** The options of `channels update` for the behaviour of a channel. */
export const behaviourOptions = {
  'agent-name': text(
    'off|first_name|full_name|TEMPLATE',
    'Shown before the text of an agent. A template contains {first_name} or {full_name}; \\n starts a new line.',
  ),
  'tap-toast': text('TEXT', 'Shown for a moment when a button is tapped. none: no text.'),
  'after-tap': choice(['keep', 'mark', 'remove'], 'What happens to the buttons of a message after a tap.'),
  welcome: text('TEXT', 'Sent to a customer who starts the bot. none: no text.'),
  'out-of-office': text('TEXT', 'Sent to a customer who writes outside the office hours. none: no text.'),
  'office-hours': text('HOURS', 'Such as “mon-fri 09:00-17:00, sat 10:00-14:00”. none: always closed.'),
  'time-zone': text('ZONE', 'The time zone of the office hours, such as Europe/Berlin.'),
  'out-of-office-every': number(
    'MINUTES',
    'The minimum time between two out-of-office texts in one chat. Default: 240.',
  ),
  'large-file': text(
    'TEXT',
    'Sent to a customer whose file is too large to download. {limit} is replaced by the limit. none: no text.',
  ),
  typing: choice(['on', 'off'], 'Whether the customer sees that a file is being sent.'),
  shorthand: choice(['on', 'off'], 'Whether agents can write buttons as lines such as [Label -> https://…].'),
} as const;

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const hoursExample = '--office-hours "mon-fri 09:00-17:00, sat 10:00-14:00"';

const dayNumber = (name: string | undefined): number =>
  dayNames.findIndex((day) => name?.toLowerCase().startsWith(day)) + 1;

/** Reads `mon-fri 09:00-17:00, sat 10:00-14:00`. A range of days may cross Sunday. */
const parseOfficeHours = (given: string): OfficeHours[] =>
  given
    .split(/[,;]/)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [, first, last, from = '', to = ''] =
        /^\s*([a-z]+)(?:\s*[-–]\s*([a-z]+))?\s+(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)\s*$/i.exec(part) ?? [];
      const begin = dayNumber(first);
      const end = last === undefined ? begin : dayNumber(last);
      if (begin === 0 || end === 0)
        throw new UsageError(`“${part.trim()}” in --office-hours is not valid.`, hoursExample);
      const length = ((end - begin + 7) % 7) + 1;
      return { days: Array.from({ length }, (_, index) => ((begin - 1 + index) % 7) + 1), from, to };
    });

const withLineBreaks = (value: string): string => value.replaceAll('\\n', '\n');
const textOrNull = (value: string): string | null => (value === 'none' ? null : withLineBreaks(value));

const readOutOfOffice = (values: ValuesOf<typeof behaviourOptions>): ChangeChannelOptions['out_of_office'] => {
  const { 'out-of-office': words, 'office-hours': hours, 'time-zone': zone, 'out-of-office-every': every } = values;
  if (words === 'none') return null;
  const change = {
    ...(words === undefined ? {} : { text: withLineBreaks(words) }),
    ...(hours === undefined ? {} : { weekly: hours === 'none' ? [] : parseOfficeHours(hours) }),
    ...(zone === undefined ? {} : { time_zone: zone }),
    ...(every === undefined ? {} : { at_most_every_minutes: every }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
};

/** The change that the options describe. Undefined if none of them was given. */
export const readBehaviourChange = (values: ValuesOf<typeof behaviourOptions>): ChangeChannelOptions | undefined => {
  const { 'tap-toast': toast, 'after-tap': after } = values;
  const tap = {
    ...(toast === undefined ? {} : { toast: textOrNull(toast) }),
    ...(after === undefined ? {} : { after }),
  };
  const outOfOffice = readOutOfOffice(values);
  const change: ChangeChannelOptions = {
    ...(values['agent-name'] === undefined ? {} : { agent_name: withLineBreaks(values['agent-name']) }),
    ...(Object.keys(tap).length === 0 ? {} : { tap }),
    ...(values.welcome === undefined ? {} : { welcome: textOrNull(values.welcome) }),
    ...(outOfOffice === undefined ? {} : { out_of_office: outOfOffice }),
    ...(values['large-file'] === undefined ? {} : { large_file: textOrNull(values['large-file']) }),
    ...(values.typing === undefined ? {} : { typing: values.typing }),
    ...(values.shorthand === undefined ? {} : { shorthand: values.shorthand }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
};

const describeHours = ({ days, from, to }: OfficeHours): string =>
  `${days.map((day) => dayNames[day - 1] ?? day).join(' ')} ${from}-${to}`;

/** The behaviour of a channel as fields of `channels show`. */
export const describeBehaviour = ({
  agent_name,
  tap,
  welcome,
  out_of_office: away,
  large_file: largeFile,
  typing,
  shorthand,
}: Channel['options']) => ({
  'agent name': agent_name,
  'after a tap': tap.toast === null ? tap.after : `${tap.after}, shows “${tap.toast}”`,
  welcome: welcome ?? 'off',
  'out of office': away === null ? 'off' : `${away.text} (at most every ${away.at_most_every_minutes} minutes)`,
  'office hours': away === null ? null : `${away.weekly.map(describeHours).join(', ') || 'none'} (${away.time_zone})`,
  'file too large': largeFile ?? 'off',
  typing,
  shorthand,
});
