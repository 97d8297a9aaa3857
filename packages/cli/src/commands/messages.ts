import type { Message } from '@chatferry/sdk';
import { type Command, command } from '../command.ts';
import { choice, required, text } from '../option.ts';
import { block, page, paragraphs, table, time } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { pagingOptions } from './paging-options.ts';

const shownMax = 60;

/** The beginning of a message's text, on one line; empty where the gateway does not give it. */
const beginningOf = (message: Message): string => {
  const text = 'text' in message && typeof message.text === 'string' ? message.text.replaceAll(/\s+/g, ' ').trim() : '';
  const characters = [...text];
  return characters.length <= shownMax ? text : `${characters.slice(0, shownMax - 1).join('')}…`;
};

const describe = (message: Message): string => {
  const { failure, mirror } = message;
  return paragraphs(
    block({
      message: message.message_id,
      direction: message.direction,
      text: beginningOf(message) || null,
      state: message.state,
      failure: failure === null ? null : `${failure.code} ${failure.name}: ${failure.reason}`,
      channel: message.channel_id,
      chat: message.chat_id,
      'in Telegram': message.channel_message_id,
      request: message.request_id,
      'repeats message': message.resend_of,
      'repeated because': message.resend_note,
      'repeated as': message.resent_as,
      'decided by': message.resolution === null ? null : `${message.resolution.by}: ${message.resolution.note}`,
      created: time(message.created_at),
      updated: time(message.updated_at),
      inbox: mirror.state,
      'inbox conversation': mirror.conversation_id,
      'inbox entry': mirror.entry_id,
      'inbox detail': mirror.detail,
    }),
    message.attempts.length === 0
      ? null
      : table(
          ['ATTEMPT', 'STARTED', 'FINISHED', 'OUTCOME', 'DETAIL'],
          message.attempts.map((attempt) => [
            String(attempt.number),
            time(attempt.started_at),
            time(attempt.finished_at),
            attempt.outcome ?? 'running',
            attempt.detail ?? '',
          ]),
        ),
  );
};

const numberOf = (subject: string, example: string): number => {
  const number = Number(subject);
  if (!/^[1-9][0-9]{0,15}$/.test(subject) || !Number.isSafeInteger(number))
    throw new UsageError(`A message is named by its number; “${subject}” is none.`, example);
  return number;
};

export const messageCommands: readonly Command[] = [
  command({
    name: 'messages list',
    summary: 'List messages in both directions, the newest first.',
    description: 'Those of the channel or workspace of the key.',
    auth: 'key',
    options: {
      channel: text('ID', 'Only those of this channel.'),
      chat: text('CHAT_ID', 'Only those of this Telegram chat.'),
      state: choice(['pending', 'sending', 'sent', 'failed', 'unknown', 'received'], 'Only those in this state.'),
      ...pagingOptions,
    },
    examples: ['messages list --state unknown'],
    async run({ values, connect }) {
      const { channel, chat, state, limit, cursor } = values;
      const found = await (await connect()).listMessages({ channel_id: channel, chat_id: chat, state, limit, cursor });
      const rows = found.data.map((message) => [
        String(message.message_id),
        time(message.created_at),
        message.direction,
        message.state,
        message.chat_id,
        message.mirror.state,
        message.failure?.reason ?? '',
        beginningOf(message),
      ]);
      const lines = {
        headings: ['MESSAGE', 'CREATED', 'DIRECTION', 'STATE', 'CHAT', 'INBOX', 'FAILURE', 'TEXT'],
        rows,
      };
      return { json: found, text: page(lines, found.next_cursor, 'There are no such messages.') };
    },
  }),
  command({
    name: 'messages show',
    summary: 'Show what became of a message: its attempts, and its copy in the inbox.',
    argument: 'message',
    auth: 'key',
    options: {},
    examples: ['messages show 7382914'],
    async run({ subject, connect }) {
      const number = numberOf(subject, 'chatferry messages show 7382914');
      const message = await (await connect()).getMessage({ message_id: number });
      return { json: message, text: describe(message) };
    },
  }),
  command({
    name: 'messages resolve',
    summary: 'Decide what became of an unknown message, after a look into the chat.',
    description: 'Nothing is sent. One that was sent is copied into the inbox then.',
    argument: 'message',
    auth: 'admin',
    options: {
      outcome: required(choice(['sent', 'failed'], 'What became of it.')),
      note: required(text('TEXT', 'How you know; kept with the message.')),
    },
    examples: ['messages resolve 7382914 --outcome sent --note answered'],
    async run({ subject, values, connect }) {
      const number = numberOf(subject, 'chatferry messages resolve 7382914 --outcome sent --note answered');
      const client = await connect();
      const message = await client.resolveMessage({ message_id: number, state: values.outcome, note: values.note });
      return { json: message, text: describe(message) };
    },
  }),
  command({
    name: 'messages resend',
    summary: 'Send a message that failed or is unknown once more, as a new one.',
    description: 'An unknown one may have arrived: the customer may get it twice. A message is repeated at most once.',
    argument: 'message',
    auth: 'admin',
    options: { note: required(text('TEXT', 'Why; kept with the new message.')) },
    examples: ['messages resend 7382914 --note lost'],
    async run({ subject, values, connect }) {
      const number = numberOf(subject, 'chatferry messages resend 7382914 --note lost');
      const message = await (await connect()).resendMessage({ message_id: number, note: values.note });
      return { json: message, text: describe(message) };
    },
  }),
];
