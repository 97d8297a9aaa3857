import { command } from '../command.ts';
import { flag, text } from '../option.ts';
import { block, paragraphs, problemLine } from '../output.ts';
import { readSend, sendOptions } from './send-options.ts';

export const sendCommand = command({
  name: 'send',
  summary: 'Send an interactive message to a Telegram chat.',
  description:
    'The JSON is the message ({"type": …, "text": …, "reply_markup": …}) or the whole body of the request; options override its fields.',
  auth: 'key',
  options: {
    ...sendOptions,
    strict: flag('Refuse unknown fields instead of leaving them out.'),
    'idempotency-key': text('KEY', 'Repeats a send of which you do not know the outcome, without a second message.'),
  },
  examples: ['send --to 123456789 --file message.json', 'send --to 123456789 < message.json'],
  async run({ values, connect, readText }) {
    const request = readSend(await readText(values.file), values);
    const client = await connect();
    const sent = await client.sendTelegramInteractive(request, {
      strict: values.strict,
      idempotencyKey: values['idempotency-key'],
    });
    const warnings = (sent.warnings ?? []).map(problemLine);
    return {
      json: sent,
      text: paragraphs(
        block({
          sent: 'yes',
          message: sent.message_id,
          'in Telegram': sent.channel_message_id,
          request: sent.request_id,
        }),
        warnings.length === 0 ? null : `Warnings:\n${warnings.join('\n')}`,
        `What becomes of it in the inbox: chatferry messages show ${sent.message_id}`,
      ),
    };
  },
});
