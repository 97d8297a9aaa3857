import type { Chat } from '@chatferry/sdk';
import type { Command } from '../command.ts';
import { listCommand, operationCommand } from '../operation-command.ts';
import { text } from '../option.ts';
import { fields, type Row, time } from '../view.ts';

const rowOfChat = (chat: Chat): Row => ({
  chat: chat.id,
  name: chat.title,
  username: chat.username,
  kind: chat.kind,
  channel: chat.channel_id,
  'last seen': time(chat.last_seen_at),
  blocked: chat.blocked_at && time(chat.blocked_at),
});

export const chatCommands: readonly Command[] = [
  listCommand({
    name: 'chats list',
    operation: 'listChats',
    description: "Shows the chats of the key's channel or workspace. The id is what a send needs.",
    options: { channel: text('ID', 'Only chats of this channel.') },
    show: rowOfChat,
    empty: 'There are no chats: a chat begins when a person opens the bot and presses Start.',
  }),
  operationCommand({
    name: 'chats show',
    operation: 'getChat',
    options: { channel: text('ID', 'With a workspace key: the channel of the chat.') },
    request: ({ values }) => ({ channel_id: values.channel }),
    view: (chat) => [
      fields({
        ...rowOfChat(chat),
        language: chat.language,
        'moved to': chat.migrated_to,
        'inbox conversation': chat.conversation_id,
      }),
    ],
  }),
];
