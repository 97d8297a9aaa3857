/** What inline buttons, reply keys and markups have in common. */
import { z } from 'zod';
import { httpsProblem } from './button-url.ts';
import { hasAtMost, isVisible, utf8Length } from './text.ts';

/** Telegram: a markup whose data is larger than about this is refused. Counted in bytes of JSON. */
export const markupBytesMax = 10_240;

/** True for a value that the fields of an object can be read from; the condition of checks that run beside failed fields. */
export const whenObject = ({ value }: { readonly value: unknown }): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const whenArray = ({ value }: { readonly value: unknown }): boolean => Array.isArray(value);

const isWithinTotal = (rows: readonly unknown[], totalMax: number): boolean => {
  let total = 0;
  for (const row of rows) if (Array.isArray(row)) total += row.length;
  return total <= totalMax;
};

/**
 * Rows of buttons or keys. The limits are checks of ours because an array's own `max` stops reading the entries, and then their problems are not listed.
 */
export const rowsOf = <C extends z.ZodType>(
  cell: C,
  { noun, rowMax, totalMax }: { readonly noun: string; readonly rowMax: number; readonly totalMax: number },
) =>
  z
    .array(
      z
        .array(cell)
        .min(1, `must have at least one ${noun}.`)
        .refine((row) => row.length <= rowMax, {
          when: whenArray,
          error: `must have at most ${rowMax} ${noun}s in a row.`,
        })
        .meta({ maxItems: rowMax }),
    )
    .min(1, `must have at least one ${noun}.`)
    .refine((rows) => isWithinTotal(rows, totalMax), {
      when: whenArray,
      error: `must have at most ${totalMax} ${noun}s in all.`,
    })
    .meta({ maxItems: totalMax });

/** A text with a maximum in code points. */
export const shortText = (max: number) =>
  z
    .string()
    .refine((text) => isVisible(text) && hasAtMost(text, max), {
      error: `must have 1 to ${max} characters, not all of them invisible.`,
    })
    .meta({ minLength: 1, maxLength: max });

export const Label = z
  .string()
  .refine(isVisible, { error: 'must have at least one visible character; Telegram drops a button without a label.' })
  .meta({ minLength: 1, description: 'The label. Apps clip long ones.' });

/** Telegram: the placeholder of an input field has at most this many characters. */
export const placeholderMax = 64;

export const Placeholder = shortText(placeholderMax).meta({
  description: `Shown in the empty input field: 1 to ${placeholderMax} characters.`,
});

export const ButtonStyle = z
  .enum(['primary', 'success', 'danger'])
  .meta({ description: 'The colour: blue, green or red.' });

export const CustomEmojiId = z
  .string()
  .regex(/^[0-9]{1,20}$/, 'must be the id of a custom emoji: a string of digits.')
  .meta({
    description:
      'A custom emoji before the label. Telegram allows it to bots with a bought user name or a Premium owner.',
  });

export const HttpsUrl = z
  .string()
  .refine((url) => httpsProblem(url) === undefined, { error: ({ input }) => httpsProblem(String(input)) })
  .meta({ format: 'uri' });

export const WebApp = z
  .strictObject({ url: HttpsUrl })
  .meta({ description: 'Opens a Web App. Private chats only; https only.' });

/** True while the markup fits into what Telegram takes. */
export const fitsMarkup = (markup: unknown): boolean => {
  const json = JSON.stringify(markup);
  return json.length * 3 <= markupBytesMax || (json.length <= markupBytesMax && utf8Length(json) <= markupBytesMax);
};

/** The parameters of the size check, one text for every markup. */
export const markupSize = {
  when: whenObject,
  error: `must be at most ${markupBytesMax} bytes of JSON in all; shorten the labels and the data of the buttons.`,
};
