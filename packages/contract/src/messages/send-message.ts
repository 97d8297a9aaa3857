/** The body of POST /api/v1/messages. */
import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { senderFields } from '../inbox-kinds.ts';
import { AsksForReply, Placeholder, whenObject } from '../interactive/fields.ts';
import { ReplyKeyboardMarkup } from '../interactive/reply-keyboard.ts';
import { DestinationUserId } from '../interactive/send.ts';
import { hasMeaning, messageTextMax } from '../interactive/text.ts';
import { Buttons } from './button.ts';
import { albumMax, albumMin, Location, MediaItem, Poll, SentContact, Venue } from './contents.ts';
import { Metadata } from './metadata.ts';
import { OnTap } from './on-tap.ts';
import { TextFormat } from './text-format.ts';

/** What a message can be. A message has at most one of these; without one it is its text. */
export const contentFields = ['media', 'location', 'venue', 'contact', 'poll'] as const;
/** What can be below a message, or in place of the customer's keyboard. A message has at most one of these. */
export const markupFields = ['buttons', 'keyboard', 'remove_keyboard', 'force_reply'] as const;
/** The contents with a caption. */
const captionedFields: readonly string[] = ['media'];

/** How far ahead a message can be scheduled, in days. */
export const scheduleDaysMax = 30;

const countOf = (fields: readonly string[], value: Readonly<Record<string, unknown>>): number =>
  fields.filter((field) => value[field] !== undefined && value[field] !== false).length;

/** The length of formatted text counts as the customer sees it; the parse of the formatting checks it. Here: the most that can become so few. */
export const sourceTextMax = 16 * messageTextMax;

export const SourceText = z
  .string()
  .refine(hasMeaning, {
    params: { code: 2 },
    error: 'must not be empty: supply a text with at least one visible character.',
  })
  .max(sourceTextMax)
  .meta({
    minLength: 1,
    description: `1 to ${messageTextMax} Unicode code points as the customer sees them; with media it is the caption, of at most 1024.`,
  });

export const ForceReply = z
  .strictObject({ placeholder: Placeholder.optional(), selective: z.boolean().optional() })
  .meta({ id: 'MessageForceReply', description: 'Starts a reply to the message in the customer’s app.' });

const RemoveKeyboard = z.strictObject({ selective: z.boolean().optional() }).meta({ id: 'MessageKeyboardRemoval' });

const Keyboard = z
  .strictObject({
    keys: ReplyKeyboardMarkup.shape.keyboard,
    resize: z.boolean().optional(),
    one_time: z.boolean().optional(),
    persistent: z.boolean().optional(),
    placeholder: Placeholder.optional(),
    selective: z.boolean().optional(),
    force_reply: AsksForReply.optional(),
  })
  .meta({ id: 'MessageKeyboard', description: "Keys in place of the customer's keyboard." });

export const Media = z
  .union(
    [
      MediaItem,
      z
        .array(MediaItem)
        .min(albumMin, `must have ${albumMin} to ${albumMax} items.`)
        .max(albumMax, `must have ${albumMin} to ${albumMax} items.`),
    ],
    { error: `must be one item, or a list of ${albumMin} to ${albumMax} items.` },
  )
  .meta({ description: `One file, or ${albumMin} to ${albumMax} as an album. \`text\` is the caption.` });

export const ReplyTo = z
  .strictObject({
    message_id: z.int().min(1).meta({ description: 'The `id` of a message in the same chat, in either direction.' }),
    quote: z
      .string()
      .min(1)
      .max(1024)
      .optional()
      .meta({ description: 'The part of its text that is quoted, exactly.' }),
  })
  .meta({ id: 'ReplyTo' });

export const LinkPreview = z
  .strictObject({
    disabled: z.boolean().optional(),
    url: z
      .string()
      .min(1)
      .max(2000)
      .optional()
      .meta({ description: 'The link that is previewed. Absent: the first one.' }),
    prefer_large: z.boolean().optional(),
    above_text: z.boolean().optional(),
  })
  .meta({ id: 'LinkPreview' });

/** The agent who appears as the sender in the inbox. */
export const Sender = z.strictObject(senderFields).meta({ id: 'Sender' });

const fields = {
  to: DestinationUserId,
  channel_id: idSchema('channel').optional().meta({
    description: 'With a workspace key: the channel to send from. Optional if the workspace has exactly one channel.',
  }),
  text: SourceText.optional(),
  format: TextFormat.optional(),
  media: Media.optional(),
  location: Location.optional(),
  venue: Venue.optional(),
  contact: SentContact.optional(),
  poll: Poll.optional(),
  buttons: Buttons.optional(),
  keyboard: Keyboard.optional(),
  remove_keyboard: z
    .union([z.literal(true), RemoveKeyboard], { error: 'must be true, or an object with selective.' })
    .optional()
    .meta({ description: 'Removes the custom keyboard.' }),
  force_reply: z
    .union([z.literal(true), ForceReply], { error: 'must be true, or an object with placeholder and selective.' })
    .optional(),
  on_tap: OnTap.optional(),
  reply_to: ReplyTo.optional(),
  silent: z.boolean().optional().meta({ description: 'The customer’s app makes no sound.' }),
  protect: z.boolean().optional().meta({ description: 'The customer cannot forward or save it.' }),
  link_preview: LinkPreview.optional(),
  topic_id: z.int().min(1).optional().meta({ description: 'The topic of a group with topics.' }),
  effect_id: z
    .string()
    .regex(/^[0-9]{1,20}$/, 'must be the id of a message effect: a string of digits.')
    .optional()
    .meta({ description: 'An animation that is shown once. Only in private chats.' }),
  sender: Sender.optional(),
  send_at: z.iso
    .datetime({ offset: true, error: 'must be a time in ISO 8601 with a zone, such as 2026-01-31T12:00:00Z.' })
    .optional()
    .meta({ description: `When it is sent: up to ${scheduleDaysMax} days ahead. Absent: now.` }),
  metadata: Metadata.optional(),
  inbox: z.enum(['record', 'skip']).optional().meta({
    description: '`record` (default) shows the message in the inbox; `skip` does not.',
  }),
} as const;

type Fields = { readonly [F in keyof typeof fields]?: unknown };

const oneContent = (body: Fields) => countOf(contentFields, body) <= 1;
const oneMarkup = (body: Fields) => countOf(markupFields, body) <= 1;
const hasContent = (body: Fields) => body.text !== undefined || countOf(contentFields, body) > 0;
const textFits = (body: Fields) =>
  body.text === undefined || countOf(contentFields, body) === countOf(captionedFields, body);
const formatHasText = (body: Fields) => body.format === undefined || body.text !== undefined;

export const SendMessage = z
  .strictObject(fields)
  .refine(hasContent, {
    when: whenObject,
    path: ['text'],
    params: { code: 1 },
    error: `You must supply text in your request payload, or one of ${contentFields.join(', ')}.`,
  })
  .refine(oneContent, {
    when: whenObject,
    error: `Supply at most one of ${contentFields.join(', ')}: a message shows one of them.`,
  })
  .refine(oneMarkup, {
    when: whenObject,
    error: `Supply at most one of ${markupFields.join(', ')}: Telegram takes one of them.`,
  })
  .refine(textFits, {
    when: whenObject,
    path: ['text'],
    error:
      'cannot be combined with location, venue, contact or poll, which have no caption. Send the text as a message of its own.',
  })
  .refine(formatHasText, { when: whenObject, path: ['format'], error: 'must be left out where there is no text.' })
  .meta({ id: 'SendMessage' });

/** A valid body of POST /api/v1/messages: ids are strings, unknown fields are removed. */
export type SendMessage = z.output<typeof SendMessage>;
export type SendMessageInput = z.input<typeof SendMessage>;
