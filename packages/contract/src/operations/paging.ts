/** Lists are paged by cursor: `next_cursor` of a page is the `cursor` of the next page, and null on the last page. */
import { z } from 'zod';

export const limitDefault = 50;
export const limitMax = 200;

const limitMessage = `must be a whole number from 1 to ${limitMax}.`;

/** A query parameter is a string; the parsed value is a number. */
const Limit = z
  .string()
  .regex(/^[0-9]{1,9}$/, limitMessage)
  .transform(Number)
  .pipe(z.int().min(1, limitMessage).max(limitMax, limitMessage))
  .default(limitDefault)
  .meta({ description: `The maximum number of entries of a page: 1 to ${limitMax}. Default: ${limitDefault}.` });

export const pageQuery = {
  cursor: z.string().min(1).max(500).optional().meta({ description: '`next_cursor` of the previous page. Opaque.' }),
  limit: Limit,
} as const;

/** A page of a list. */
export const pageOf = <S extends z.ZodType>(entry: S) =>
  z.strictObject({
    data: z.array(entry),
    next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
  });

export { Timestamp } from '../field-schemas.ts';
