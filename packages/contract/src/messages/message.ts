/** The message resource: one message in either direction. */
import { z } from 'zod';
import { Timestamp } from '../field-schemas.ts';
import { shownSenderFields } from '../inbox-kinds.ts';
import { Location, mediaKinds } from './contents.ts';
import { MessageFailure } from './failure.ts';
import { Metadata } from './metadata.ts';

export const messageStates = [
  'scheduled',
  'pending',
  'sending',
  'sent',
  'failed',
  'unknown',
  'cancelled',
  'received',
] as const;

/** What a message is. The kinds after `poll` come from customers only. */
export const messageKinds = [
  'text',
  ...mediaKinds,
  'album',
  'location',
  'venue',
  'contact',
  'poll',
  'video_note',
  'tap',
  'started',
  'blocked',
  'unblocked',
  'other',
] as const;
export type MessageKind = (typeof messageKinds)[number];

const Attempt = z
  .strictObject({
    number: z.int().min(1),
    started_at: Timestamp,
    finished_at: Timestamp.nullable(),
    outcome: z
      .enum(['delivered', 'rejected', 'deferred', 'uncertain'])
      .nullable()
      .meta({ description: 'Null while the attempt is running.' }),
    detail: z.string().nullable(),
  })
  .meta({ id: 'Attempt', description: 'One request to Telegram.' });

const Mirror = z
  .strictObject({
    state: z.enum(['pending', 'done', 'dead', 'none']),
    conversation_id: z.string().nullable().meta({ description: 'The conversation or thread in the inbox.' }),
    entry_id: z.string().nullable().meta({ description: 'The conversation part or message in the inbox.' }),
    detail: z.string().nullable(),
  })
  .meta({ id: 'Mirror', description: 'The copy in the inbox. `dead`: copying failed permanently and needs a person.' });

const Resolution = z
  .strictObject({
    state: z.enum(['sent', 'failed']),
    by: z.enum(['admin', 'evidence']).meta({
      description: '`evidence`: the customer tapped a button of the message or quoted it.',
    }),
    note: z.string(),
    at: Timestamp,
  })
  .meta({ id: 'Resolution', description: 'How it was decided whether an `unknown` message was sent.' });

/** A file of a message, in either direction. */
export const MessageFile = z
  .strictObject({
    kind: z.enum([...mediaKinds, 'video_note']),
    file_name: z.string().nullable(),
    media_type: z.string().nullable().meta({ description: 'As declared by the sender. Not to be trusted.' }),
    size_bytes: z.int().nullable(),
    url: z.string().nullable().meta({
      description: 'An address of the gateway that needs no key and ends after an hour. Null for files that you sent.',
    }),
  })
  .meta({ id: 'MessageFile' });

const ShownButton = z
  .strictObject({
    text: z.string(),
    action: z
      .string()
      .meta({ description: 'The field of the button that says what it does, or `text` for a plain key.' }),
    data: z.unknown().optional().meta({ description: 'The data of a button that has data.' }),
    url: z.string().optional(),
  })
  .meta({ id: 'ShownButton' });

/** A tap of a button that the gateway made. */
export const Tap = z
  .strictObject({
    button: z.string().nullable().meta({ description: 'The label. Null if it is not known.' }),
    data: z.unknown().meta({ description: 'The data of the button, unchanged.' }),
    message_id: z.int().nullable().meta({ description: 'The message with the button. Null if it is not known.' }),
  })
  .meta({ id: 'Tap' });

export const SharedContact = z
  .strictObject({
    phone_number: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    is_own: z.boolean().meta({ description: 'Whether Telegram confirms that it is the number of the customer.' }),
  })
  .meta({ id: 'SharedContact' });

export const SharedLocation = Location.extend({
  title: z.string().nullable(),
  address: z.string().nullable(),
  is_live: z.boolean(),
}).meta({ id: 'SharedLocation' });

const ShownPoll = z
  .strictObject({
    question: z.string(),
    options: z.array(z.string()),
    correct_option: z.int().nullable().meta({ description: 'Of a quiz: the position of the right option, from 0.' }),
  })
  .meta({ id: 'ShownPoll' });

const RepliedTo = z
  .strictObject({
    message_id: z.int().nullable(),
    channel_message_id: z.string().nullable(),
    text: z.string().nullable().meta({ description: 'The words that are answered, as far as they are known.' }),
  })
  .meta({ id: 'RepliedTo' });

const ShownSender = z.strictObject(shownSenderFields).meta({
  id: 'ShownSender',
  description: 'The agent who appears as the sender in the inbox.',
});

const Author = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    username: z.string().nullable(),
    language: z.string().nullable(),
  })
  .meta({ id: 'Author', description: 'Who wrote an inbound message.' });

const RecordedTap = z.strictObject({
  at: Timestamp,
  inbound_id: z.int(),
  button: z.string().nullable(),
  data: z.unknown(),
});
const RecordedEdit = z.strictObject({
  at: Timestamp,
  text: z.string().nullable(),
  files: z.array(MessageFile).nullable().meta({ description: 'The new files. Null if they did not change.' }),
});

export const Message = z
  .strictObject({
    id: z.int().meta({ description: "The gateway's number of the message, which `message_id` of a send's answer is." }),
    direction: z.enum(['outbound', 'inbound']),
    origin: z.enum(['api', 'agent', 'automatic', 'customer']).meta({
      description: 'Who wrote it: your backend, an agent, the gateway itself, or the customer.',
    }),
    kind: z.enum(messageKinds),
    state: z
      .enum(messageStates)
      .meta({ description: '`unknown`: it may have been sent; `received`: it came from the customer.' }),
    channel_id: z.string(),
    chat_id: z.string().meta({ description: "Telegram's chat id." }),
    topic_id: z.int().nullable(),
    text: z.string().nullable().meta({ description: 'The whole text or caption. Null if the message has none.' }),
    files: z.array(MessageFile),
    location: SharedLocation.nullable(),
    contact: SharedContact.nullable(),
    poll: ShownPoll.nullable(),
    buttons: z.array(z.array(ShownButton)).nullable().meta({ description: 'The buttons below it, or the keys.' }),
    tap: Tap.nullable().meta({ description: 'What was tapped, in the message of a tap.' }),
    reply_to: RepliedTo.nullable(),
    author: Author.nullable(),
    sender: ShownSender.nullable(),
    metadata: Metadata,
    inbox: z.enum(['record', 'skip']),
    channel_message_id: z.string().nullable().meta({ description: 'Of an album: that of its first file.' }),
    channel_message_ids: z.array(z.string()).meta({
      description: 'All ids in Telegram: an album has one for each file. Empty until it was sent.',
    }),
    request_id: z.string().nullable(),
    created_at: Timestamp,
    updated_at: Timestamp,
    send_at: Timestamp.nullable().meta({ description: 'When a scheduled message is sent.' }),
    edited_at: Timestamp.nullable(),
    deleted_at: Timestamp.nullable(),
    failure: MessageFailure.nullable(),
    resolution: Resolution.nullable(),
    resend_of: z.int().nullable().meta({ description: 'The message that this message repeats.' }),
    resend_note: z.string().nullable().meta({ description: 'Why it was repeated.' }),
    resent_as: z.int().nullable().meta({ description: 'The message that repeats this message.' }),
    attempts: z.array(Attempt),
    edits: z.array(RecordedEdit),
    taps: z.array(RecordedTap),
    mirror: Mirror,
  })
  .meta({ id: 'Message' });
export type Message = z.output<typeof Message>;
