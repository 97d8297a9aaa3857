import { z } from 'zod';

export const metadataPairsMax = 20;
const keyMax = 40;
const valueMax = 500;

/** The caller's own words about a message. */
export const Metadata = z
  .record(z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/), z.string().max(valueMax))
  .refine((pairs) => Object.keys(pairs).length <= metadataPairsMax, {
    error: `must have at most ${metadataPairsMax} pairs.`,
  })
  .meta({
    id: 'Metadata',
    description: `Up to ${metadataPairsMax} pairs of strings: a name of up to ${keyMax} letters, digits, dots, dashes and underscores, and a value of up to ${valueMax} characters. Part of every event of the message; never sent to Telegram or the inbox.`,
  });
export type Metadata = z.output<typeof Metadata>;
