/** The body of PATCH /api/v1/messages/{message_id}. */
import { z } from 'zod';
import { TextFormat } from '../formatting/text-format.ts';
import { whenObject } from '../interactive/fields.ts';
import { Buttons } from './button.ts';
import { albumMax, type MediaItem as Item, MediaItem } from './contents.ts';
import { OnTap } from './on-tap.ts';
import { LinkPreview, SourceText } from './send-message.ts';

const changedFields = ['text', 'media', 'buttons', 'on_tap'] as const;

/** Telegram: https://core.telegram.org/bots/api#editmessagemedia */
const cannotReplace: ReadonlySet<Item['kind']> = new Set(['voice', 'sticker']);

export const EditMessage = z
  .strictObject({
    text: SourceText.optional().meta({
      description: 'The new text, or the new caption of a message with media. Absent: it does not change.',
    }),
    media: MediaItem.optional().meta({
      description:
        'The new file of a message with a file, or the file that a text becomes; its words become the caption. Not a voice message or a sticker. In an album a photo or a video can become either; an audio file or a document stays one. The same file again changes nothing. Absent: it does not change.',
    }),
    media_position: z
      .int()
      .min(0)
      .max(albumMax - 1)
      .optional()
      .meta({ description: 'For an album, with `media`: which of its files is replaced, from 0.' }),
    format: TextFormat.optional(),
    link_preview: LinkPreview.optional(),
    buttons: Buttons.nullable().optional().meta({
      description: 'The new buttons. Null removes them. Absent: they do not change.',
    }),
    on_tap: OnTap.optional().meta({ description: 'What a tap does from now on. Absent: it does not change.' }),
  })
  .refine((body) => changedFields.some((field) => body[field] !== undefined), {
    when: whenObject,
    error: `must have at least one of ${changedFields.join(', ')}.`,
  })
  .refine(({ format, link_preview, text }) => text !== undefined || (format ?? link_preview) === undefined, {
    when: whenObject,
    path: ['text'],
    error: 'must be there where format or link_preview is: they belong to it.',
  })
  .refine(({ media }) => media === undefined || !cannotReplace.has(media.kind), {
    when: whenObject,
    path: ['media', 'kind'],
    error: 'must not be voice or sticker: Telegram puts them into no message that was sent. Send a message of its own.',
  })
  .refine(({ media }) => media?.file_id === undefined || media.file_name === undefined, {
    when: whenObject,
    path: ['media', 'file_name'],
    error: 'must be left out with file_id: the file has its name already.',
  })
  .refine(({ media, media_position }) => media_position === undefined || media !== undefined, {
    when: whenObject,
    path: ['media_position'],
    error: 'must be left out without media: it says which file of an album is replaced.',
  })
  .meta({ id: 'EditMessage' });
export type EditMessage = z.output<typeof EditMessage>;
