/**
 * What no schema sees: the depth of a JSON value and the characters of its strings and keys, in known and unknown fields alike.
 * Telegram cuts a text at NUL and refuses one that is not Unicode; PostgreSQL stores neither.
 */
import { nestingMax } from '../request-limits.ts';
import type { Path } from './pointer.ts';

export interface Flaw {
  readonly path: Path;
  readonly message: string;
}

const loneSurrogate = /\p{Surrogate}/u;

const isFlawed = (text: string): boolean => text.includes('\0') || loneSurrogate.test(text);

const flawOf = (text: string): string =>
  text.includes('\0')
    ? 'must not contain the character NUL; remove it.'
    : 'must be valid Unicode; it contains half of a surrogate pair.';

/** True when the value has nothing to complain of; the way that every lawful request takes. */
const isSound = (value: unknown, depth: number): boolean => {
  if (typeof value === 'string') return !isFlawed(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > nestingMax) return false;
  if (Array.isArray(value)) {
    for (const entry of value) if (!isSound(entry, depth + 1)) return false;
    return true;
  }
  for (const key in value) {
    if (isFlawed(key) || !isSound((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
};

const listFlaws = (value: unknown, path: Path, flaws: Flaw[]): void => {
  if (typeof value === 'string') {
    if (isFlawed(value)) flaws.push({ path, message: flawOf(value) });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= nestingMax) {
    flaws.push({ path, message: `must not be nested deeper than ${nestingMax} levels.` });
    return;
  }
  for (const [key, entry] of Object.entries(value)) {
    const at = [...path, key];
    if (!Array.isArray(value) && isFlawed(key)) flaws.push({ path: at, message: `as a name ${flawOf(key)}` });
    listFlaws(entry, at, flaws);
  }
};

/** Every flaw of a parsed JSON value; empty for a sound one. */
export const inspectJson = (value: unknown): readonly Flaw[] => {
  const flaws: Flaw[] = [];
  if (!isSound(value, 1)) listFlaws(value, [], flaws);
  return flaws;
};
