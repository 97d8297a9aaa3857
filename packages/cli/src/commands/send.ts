import type { Sent } from '@chatferry/sdk';
import { operationCommand } from '../operation-command.ts';
import { flag, text } from '../option.ts';
import { fields, problemList, titled, type View } from '../view.ts';
import { readSend, sendOptions } from './send-options.ts';

const describeSent = ({ message_id, channel_message_id, request_id, warnings = [] }: Sent): View => [
  fields({ sent: true, message: message_id, 'in Telegram': channel_message_id, request: request_id }),
  warnings.length === 0 ? null : titled('Warnings:', problemList(warnings)),
  `To see its copy in the inbox: chatferry messages show ${message_id}`,
];

export const sendCommand = operationCommand({
  name: 'send',
  operation: 'sendTelegramInteractive',
  description:
    'The JSON is the message ({"type": …, "text": …, "reply_markup": …}) or the whole body of the request. Options override its fields.',
  options: {
    ...sendOptions,
    strict: flag('Refuse unknown fields instead of ignoring them.'),
    'idempotency-key': text('KEY', 'Repeats a send whose outcome you do not know, without sending a second message.'),
  },
  examples: ['send --to 123456789 --file message.json', 'send --to 123456789 < message.json'],
  request: readSend,
  callOptions: (values) => ({ strict: values.strict, idempotencyKey: values['idempotency-key'] }),
  view: describeSent,
});
