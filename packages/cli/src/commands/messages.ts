import type { Message } from '@chatferry/sdk';
import type { Command } from '../command.ts';
import { listCommand, operationCommand } from '../operation-command.ts';
import { choice, required, text } from '../option.ts';
import { UsageError } from '../usage-error.ts';
import { fields, type Row, table, time, type View } from '../view.ts';

const excerptMax = 60;

/** The beginning of a message's text on one line. Empty if the gateway returns no text. */
const excerptOf = (message: Message): string => {
  const text = 'text' in message && typeof message.text === 'string' ? message.text.replaceAll(/\s+/g, ' ').trim() : '';
  const characters = [...text];
  return characters.length <= excerptMax ? text : `${characters.slice(0, excerptMax - 1).join('')}…`;
};

const rowOfMessage = (message: Message): Row => ({
  message: message.id,
  created: time(message.created_at),
  direction: message.direction,
  state: message.state,
  chat: message.chat_id,
  inbox: message.mirror.state,
  failure: message.failure?.detail,
  text: excerptOf(message),
});

const rowOfAttempt = (attempt: Message['attempts'][number]): Row => ({
  attempt: attempt.number,
  started: time(attempt.started_at),
  finished: time(attempt.finished_at),
  outcome: attempt.outcome ?? 'running',
  detail: attempt.detail,
});

const describeMessage = (message: Message): View => {
  const { failure, mirror, resolution } = message;
  return [
    fields({
      message: message.id,
      direction: message.direction,
      text: excerptOf(message) || null,
      state: message.state,
      failure: failure && `${failure.code} ${failure.name}: ${failure.detail}`,
      channel: message.channel_id,
      chat: message.chat_id,
      'in Telegram': message.channel_message_id,
      request: message.request_id,
      'repeats message': message.resend_of,
      'repeated because': message.resend_note,
      'repeated as': message.resent_as,
      'decided by': resolution && `${resolution.by}: ${resolution.note}`,
      created: time(message.created_at),
      updated: time(message.updated_at),
      inbox: mirror.state,
      'inbox conversation': mirror.conversation_id,
      'inbox entry': mirror.entry_id,
      'inbox detail': mirror.detail,
    }),
    message.attempts.length === 0 ? null : table(message.attempts.map(rowOfAttempt)),
  ];
};

const checkMessageNumber = (argument: string): void => {
  if (!/^[1-9][0-9]{0,15}$/.test(argument) || !Number.isSafeInteger(Number(argument)))
    throw new UsageError(
      `A message is identified by a number; “${argument}” is not a number.`,
      'chatferry messages show 7382914',
    );
};

export const messageCommands: readonly Command[] = [
  listCommand({
    name: 'messages list',
    operation: 'listMessages',
    description: "Shows the messages of the key's channel or workspace.",
    options: {
      channel: text('ID', 'Only messages of this channel.'),
      chat: text('CHAT_ID', 'Only messages of this Telegram chat.'),
      state: choice(['pending', 'sending', 'sent', 'failed', 'unknown', 'received'], 'Only messages in this state.'),
    },
    examples: ['messages list --state unknown'],
    show: rowOfMessage,
    empty: 'There are no such messages.',
  }),
  operationCommand({
    name: 'messages show',
    operation: 'getMessage',
    checkArgument: checkMessageNumber,
    view: describeMessage,
  }),
  operationCommand({
    name: 'messages resolve',
    operation: 'resolveMessage',
    description: 'Sends nothing. A message recorded as sent is then copied into the inbox.',
    options: {
      outcome: required(choice(['sent', 'failed'], 'What happened to the message.')),
      note: required(text('TEXT', 'How you know. Stored with the message.')),
    },
    examples: ['messages resolve 7382914 --outcome sent --note answered'],
    checkArgument: checkMessageNumber,
    request: ({ values }) => ({ state: values.outcome, note: values.note }),
    view: describeMessage,
  }),
  operationCommand({
    name: 'messages resend',
    operation: 'resendMessage',
    description:
      'An unknown message may have arrived: then the customer gets it twice. A message can be resent at most once.',
    options: { note: required(text('TEXT', 'Why. Stored with the new message.')) },
    examples: ['messages resend 7382914 --note lost'],
    checkArgument: checkMessageNumber,
    request: ({ values }) => ({ note: values.note }),
    view: describeMessage,
  }),
];
