/** How each amendment is named in the record of an attempt. Stored, so that a later process reads it again. */
const ways = {
  'without-formatting': 'sent again without its formatting',
  'without-topic': 'sent again without its topic',
  'without-buttons': 'sent again without its buttons',
  'as-document': 'sent again with its file as a document',
  'without-file': 'sent again without its file',
} as const;

/** What is left out of a message, or done otherwise, because that part of it was refused. Nothing was sent before. */
export type Amendment = keyof typeof ways;

export const amendments = Object.keys(ways) as readonly Amendment[];

/** An amendment that was made, and why: the provider's words, or a sentence of the gateway's. */
export interface Amended {
  readonly amendment: Amendment;
  readonly reason: string;
}

/** The record of an attempt after which the message was amended. */
export const describeAmended = ({ amendment, reason }: Amended): string => `${reason}; ${ways[amendment]}`;

/** The amendment that the record of an attempt names; null if it names none. */
export function readAmended(detail: string | null): Amended | null {
  for (const amendment of amendments) {
    const ending = `; ${ways[amendment]}`;
    if (detail?.endsWith(ending)) return { amendment, reason: detail.slice(0, -ending.length) };
  }
  return null;
}
