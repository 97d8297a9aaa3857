import { z } from 'zod';
import { IdempotentHeaders } from '../headers.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQuery, Timestamp } from './paging.ts';

export const messageStates = ['pending', 'sending', 'sent', 'failed', 'unknown', 'received'] as const;

const Attempt = z
  .strictObject({
    number: z.int().min(1),
    started_at: Timestamp,
    finished_at: Timestamp.nullable(),
    outcome: z
      .enum(['delivered', 'rejected', 'deferred', 'uncertain'])
      .nullable()
      .meta({ description: 'Null while it runs.' }),
    detail: z.string().nullable(),
  })
  .meta({ id: 'Attempt', description: 'One try on the wire to Telegram.' });

const Mirror = z
  .strictObject({
    state: z.enum(['pending', 'done', 'dead', 'none']),
    conversation_id: z.string().nullable().meta({ description: "The inbox's conversation or thread." }),
    entry_id: z.string().nullable().meta({ description: "The inbox's part or message." }),
    detail: z.string().nullable(),
  })
  .meta({ id: 'Mirror', description: 'The copy in the inbox. `dead`: it needs a person.' });

const Resolution = z
  .strictObject({
    state: z.enum(['sent', 'failed']),
    by: z.enum(['admin', 'evidence']).meta({
      description: '`evidence`: the customer tapped a button of the message or quoted it.',
    }),
    note: z.string(),
    at: Timestamp,
  })
  .meta({ id: 'Resolution', description: 'How it was decided what became of a message that was `unknown`.' });

export const Message = z
  .strictObject({
    message_id: z.int(),
    direction: z.enum(['outbound', 'inbound']),
    state: z
      .enum(messageStates)
      .meta({ description: '`unknown`: it may have been sent; `received`: it came from the customer.' }),
    channel_id: z.string(),
    chat_id: z.string().meta({ description: "Telegram's chat id." }),
    text: z.string().nullable().meta({
      description: 'What it says, the first 200 characters (code points); null where it has no words.',
    }),
    channel_message_id: z.string().nullable(),
    request_id: z.string().nullable(),
    created_at: Timestamp,
    updated_at: Timestamp,
    failure: z.strictObject({ code: z.int(), name: z.string(), reason: z.string() }).nullable(),
    resolution: Resolution.nullable(),
    resend_of: z.int().nullable().meta({ description: 'The message that this one repeats.' }),
    resend_note: z.string().nullable().meta({ description: 'Why it was repeated.' }),
    resent_as: z.int().nullable().meta({ description: 'The message that repeats this one.' }),
    attempts: z.array(Attempt),
    mirror: Mirror,
  })
  .meta({ id: 'Message' });
export type Message = z.output<typeof Message>;

const MessageId = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/, 'must be the message_id that the API returned.')
  .transform(Number)
  .pipe(z.int().min(1));

const getMessage = operation({
  id: 'getMessage',
  method: 'GET',
  path: '/api/v1/messages/{message_id}',
  auth: 'key',
  permission: 'read',
  tag: 'Messages',
  summary: 'Show a message.',
  description:
    'What became of a message: its state, every attempt, and its copy in the inbox. A key sees the messages of its channel or workspace.',
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
  summary: 'List messages, the newest first.',
  description: 'The messages of the channel or workspace of the key.',
  query: z.strictObject({
    ...pageQuery,
    channel_id: idSchema('channel').optional(),
    chat_id: z
      .string()
      .regex(/^-?[1-9][0-9]{0,15}$/, 'must be a Telegram chat id.')
      .optional(),
    state: z.enum(messageStates).optional(),
  }),
  responses: { 200: pageOf(Message).meta({ id: 'MessagePage' }) },
  errors: [],
});

const resolveMessage = operation({
  id: 'resolveMessage',
  method: 'POST',
  path: '/api/v1/messages/{message_id}/resolve',
  auth: 'any',
  permission: 'handle',
  tag: 'Messages',
  summary: 'Decide what became of an unknown message.',
  description:
    'For a person who has looked into the chat: makes a message that is `unknown` `sent`, and then it is copied into the inbox, or `failed`. Nothing is sent. A repeated send with the Idempotency-Key of a failed one is a send anew; with that of a sent one it still answers 154, since the number of the message in Telegram is not known.',
  params: z.strictObject({ message_id: MessageId }),
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      state: z.enum(['sent', 'failed']),
      note: z.string().trim().min(1).max(1000).meta({ description: 'How you know; kept with the message.' }),
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
  path: '/api/v1/messages/{message_id}/resend',
  auth: 'any',
  permission: 'handle',
  tag: 'Messages',
  summary: 'Send a message once more.',
  description:
    'For a message that failed or is `unknown`, by a deliberate decision: an unknown one may have arrived, and the customer may get it twice. Sends a new message, which names the one that it repeats in `resend_of`; that one stays what it is. A message is repeated at most once, whatever is asked how often; the repeat can be repeated in its turn.',
  params: z.strictObject({ message_id: MessageId }),
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      note: z.string().trim().min(1).max(1000).meta({ description: 'Why; kept with the new message.' }),
    })
    .meta({ id: 'ResendMessage' }),
  responses: { 201: Message },
  errors: ['USER_NOT_FOUND', 'TELEGRAM_REJECTED', 'FEATURE_DISABLED', 'NOT_FOUND', 'RATE_LIMITED', 'OUTCOME_UNKNOWN'],
  examples: { unknown: { summary: 'It did not arrive', value: { note: 'The customer says that nothing came.' } } },
});

export const messageOperations = { getMessage, listMessages, resolveMessage, resendMessage } as const;
