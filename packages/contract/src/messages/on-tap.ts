import { z } from 'zod';
import { shortText, whenObject } from '../interactive/fields.ts';

/** Telegram: the text that answers a tap has at most this many characters. https://core.telegram.org/bots/api#answercallbackquery */
export const tapNoticeMax = 200;
/** The maximum of `expires_in_seconds`: 30 days. */
export const tapLifeSecondsMax = 30 * 24 * 3600;

/** What the gateway does when a button with `data` is tapped. */
export const OnTap = z
  .strictObject({
    toast: shortText(tapNoticeMax).optional().meta({ description: 'Shown for a moment at the top of the chat.' }),
    alert: shortText(tapNoticeMax).optional().meta({ description: 'Shown in a window that the customer closes.' }),
    // biome-ignore lint/suspicious/noThenProperty: a field of the API; its value is a string and never a function.
    then: z.enum(['keep', 'mark', 'remove']).optional().meta({
      description: '`keep` the buttons, `mark` the tapped one with a tick, or `remove` all buttons of the message.',
    }),
    once: z.boolean().optional().meta({
      description:
        'Only the first tap counts. Later taps, of any button of the message, get an answer and make no event.',
    }),
    expires_in_seconds: z
      .int()
      .min(1)
      .max(tapLifeSecondsMax)
      .optional()
      .meta({ description: 'After this time a tap gets an answer and makes no event. At most 30 days.' }),
  })
  .refine(({ toast, alert }) => toast === undefined || alert === undefined, {
    when: whenObject,
    error: 'must have a toast or an alert, not both: Telegram shows one of them.',
  })
  .meta({ id: 'OnTap', description: 'What a tap does. Absent fields have the values of the settings of the channel.' });
export type OnTap = z.output<typeof OnTap>;
