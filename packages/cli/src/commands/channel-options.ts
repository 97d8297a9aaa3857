import type { ChangeChannelOptions, Channel } from '@chatferry/sdk';
import { choice, number, text, type ValuesOf } from '../option.ts';
import { UsageError } from '../usage-error.ts';

type OutOfOffice = NonNullable<Channel['options']['out_of_office']>;
type OfficeHours = OutOfOffice['weekly'][number];

/** How a channel behaves, as options of `channels update`. */
export const behaviourOptions = {
  'agent-name': text(
    'off|first_name|full_name|TEMPLATE',
    'Put before an agent’s text; a template has {first_name} or {full_name} in it, \\n begins a line.',
  ),
  'tap-toast': text('TEXT', 'Shown for a moment when a button is tapped; none for nothing.'),
  'after-tap': choice(['keep', 'mark', 'remove'], 'What becomes of the buttons when one is tapped.'),
  welcome: text('TEXT', 'Sent to a customer who starts the bot; none for nothing.'),
  'out-of-office': text('TEXT', 'Sent to who writes outside the office hours; none switches it off.'),
  'office-hours': text('HOURS', 'As “mon-fri 09:00-17:00, sat 10:00-14:00”; none for always closed.'),
  'time-zone': text('ZONE', 'Of the office hours, such as Europe/Berlin.'),
  'out-of-office-every': number('MINUTES', 'How often a chat gets that text at most; 240 when never set.'),
  'large-file': text(
    'TEXT',
    'Sent to who sends a file that is too large to be fetched, with {limit} for the limit; none for nothing.',
  ),
  typing: choice(['on', 'off'], 'Whether the customer sees that a file is on its way.'),
  shorthand: choice(['on', 'off'], 'Whether agents can write buttons as lines like [Label -> https://…].'),
} as const;

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const hoursExample = '--office-hours "mon-fri 09:00-17:00, sat 10:00-14:00"';

const dayOf = (name: string | undefined): number =>
  dayNames.findIndex((day) => name?.toLowerCase().startsWith(day)) + 1;

/** `mon-fri 09:00-17:00, sat 10:00-14:00`; a range of days may run over Sunday. */
const parseOfficeHours = (given: string): OfficeHours[] =>
  given
    .split(/[,;]/)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [, first, last, from = '', to = ''] =
        /^\s*([a-z]+)(?:\s*[-–]\s*([a-z]+))?\s+(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)\s*$/i.exec(part) ?? [];
      const begin = dayOf(first);
      const end = last === undefined ? begin : dayOf(last);
      if (begin === 0 || end === 0)
        throw new UsageError(`--office-hours does not understand “${part.trim()}”.`, hoursExample);
      const length = ((end - begin + 7) % 7) + 1;
      return { days: Array.from({ length }, (_, index) => ((begin - 1 + index) % 7) + 1), from, to };
    });

const lines = (value: string): string => value.replaceAll('\\n', '\n');
const orNull = (value: string): string | null => (value === 'none' ? null : lines(value));

const outOfOfficeOf = (values: ValuesOf<typeof behaviourOptions>): ChangeChannelOptions['out_of_office'] => {
  const { 'out-of-office': words, 'office-hours': hours, 'time-zone': zone, 'out-of-office-every': every } = values;
  if (words === 'none') return null;
  const change = {
    ...(words === undefined ? {} : { text: lines(words) }),
    ...(hours === undefined ? {} : { weekly: hours === 'none' ? [] : parseOfficeHours(hours) }),
    ...(zone === undefined ? {} : { time_zone: zone }),
    ...(every === undefined ? {} : { at_most_every_minutes: every }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
};

/** The change that was asked for; undefined where none of these options was given. */
export const changeOfOptions = (values: ValuesOf<typeof behaviourOptions>): ChangeChannelOptions | undefined => {
  const { 'tap-toast': toast, 'after-tap': after } = values;
  const tap = {
    ...(toast === undefined ? {} : { toast: orNull(toast) }),
    ...(after === undefined ? {} : { after }),
  };
  const outOfOffice = outOfOfficeOf(values);
  const change: ChangeChannelOptions = {
    ...(values['agent-name'] === undefined ? {} : { agent_name: lines(values['agent-name']) }),
    ...(Object.keys(tap).length === 0 ? {} : { tap }),
    ...(values.welcome === undefined ? {} : { welcome: orNull(values.welcome) }),
    ...(outOfOffice === undefined ? {} : { out_of_office: outOfOffice }),
    ...(values['large-file'] === undefined ? {} : { large_file: orNull(values['large-file']) }),
    ...(values.typing === undefined ? {} : { typing: values.typing }),
    ...(values.shorthand === undefined ? {} : { shorthand: values.shorthand }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
};

const hoursLine = ({ days, from, to }: OfficeHours): string =>
  `${days.map((day) => dayNames[day - 1] ?? day).join(' ')} ${from}-${to}`;

/** The options as lines of `channels show`. */
export const describeOptions = ({
  agent_name,
  tap,
  welcome,
  out_of_office: away,
  large_file: largeFile,
  typing,
  shorthand,
}: Channel['options']) => ({
  'agent’s name': agent_name,
  'after a tap': tap.toast === null ? tap.after : `${tap.after}, says “${tap.toast}”`,
  welcome: welcome ?? 'off',
  'out of office': away === null ? 'off' : `${away.text} (at most every ${away.at_most_every_minutes} minutes)`,
  'office hours': away === null ? null : `${away.weekly.map(hoursLine).join(', ') || 'none'} (${away.time_zone})`,
  'a file too large': largeFile ?? 'off',
  typing,
  shorthand,
});
