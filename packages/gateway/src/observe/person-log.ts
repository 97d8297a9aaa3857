/** The log for a person at a terminal: what they wait for, what they can do next, and what is wrong. */
import type { DestinationStream } from 'pino';

type Fields = Readonly<Record<string, unknown>>;

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What is the same in every line, or said at the beginning of it. */
const unlisted = new Set(['level', 'time', 'event', 'next', 'err']);

/** One line for a person: time, level, event, fields, and what to do in a line of its own. */
const describeLine = (fields: Fields): string => {
  const { time, level, event, next, err } = fields;
  const facts = Object.entries(fields)
    .filter(([name, value]) => !unlisted.has(name) && value !== null)
    .map(([name, value]) => ` ${name}=${asText(value)}`);
  const cause = typeof err === 'object' && err !== null && 'message' in err ? `: ${asText(err.message)}` : '';
  const remedy = typeof next === 'string' ? `\n  ${next}` : '';
  return `${String(time).slice(11, 19)} ${asText(level)} ${asText(event)}${cause}${facts.join('')}${remedy}`;
};

const describeOffer = ({ use, claimTokenIn, minutes }: Fields): string =>
  `The first account, within ${asText(minutes)} minutes: ${asText(use)}\n` +
  `  (its token is in ${asText(claimTokenIn)}, which the command reads)`;

const describeReady = ({ address }: Fields, offer: string | null): string => {
  if (address === null) return 'Chatferry is ready, and works without an address of its own.';
  const isUsual = address === 'http://127.0.0.1:8080';
  const steps = [
    ...(isUsual ? [] : [`  export CHATFERRY_URL=${asText(address)}`]),
    '  npx chatferry setup     connects a channel and sends its first message',
    '  npx chatferry --help    lists all commands',
  ];
  return [
    '',
    `Chatferry is ready at ${asText(address)}`,
    '',
    'Next, in another terminal, in this folder:',
    ...steps,
    ...(offer === null ? [] : ['', offer]),
    '',
    'Ctrl-C stops it.',
  ].join('\n');
};

/** What a person is told at the usual level of the log; null for what only a program wants to know. */
const describeEvent = (fields: Fields, offer: string | null): string | null => {
  switch (fields['event']) {
    case 'postgres.ready':
      return fields['created'] === true ? 'A database was made in the data folder.' : null;
    case 'gateway.ready':
      return describeReady(fields, offer);
    case 'gateway.stopping':
      return 'Stopping: messages that are on their way are finished first.';
    default:
      return fields['level'] === 'warn' || fields['level'] === 'error' ? describeLine(fields) : null;
  }
};

/**
 * A destination of the log that prints for a person. `isWhole`: they asked for a level of the log, and get every line of
 * it. The first account is offered once, below the line that says that the gateway is ready.
 */
export function createPersonLog(options: {
  readonly isWhole: boolean;
  readonly write: (text: string) => void;
}): DestinationStream {
  let offer: string | null = null;
  return {
    write(line) {
      const fields = JSON.parse(line) as Fields;
      if (fields['event'] === 'installation.unclaimed') offer = describeOffer(fields);
      const told = describeEvent(fields, offer) ?? (options.isWhole ? describeLine(fields) : null);
      if (told !== null) options.write(`${told}\n`);
    },
  };
}
