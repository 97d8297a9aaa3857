import { z } from 'zod';
import { IdempotentHeaders } from '../headers.ts';
import { idSchema } from '../ids.ts';
import { EditMessage } from '../messages/edit-message.ts';
import { Message } from '../messages/message.ts';
import { operation } from '../operation.ts';
import { ChatIdText, MessageId, MessagePage, messageConditions } from './message-conditions.ts';
import { pageQuery } from './paging.ts';

const getMessage = operation({
  id: 'getMessage',
  method: 'GET',
  path: '/api/v1/messages/{message_id}',
  auth: 'key',
  permission: 'read',
  tag: 'Messages',
  summary: 'Show a message: its state, its attempts, and its copy in the inbox.',
  description: 'A key has access to the messages of its channel or workspace.',
  params: z.strictObject({ message_id: MessageId }),
  responses: { 200: Message },
  errors: ['NOT_FOUND'],
});

const listMessages = operation({
  id: 'listMessages',
  method: 'GET',
  path: '/api/v1/messages',
  auth: 'key',
  permission: 'read',
  tag: 'Messages',
  summary: 'List messages, newest first.',
  description:
    "The messages of the key's channel or workspace, in both directions. Conditions are combined: a message must fulfil all of them. A page may have fewer messages than `limit`, even none, while `next_cursor` is not null: then there may be older ones.",
  query: z.strictObject({
    ...pageQuery,
    channel_id: idSchema('channel').optional(),
    chat_id: ChatIdText.optional(),
    ...messageConditions,
  }),
  responses: { 200: MessagePage },
  errors: [],
});

const resolveMessage = operation({
  id: 'resolveMessage',
  method: 'POST',
  repetition: 'answer',
  path: '/api/v1/messages/{message_id}/resolve',
  auth: 'any',
  permission: 'handle',
  tag: 'Messages',
  summary: 'Record whether an unknown message was sent.',
  description:
    'For a person who has checked the chat: changes an `unknown` message to `sent` or `failed`. Sends nothing. A message that was sent is then copied into the inbox. A later send with the Idempotency-Key of a failed message is a new send. With the key of a sent message it still answers 154, because the number of the message in Telegram is not known.',
  params: z.strictObject({ message_id: MessageId }),
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      state: z.enum(['sent', 'failed']),
      note: z.string().trim().min(1).max(1000).meta({ description: 'How you know. Stored with the message.' }),
    })
    .meta({ id: 'ResolveMessage' }),
  responses: { 200: Message },
  errors: ['NOT_FOUND'],
  examples: {
    sent: { summary: 'It arrived', value: { state: 'sent', note: 'The customer has answered it.' } },
    failed: { summary: 'It did not arrive', value: { state: 'failed', note: 'The chat does not show it.' } },
  },
});

const resendMessage = operation({
  id: 'resendMessage',
  method: 'POST',
  repetition: 'answer',
  path: '/api/v1/messages/{message_id}/resend',
  auth: 'any',
  permission: 'handle',
  tag: 'Messages',
  summary: 'Send a failed or unknown message again, as a new message.',
  description:
    'An `unknown` message may have arrived: then the customer gets it twice. The new message names the repeated message in `resend_of`; the state of the repeated message does not change. A message is repeated at most once, however often this is requested. The new message can be repeated as well.',
  params: z.strictObject({ message_id: MessageId }),
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      note: z.string().trim().min(1).max(1000).meta({ description: 'Why. Stored with the new message.' }),
    })
    .meta({ id: 'ResendMessage' }),
  responses: { 201: Message },
  errors: ['USER_NOT_FOUND', 'TELEGRAM_REJECTED', 'FEATURE_DISABLED', 'NOT_FOUND', 'RATE_LIMITED', 'OUTCOME_UNKNOWN'],
  examples: { unknown: { summary: 'It did not arrive', value: { note: 'The customer says that nothing came.' } } },
});

const editMessage = operation({
  id: 'editMessage',
  method: 'PATCH',
  path: '/api/v1/messages/{message_id}',
  auth: 'key',
  permission: 'send',
  tag: 'Messages',
  summary: 'Edit the text, the caption, the file or the buttons of a message that was sent.',
  description:
    'Waits for the send of the message and for the other sends to its chat. Safe to repeat. The inbox shows the edit beside the message.',
  params: z.strictObject({ message_id: MessageId }),
  body: EditMessage,
  responses: { 200: Message },
  errors: ['EMPTY_BODY', 'TELEGRAM_REJECTED', 'FEATURE_DISABLED', 'NOT_FOUND'],
  examples: {
    text: { summary: 'New words', value: { text: 'Your order has been *delivered*.', format: 'markdown' } },
    media: {
      summary: 'A new file',
      value: {
        media: { kind: 'document', url: 'https://shop.example.com/invoices/1042-b.pdf' },
        text: 'Your corrected invoice',
      },
    },
    buttons: { summary: 'No buttons any more', value: { buttons: null } },
  },
});

const deleteMessage = operation({
  id: 'deleteMessage',
  method: 'DELETE',
  path: '/api/v1/messages/{message_id}',
  auth: 'key',
  permission: 'send',
  tag: 'Messages',
  summary: 'Delete a message in the chat, or cancel one that is scheduled.',
  description:
    'Telegram deletes messages for 48 hours after they were sent. A scheduled message becomes `cancelled` and is not sent. Safe to repeat. The inbox keeps the message and says that it was deleted.',
  params: z.strictObject({ message_id: MessageId }),
  responses: { 200: Message },
  errors: ['TYPE_MISMATCH', 'TELEGRAM_REJECTED', 'FEATURE_DISABLED', 'NOT_FOUND'],
});

export const messageOperations = {
  getMessage,
  listMessages,
  editMessage,
  deleteMessage,
  resolveMessage,
  resendMessage,
} as const;
