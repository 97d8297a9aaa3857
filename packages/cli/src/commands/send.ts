import type { Message, SendMessage, Sent } from '@chatferry/sdk';
import { type Call, defineCommand, type Outcome } from '../command.ts';
import { choice, flag, list, text } from '../option.ts';
import { UsageError } from '../usage-error.ts';
import { fields, problemList, titled, type View } from '../view.ts';
import { readButton } from './read-button.ts';
import { isInteractiveRequest, readOverrides, readSend, sendOptions } from './send-options.ts';

const showLater = (id: number): string => `To see its copy in the inbox: chatferry messages show ${id}`;

const describeSent = ({ message_id, channel_message_id, request_id, warnings = [] }: Sent): View => [
  fields({ sent: true, message: message_id, 'in Telegram': channel_message_id, request: request_id }),
  warnings.length === 0 ? null : titled('Warnings:', problemList(warnings)),
  showLater(message_id),
];

const describeMessage = ({ id, state, channel_message_id, request_id }: Message): View => [
  fields({ sent: state === 'sent', message: id, state, 'in Telegram': channel_message_id, request: request_id }),
  showLater(id),
];

const ownOptions = {
  ...sendOptions,
  text: text('TEXT', 'The text of the message, in place of a file.'),
  format: choice(['plain', 'html', 'markdown'], 'How the text is written. Default: plain.'),
  buttons: list('LIST', 'Buttons below the text, such as Yes=yes,Help=https://example.com/help.'),
  silent: flag('The app of the customer makes no sound.'),
  strict: flag('Refuse unknown fields instead of ignoring them.'),
  'idempotency-key': text('KEY', 'Repeats a send whose outcome you do not know, without sending a second message.'),
} as const;

type SendCall = Call<typeof ownOptions>;

/** The message of the options, or of the JSON. The gateway checks it and lists every problem. */
const readRequest = async (call: SendCall): Promise<object> => {
  const { values } = call;
  if (values.text === undefined) {
    if (values.buttons !== undefined || values.format !== undefined)
      throw new UsageError('--buttons and --format need --text.', 'chatferry send --to 424242 --text Hello');
    return readSend(call);
  }
  if (values.file !== undefined)
    throw new UsageError('Give either --text or --file.', 'chatferry send --to 424242 --text Hello');
  if (values.to === undefined) throw new UsageError('--to is missing.', 'chatferry send --to 424242 --text Hello');
  const { channel: channel_id, format, buttons } = values;
  const { to, text: words } = values;
  return { to, channel_id, text: words, format, buttons: buttons && [buttons.map(readButton)] };
};

const sendAny = async (call: SendCall): Promise<Outcome> => {
  const { values } = call;
  const body = await readRequest(call);
  const options = { strict: values.strict, idempotencyKey: values['idempotency-key'] };
  const client = await call.connect();
  if (isInteractiveRequest(body)) {
    const sent = await client.request('sendTelegramInteractive', body, options);
    return { json: sent, view: describeSent(sent) };
  }
  const given = { ...body, ...readOverrides(values, 'message'), ...(values.silent ? { silent: true } : {}) };
  // Not checked here: two checks would differ one day.
  const message = await client.request('sendMessage', given as SendMessage, options);
  return { json: message, view: describeMessage(message) };
};

export const sendCommand = defineCommand({
  name: 'send',
  operation: 'sendMessage',
  summary: 'Send a message.',
  description:
    'The message is a text with buttons, or JSON: the body of POST /api/v1/messages, or an interactive message ({"type": …, "text": …, "reply_markup": …}), or the whole body of its request. Options override its fields.',
  options: ownOptions,
  examples: [
    'send --to 123456789 --text Hello',
    'send --to 123456789 --text Hello --buttons Yes=yes,No=no',
    'send --to 123456789 --file message.json',
    'send --to 123456789 < message.json',
  ],
  run: sendAny,
});
