import type { SendInteractive } from '@chatferry/sdk';
import type { Call } from '../command.ts';
import { inboxKindEntries } from '../inbox-kinds.ts';
import { type Options, text } from '../option.ts';
import { UsageError } from '../usage-error.ts';

const senderOptions: Readonly<Record<string, ReturnType<typeof text>>> = Object.fromEntries(
  inboxKindEntries.map(([, { displayName, agent, sender }]) => [
    sender.option,
    text('ID', `The ${displayName} ${agent} who appears as the sender.`),
  ]),
);

/** The options of `send` and `validate`. */
export const sendOptions = {
  to: text('CHAT_ID', 'The Telegram chat. Default: destination_user_id of the JSON.'),
  file: text('PATH', 'The message or the whole request as JSON. Default or -: standard input.'),
  channel: text('ID', 'With a workspace key: the channel to send from.'),
  ...senderOptions,
} as const satisfies Options;

const example = 'chatferry send --to 123456789 --file message.json';

const parseMessage = (json: string): object => {
  if (json.trim() === '') throw new UsageError('There is no message: the input is empty.', example);
  const parsed = parseJson(json);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new UsageError('The message must be a JSON object.', example);
  return parsed;
};

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`The message is not JSON: ${error.message}.`, example);
  }
};

/** The fields of the request that options replace. */
const readOverrides = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const fieldsOfOptions = [
    ['to', 'destination_user_id'],
    ['channel', 'channel_id'],
    ...inboxKindEntries.map(([, { sender }]) => [sender.option, sender.field] as const),
  ] as const;
  return Object.fromEntries(
    fieldsOfOptions.flatMap(([option, field]) => (values[option] === undefined ? [] : [[field, values[option]]])),
  );
};

/** The request: the given JSON with the fields that options replace. The gateway checks it and lists every problem. */
export const readSend = async ({
  values,
  readText,
}: Pick<Call<typeof sendOptions>, 'values' | 'readText'>): Promise<SendInteractive> => {
  const parsed = parseMessage(await readText(values.file));
  const isRequest = 'telegram_interactive_message' in parsed || 'destination_user_id' in parsed;
  const request = {
    ...(isRequest ? parsed : { telegram_interactive_message: parsed }),
    ...readOverrides(values),
  };
  // Not checked here: two checks would differ one day.
  return request as SendInteractive;
};
