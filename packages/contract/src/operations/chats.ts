import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { ChatIdText, MessagePage, messageConditions } from './message-conditions.ts';
import { pageOf, pageQuery, Timestamp } from './paging.ts';

export const ChatResource = z
  .strictObject({
    id: z.string().meta({ description: "Telegram's chat id: `to` of a send.", examples: ['123456789'] }),
    channel_id: idSchema('channel'),
    kind: z.enum(['private', 'group', 'channel']),
    title: z.string().nullable().meta({ description: 'The name of the person, or the title of the group.' }),
    username: z.string().nullable(),
    language: z.string().nullable().meta({ description: 'The language of the app of the person who wrote last.' }),
    last_seen_at: Timestamp.nullable().meta({ description: 'When the customer did something for the last time.' }),
    blocked_at: Timestamp.nullable().meta({
      description: 'Since when the bot is blocked or removed. Null if it is not: messages can be sent.',
    }),
    migrated_to: z.string().nullable().meta({ description: 'The id that Telegram gave to the group instead.' }),
    conversation_id: z.string().nullable().meta({ description: 'The open conversation or thread in the inbox.' }),
  })
  .meta({ id: 'Chat', description: 'A Telegram chat of a channel.' });
export type ChatResource = z.output<typeof ChatResource>;

const channelQuery = idSchema('channel').optional().meta({
  description: 'With a workspace key: the channel of the chat. Optional if the workspace has exactly one channel.',
});

const listChats = operation({
  id: 'listChats',
  method: 'GET',
  path: '/api/v1/chats',
  auth: 'key',
  permission: 'read',
  tag: 'Chats',
  summary: 'List chats.',
  description: "The chats of the key's channel or workspace, ordered by channel and by id.",
  query: z.strictObject({ ...pageQuery, channel_id: idSchema('channel').optional() }),
  responses: { 200: pageOf(ChatResource).meta({ id: 'ChatPage' }) },
  errors: [],
});

const getChat = operation({
  id: 'getChat',
  method: 'GET',
  path: '/api/v1/chats/{chat_id}',
  auth: 'key',
  permission: 'read',
  tag: 'Chats',
  summary: 'Show a chat.',
  description: 'What is known of the person or the group, and whether messages can be sent.',
  params: z.strictObject({ chat_id: ChatIdText }),
  query: z.strictObject({ channel_id: channelQuery }),
  responses: { 200: ChatResource },
  errors: ['NOT_FOUND'],
});

const listChatMessages = operation({
  id: 'listChatMessages',
  method: 'GET',
  path: '/api/v1/chats/{chat_id}/messages',
  auth: 'key',
  permission: 'read',
  tag: 'Chats',
  summary: 'List the messages of a chat, newest first.',
  description: 'The same as the list of messages with the condition `chat_id`.',
  params: z.strictObject({ chat_id: ChatIdText }),
  query: z.strictObject({ ...pageQuery, channel_id: channelQuery, ...messageConditions }),
  responses: { 200: MessagePage },
  errors: ['NOT_FOUND'],
});

export const chatOperations = { listChats, getChat, listChatMessages } as const;
