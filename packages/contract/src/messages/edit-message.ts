/** The body of PATCH /api/v1/messages/{message_id}. */
import { z } from 'zod';
import { TextFormat } from '../formatting/text-format.ts';
import { whenObject } from '../interactive/fields.ts';
import { Buttons } from './button.ts';
import { OnTap } from './on-tap.ts';
import { LinkPreview, SourceText } from './send-message.ts';

const changedFields = ['text', 'buttons', 'on_tap'] as const;

export const EditMessage = z
  .strictObject({
    text: SourceText.optional().meta({
      description: 'The new text, or the new caption of a message with media. Absent: it does not change.',
    }),
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
  .meta({ id: 'EditMessage' });
export type EditMessage = z.output<typeof EditMessage>;
