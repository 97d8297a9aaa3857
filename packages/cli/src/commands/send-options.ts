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
  to: text('CHAT_ID', 'The Telegram chat. Default: to or destination_user_id of the JSON.'),
  file: text('PATH', 'The message or the whole request as JSON. Default or -: standard input.'),
  channel: text('ID', 'With a workspace key: the channel to send from.'),
  ...senderOptions,
} as const satisfies Options;

const example = 'chatferry send --to 123456789 --text Hello   (or --file message.json)';

const parseMessage = (json: string): object => {
  if (json.trim() === '')
    throw new UsageError(
      'There is no message: the input is empty. Give --text, --file, or JSON on standard input.',
      example,
    );
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

type SendFields = 'interactive' | 'message';

/** The fields of the request that options replace. */
export const readOverrides = (
  values: Readonly<Record<string, unknown>>,
  kind: SendFields,
): Readonly<Record<string, unknown>> => {
  const ofSenders = inboxKindEntries.flatMap(([, { sender }]) =>
    values[sender.option] === undefined ? [] : [[sender.field, values[sender.option]] as const],
  );
  const senders = Object.fromEntries(ofSenders);
  const address = kind === 'message' ? 'to' : 'destination_user_id';
  return {
    ...(values['to'] === undefined ? {} : { [address]: values['to'] }),
    ...(values['channel'] === undefined ? {} : { channel_id: values['channel'] }),
    ...(kind === 'interactive' || ofSenders.length === 0 ? senders : { sender: senders }),
  };
};

/** Whether this is the body of the request that sends an interactive message, rather than a message of any kind. */
export const isInteractiveRequest = (body: object): body is SendInteractive =>
  'telegram_interactive_message' in body || 'destination_user_id' in body;

/**
 * The request: the given JSON with the fields that options replace. An interactive message alone, which has a type, is completed to
 * its request. The gateway checks it and lists every problem.
 */
export const readSend = async ({
  values,
  readText,
}: Pick<Call<typeof sendOptions>, 'values' | 'readText'>): Promise<object> => {
  const parsed = parseMessage(await readText(values.file));
  if (isInteractiveRequest(parsed)) return { ...parsed, ...readOverrides(values, 'interactive') };
  if ('type' in parsed) return { telegram_interactive_message: parsed, ...readOverrides(values, 'interactive') };
  return { ...parsed, ...readOverrides(values, 'message') };
};
