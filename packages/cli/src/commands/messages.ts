import type { Arguments, Message, TimelineEntry } from '@chatferry/sdk';
import type { Call, Command } from '../command.ts';
import { listCommand, operationCommand } from '../operation-command.ts';
import { choice, flag, list, required, text } from '../option.ts';
import { UsageError } from '../usage-error.ts';
import { fields, type Row, table, time, type View } from '../view.ts';
import { readButton } from './read-button.ts';

const excerptMax = 60;

/** The beginning of a message's text on one line. Empty if the gateway returns no text. */
const excerptOf = (message: Message): string => {
  const text = 'text' in message && typeof message.text === 'string' ? message.text.replaceAll(/\s+/g, ' ').trim() : '';
  const characters = [...text];
  return characters.length <= excerptMax ? text : `${characters.slice(0, excerptMax - 1).join('')}…`;
};

/** What the message is, where it has no words. */
const describeWordless = ({ kind, files }: Message): string => {
  const names = files.flatMap(({ file_name }) => (file_name === null ? [] : [file_name]));
  return `(${[kind, ...names].join(' ')})`;
};

const rowOfMessage = (message: Message): Row => ({
  message: message.id,
  created: time(message.created_at),
  direction: message.direction,
  state: message.state,
  chat: message.chat_id,
  inbox: message.mirror.state,
  failure: message.failure?.detail,
  text: excerptOf(message) || describeWordless(message),
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
      kind: message.kind,
      text: excerptOf(message) || null,
      files: message.files.map(({ kind, file_name }) => file_name ?? kind).join(', ') || null,
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

/** Each state, so that one that the API gets later does not compile without a place here. */
const states = {
  scheduled: true,
  pending: true,
  sending: true,
  sent: true,
  failed: true,
  unknown: true,
  cancelled: true,
  received: true,
} as const satisfies Record<Message['state'], true>;

const filterOptions = {
  channel: text('ID', 'Only messages of this channel.'),
  chat: text('CHAT_ID', 'Only messages of this Telegram chat.'),
  state: choice(Object.keys(states) as Message['state'][], 'Only messages in this state.'),
  direction: choice(['outbound', 'inbound'], 'Only messages to customers, or from them.'),
  kind: text('KIND', 'Only messages of this kind, such as text, photo or tap.'),
  since: text('TIME', 'Only messages from this time on: ISO 8601 with a zone, such as 2026-01-31T12:00:00Z.'),
  until: text('TIME', 'Only messages before this time.'),
  metadata: text('NAME:VALUE', 'Only messages with this pair in their metadata.'),
  request: text('ID', 'Only the message of this request.'),
  'channel-message': text('ID', 'Only the message that has this number in Telegram. Needs --chat.'),
  conversation: text('ID', 'Only messages in this conversation or thread of the inbox.'),
} as const;

const rowOfEntry = (entry: TimelineEntry): Row => ({
  time: entry.at.replace('T', ' ').replace('Z', ' UTC'),
  kind: entry.kind,
  'what happened': entry.text,
});

const editOptions = {
  text: text('TEXT', 'The new text, or the new caption.'),
  format: choice(['plain', 'html', 'markdown'], 'How the text is written. Default: plain.'),
  buttons: list('LIST', 'The new buttons below it, such as Yes=yes,Help=https://example.com/help.'),
  'no-buttons': flag('Remove the buttons.'),
} as const;

const readEdit = ({ values, argument }: Call<typeof editOptions>): Omit<Arguments<'editMessage'>, 'message_id'> => {
  const example = `chatferry messages edit ${argument} --text "It is here."`;
  if (values.buttons !== undefined && values['no-buttons'])
    throw new UsageError('Give either --buttons or --no-buttons.', example);
  if (values.text === undefined && values.buttons === undefined && !values['no-buttons'])
    throw new UsageError('There is nothing to change.', example);
  const buttons = values['no-buttons'] ? null : values.buttons && [values.buttons.map(readButton)];
  return { text: values.text, format: values.format, buttons };
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
    options: filterOptions,
    examples: ['messages list --state unknown', 'messages list --state failed --since 2026-01-31T00:00:00Z'],
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
    name: 'messages timeline',
    operation: 'getMessageTimeline',
    checkArgument: checkMessageNumber,
    view: ({ data }) => [table(data.map(rowOfEntry))],
  }),
  operationCommand({
    name: 'messages edit',
    operation: 'editMessage',
    options: editOptions,
    examples: ['messages edit 7382914 --text Delivered', 'messages edit 7382914 --no-buttons'],
    checkArgument: checkMessageNumber,
    request: readEdit,
    view: describeMessage,
  }),
  operationCommand({
    name: 'messages delete',
    operation: 'deleteMessage',
    checkArgument: checkMessageNumber,
    confirmation: (id) => `Message ${id} disappears from the chat. If it is scheduled, it is not sent.`,
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
