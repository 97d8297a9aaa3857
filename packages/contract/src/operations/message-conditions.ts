/** What a list of messages can be narrowed by. */
import { z } from 'zod';
import { Message, messageKinds, messageStates } from '../messages/message.ts';
import { pageOf } from './paging.ts';

export const MessagePage = pageOf(Message).meta({ id: 'MessagePage' });

/** The id of a message in a path. */
export const MessageId = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/, 'must be the id of a message, as the API returned it.')
  .transform(Number)
  .pipe(z.int().min(1));

/** A chat id in a path or a query. */
export const ChatIdText = z.string().regex(/^-?[1-9][0-9]{0,15}$/, 'must be a Telegram chat id.');

const Moment = z.iso.datetime({
  offset: true,
  error: 'must be a time in ISO 8601 with a zone, such as 2026-01-31T12:00:00Z.',
});

/** `name:value`. The name has no colon, so the first colon separates them. */
const MetadataPair = z
  .string()
  .max(600)
  .regex(/^[A-Za-z0-9_.-]{1,40}:/, 'must be a name, a colon and a value, such as order:1234.')
  .meta({ description: 'Only messages with this pair in their metadata: `name:value`.' });

export const messageConditions = {
  state: z.enum(messageStates).optional(),
  direction: z.enum(['outbound', 'inbound']).optional(),
  kind: z.enum(messageKinds).optional(),
  since: Moment.optional().meta({ description: 'Only messages that were created at this time or later.' }),
  until: Moment.optional().meta({ description: 'Only messages that were created before this time.' }),
  request_id: z.uuid().optional().meta({ description: 'Only the message of this request.' }),
  channel_message_id: z
    .string()
    .regex(/^(?:tg-)?[0-9]{1,18}$/, 'must be Telegram’s number of a message, such as tg-2418.')
    .optional()
    .meta({ description: 'Telegram’s number of the message. Only with `chat_id`: Telegram counts for each chat.' }),
  conversation_id: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Only messages in this conversation or thread of the inbox.' }),
  metadata: MetadataPair.optional(),
} as const;
