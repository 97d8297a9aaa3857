/** Schemas that inline buttons, reply keys and markups have in common. */
import { z } from 'zod';
import { httpsProblem } from './button-url.ts';
import { hasAtMost, isVisible, utf8Length } from './text.ts';

/** Telegram refuses a markup that is larger than about this, in bytes of JSON. */
export const markupBytesMax = 10_240;

/** Lets a check of an object run even if some of its fields are wrong, as long as the value is an object. */
export const whenObject = ({ value }: { readonly value: unknown }): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const whenArray = ({ value }: { readonly value: unknown }): boolean => Array.isArray(value);

const isWithinTotal = (rows: readonly unknown[], totalMax: number): boolean => {
  let total = 0;
  for (const row of rows) if (Array.isArray(row)) total += row.length;
  return total <= totalMax;
};

/**
 * Rows of buttons or keys. The limits are refinements because the `max` of an array stops the validation of its entries: their problems would be missing.
 */
export const gridOf = <C extends z.ZodType>(
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
      error: `must have at most ${totalMax} ${noun}s in total.`,
    })
    .meta({ maxItems: totalMax });

/** A visible text with a maximum length in code points. */
export const shortText = (max: number) =>
  z
    .string()
    .refine((text) => isVisible(text) && hasAtMost(text, max), {
      error: `must have 1 to ${max} characters, not all of them invisible.`,
    })
    .meta({ minLength: 1, maxLength: max });

export const Label = z
  .string()
  .refine(isVisible, { error: 'must have at least one visible character; Telegram removes a button without a label.' })
  .meta({ minLength: 1, description: 'The label. Telegram apps cut long labels.' });

/** Telegram: the placeholder of an input field has at most this many characters. */
export const placeholderMax = 64;

export const Placeholder = shortText(placeholderMax).meta({
  description: `Shown in the empty input field: 1 to ${placeholderMax} characters.`,
});

export const AsksForReply = z
  .boolean()
  .meta({ description: 'Also starts a reply to this message in the customer’s app, as `highlight_reply` does.' });

export const ButtonStyle = z
  .enum(['primary', 'success', 'danger'])
  .meta({ description: 'The colour: blue, green or red.' });

export const CustomEmojiId = z
  .string()
  .regex(/^[0-9]{1,20}$/, 'must be the id of a custom emoji: a string of digits.')
  .meta({
    description:
      'A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner.',
  });

export const HttpsUrl = z
  .string()
  .refine((url) => httpsProblem(url) === undefined, { error: ({ input }) => httpsProblem(String(input)) })
  .meta({ format: 'uri' });

export const WebApp = z
  .strictObject({ url: HttpsUrl })
  .meta({ description: 'Opens a Web App. Only in private chats, only https.' });

/** Whether the markup is small enough for Telegram. */
export const fitsMarkup = (markup: unknown): boolean => {
  const json = JSON.stringify(markup);
  return json.length * 3 <= markupBytesMax || (json.length <= markupBytesMax && utf8Length(json) <= markupBytesMax);
};

/** The parameters of the size check, the same for every markup. */
export const markupSize = {
  when: whenObject,
  error: `must be at most ${markupBytesMax} bytes of JSON in total; shorten the labels and the data of the buttons.`,
};
