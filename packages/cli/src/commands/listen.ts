/** Commands that show events as they happen. */
import type { Event } from '@chatferry/sdk';
import { type Call, type Command, defineCommand, type Outcome } from '../command.ts';
import { followEvents, readTarget } from '../follow-events.ts';
import { createForwarder, drawWebhookSecret, type Forwarded } from '../forward-event.ts';
import { secret, text } from '../option.ts';
import { UsageError } from '../usage-error.ts';

const tailOptions = {
  types: text('TYPES', 'Only events of these types, separated by commas.'),
  after: text('ID', 'Begin after this event. Default: what happens from now on.'),
} as const;

const excerptMax = 60;

const excerptOf = (words: string): string => {
  const characters = [...words.replaceAll(/\s+/g, ' ').trim()];
  return characters.length <= excerptMax ? characters.join('') : `${characters.slice(0, excerptMax - 1).join('')}…`;
};

/** What a person wants to know first: the button that was tapped, else the words of the message. */
const detailOf = ({ data }: Event): string | null => {
  if ('tap' in data && typeof data.tap.button === 'string') return `“${excerptOf(data.tap.button)}”`;
  if ('message' in data && typeof data.message.text === 'string') return `“${excerptOf(data.message.text)}”`;
  return null;
};

/** `12:00:01  button.tapped  chat 424242  message 17  “Confirm”` */
const lineOf = (event: Event): string =>
  [
    event.occurred_at.slice(11, 19),
    event.type.padEnd(22),
    'chat_id' in event && event.chat_id ? `chat ${event.chat_id}` : null,
    'message_id' in event && event.message_id ? `message ${event.message_id}` : null,
    detailOf(event),
  ]
    .filter((part) => part !== null)
    .join('  ');

/** One line for each event. With `--output json` it is the event. */
const printEvent = ({ terminal, isJson }: Pick<AnyCall, 'terminal' | 'isJson'>, event: Event): void =>
  terminal.print(`${isJson ? JSON.stringify(event) : lineOf(event)}\n`);

interface Watched {
  readonly types: string | undefined;
  readonly after: string | undefined;
}

type AnyCall = Pick<Call<typeof tailOptions>, 'connect' | 'terminal' | 'notify' | 'isJson' | 'url'>;

const watch = async (call: AnyCall, { types, after }: Watched, onEvent: (event: Event) => void): Promise<void> => {
  // Said once in each outage, however often it is tried again.
  let said: string | null = null;
  const sayLost = (reason: Error): void => {
    if (reason.message === said) return;
    said = reason.message;
    call.notify(`${reason.message} Connecting again; nothing is missed.`);
  };
  const following = followEvents({
    client: await call.connect(),
    types,
    after,
    signal: call.terminal.untilInterrupted(),
    onReady: () => call.notify(`Listening to ${call.url}. Ctrl-C ends it.`),
    onLost: sayLost,
  });
  for await (const event of following) {
    said = null;
    printEvent(call, event);
    onEvent(event);
  }
};

const nothingMore: Outcome = { json: undefined, view: [] };

const tail = async (call: Call<typeof tailOptions>): Promise<Outcome> => {
  await watch(call, call.values, () => undefined);
  return nothingMore;
};

const listenOptions = {
  types: tailOptions.types,
  'forward-to': text('URL', 'Send each event there, as the gateway sends it to a webhook endpoint.'),
  'signing-secret': secret('The whsec_… text that signs what is forwarded. Default: a new one, which is printed.'),
} as const;

const resultOf = (event: Event, result: Forwarded): string =>
  'status' in result
    ? `          ${event.type.padEnd(22)}  -> HTTP ${result.status}`
    : `          ${event.type.padEnd(22)}  -> not delivered: ${result.problem}`;

const readSecret = async ({ values, notify }: Call<typeof listenOptions>): Promise<string> => {
  const given = await values['signing-secret'].given();
  if (given !== undefined) {
    if (!/^whsec_[A-Za-z0-9+/]{24,}={0,2}$/.test(given))
      throw new UsageError('--signing-secret is no whsec_… text of a webhook endpoint.');
    return given;
  }
  const drawn = drawWebhookSecret();
  notify(`What is forwarded is signed with this secret, for this run only:\n\n  ${drawn}\n`);
  return drawn;
};

const listen = async (call: Call<typeof listenOptions>): Promise<Outcome> => {
  const target = call.values['forward-to'];
  if (target === undefined) {
    await watch(call, { types: call.values.types, after: undefined }, () => undefined);
    return nothingMore;
  }
  const forwarding = { url: readTarget(target), secret: await readSecret(call), nowMs: call.nowMs };
  const forwarder = createForwarder(forwarding, (event, result) => call.notify(resultOf(event, result)));
  await watch(call, { types: call.values.types, after: undefined }, forwarder.add);
  await forwarder.idle();
  return nothingMore;
};

export const listenCommands: readonly Command[] = [
  defineCommand({
    name: 'listen',
    operation: 'listEvents',
    summary: 'Show events as they happen, and forward them to a program on this machine.',
    description:
      'Forwarded events look like webhooks of the gateway, signatures included, and arrive in order in each chat. Each is sent once: a real webhook endpoint gets it again until it answers with 2xx.',
    options: listenOptions,
    examples: ['listen', 'listen --forward-to http://localhost:3000/webhooks --types button.tapped,message.received'],
    run: listen,
  }),
  defineCommand({
    name: 'events tail',
    operation: 'listEvents',
    summary: 'Show events as they happen, one line each.',
    description: 'With --output json each line is an event. After a lost connection it continues where it was.',
    options: tailOptions,
    examples: ['events tail', 'events tail --types message.failed,message.unknown --output json'],
    run: tail,
  }),
];
