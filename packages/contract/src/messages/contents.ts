/** What a message can show beside text: https://core.telegram.org/bots/api#available-methods. */
import { z } from 'zod';
import { shortText, whenObject } from '../interactive/fields.ts';
import { hasAtMost } from '../interactive/text.ts';

export const mediaKinds = ['photo', 'video', 'animation', 'audio', 'voice', 'document', 'sticker'] as const;
export type SentMediaKind = (typeof mediaKinds)[number];

/** Telegram: an album has 2 to 10 items. https://core.telegram.org/bots/api#sendmediagroup */
export const albumMin = 2;
export const albumMax = 10;
/** Where the bytes of a file come from. An item has exactly one of these. */
export const mediaSources = ['url', 'file', 'file_id'] as const;

export const fileIdPattern = /^fil_[0-9a-z]{1,40}$/;

export const MediaItem = z
  .strictObject({
    kind: z.enum(mediaKinds),
    url: z
      .url({ protocol: /^https?$/, error: 'must be an http or https address.' })
      .max(2000)
      .optional()
      .meta({ description: 'The gateway fetches it. It is never given to Telegram.' }),
    file: z
      .string()
      .regex(fileIdPattern, 'must be the id of an uploaded file: it begins with fil_.')
      .optional()
      .meta({ description: 'The id of a file that was uploaded with `POST /api/v1/files`.' }),
    file_id: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,255}$/, 'must be a file_id as Telegram gave it to this bot.')
      .optional()
      .meta({ description: 'A file that Telegram has: the `file_id` that this bot got for it.' }),
    file_name: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .meta({ description: 'The name that the customer sees. Absent: the name of the file.' }),
  })
  .refine((item) => mediaSources.filter((source) => item[source] !== undefined).length === 1, {
    when: whenObject,
    error: `must have exactly one source: one of ${mediaSources.join(', ')}.`,
  })
  .meta({ id: 'MediaItem', exactlyOneOf: mediaSources });
export type MediaItem = z.output<typeof MediaItem>;

const coordinate = (max: number) => z.number().min(-max).max(max);

export const Location = z
  .strictObject({ latitude: coordinate(90), longitude: coordinate(180) })
  .meta({ id: 'Location' });

export const Venue = z
  .strictObject({
    latitude: coordinate(90),
    longitude: coordinate(180),
    title: shortText(256),
    address: shortText(256),
  })
  .meta({ id: 'Venue', description: 'A place with a name and an address.' });

export const SentContact = z
  .strictObject({
    phone_number: z.string().regex(/^\+?[0-9 ()-]{3,32}$/, 'must be a phone number: digits, with or without a plus.'),
    first_name: shortText(64),
    last_name: shortText(64).optional(),
  })
  .meta({ id: 'SentContact', description: 'A contact card.' });

/** Telegram: https://core.telegram.org/bots/api#sendpoll */
export const pollLimits = { question: 300, option: 100, optionsMin: 2, optionsMax: 12, explanation: 200 } as const;

export const Poll = z
  .strictObject({
    question: shortText(pollLimits.question),
    options: z.array(shortText(pollLimits.option)).min(pollLimits.optionsMin).max(pollLimits.optionsMax),
    is_anonymous: z.boolean().optional().meta({ description: 'Default: true. The answers of others are not shown.' }),
    allows_multiple_answers: z.boolean().optional(),
    correct_option: z.int().min(0).optional().meta({
      description: 'Makes it a quiz: the position of the right option, from 0.',
    }),
    explanation: z
      .string()
      .refine((text) => hasAtMost(text, pollLimits.explanation), {
        error: `must have at most ${pollLimits.explanation} characters.`,
      })
      .optional()
      .meta({ description: 'For a quiz: shown after a wrong answer.' }),
  })
  .refine((poll) => poll.correct_option === undefined || poll.correct_option < poll.options.length, {
    when: whenObject,
    path: ['correct_option'],
    error: 'must be the position of one of the options, from 0.',
  })
  .meta({ id: 'Poll' });
export type Poll = z.output<typeof Poll>;
