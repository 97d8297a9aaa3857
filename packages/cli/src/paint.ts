import picocolors from 'picocolors';

/** What a text means; the colour follows from it. */
export type Tone = 'heading' | 'label' | 'good' | 'bad' | 'warning' | 'command';

/** Colours a text that contains nothing a terminal obeys. */
export type Paint = (tone: Tone, text: string) => string;

/** No colours: for files, pipes and terminals that cannot show them. */
export const noPaint: Paint = (_, text) => text;

export const colourPaint: Paint = (tone, text) => {
  const { bold, dim, green, red, yellow, cyan } = picocolors.createColors(true);
  const colours = { heading: bold, label: dim, good: green, bad: red, warning: yellow, command: cyan };
  return colours[tone](text);
};

/** The sequences that `colourPaint` writes, and no others: a text of other people cannot hide or move anything with them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal obeys.
export const colourSequences = /(\u001b\[(?:0|1|2|22|31|32|33|36|39)m)/;

const tones: Readonly<Record<string, Tone>> = {
  ...Object.fromEntries(
    ['ok', 'sent', 'received', 'active', 'live', 'alive', 'done', 'connected'].map((word) => [word, 'good' as const]),
  ),
  ...Object.fromEntries(
    ['FAILED', 'failed', 'broken', 'revoked', 'expired', 'dead'].map((word) => [word, 'bad' as const]),
  ),
  ...Object.fromEntries(
    ['unknown', 'waiting', 'disabled', 'retired', 'pending', 'sending'].map((word) => [word, 'warning' as const]),
  ),
};

/** Colours a value that is exactly one of the words that name a state. */
export const paintState = (paint: Paint, value: string): string => {
  const tone = Object.hasOwn(tones, value.trimEnd()) ? tones[value.trimEnd()] : undefined;
  return tone === undefined ? value : paint(tone, value);
};
