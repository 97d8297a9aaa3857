import { colourSequences } from './paint.ts';
import type { Terminal } from './terminal.ts';

/**
 * Characters that a terminal obeys or does not show: control characters, marks that change the direction of the text,
 * and characters without width. The second set is of letters and marks that look like nothing.
 */
const unseen = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]/gu;

const escapeUnits = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');

/**
 * Shows what a terminal would obey or hide as `\uXXXX`. In JSON such characters can only be in strings, and there it is
 * the same text.
 */
export const harmless = (text: string): string => text.replaceAll(unseen, escapeUnits);

/** The same for text that was laid out, whose parts are harmless already: our own colours are left in it. */
const harmlessBesidesColours = (text: string): string =>
  text
    .split(colourSequences)
    .map((piece, index) => (index % 2 === 1 ? piece : harmless(piece)))
    .join('');

/** The terminal, which gets only harmless text. Whatever a command shows may contain words of other people. */
export const harmlessTerminal = (terminal: Terminal): Terminal => {
  const clean = terminal.hasColours ? harmlessBesidesColours : harmless;
  return {
    ...terminal,
    print: (text) => terminal.print(clean(text)),
    warn: (text) => terminal.warn(clean(text)),
    ask: (question, options) => terminal.ask(harmless(question), options),
  };
};
