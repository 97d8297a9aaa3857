/**
 * Checks that schemas do not do: the depth of a JSON value and the characters of its strings and keys, also in unknown fields.
 * Telegram cuts a text at NUL and refuses invalid Unicode; PostgreSQL can store neither.
 */
import { nestingMax } from '../request-limits.ts';
import type { Path } from './pointer.ts';

export interface Flaw {
  readonly path: Path;
  readonly message: string;
  /** Whether the value goes deeper than may be read: no schema must see it. */
  readonly isTooDeep?: true;
}

const loneSurrogate = /\p{Surrogate}/u;

const isFlawed = (text: string): boolean => text.includes('\0') || loneSurrogate.test(text);

const describeFlaw = (text: string): string =>
  text.includes('\0')
    ? 'must not contain the character NUL; remove it.'
    : 'must be valid Unicode; it contains half of a surrogate pair.';

/** Whether the value has no flaws. Separate from `listFlaws` because almost every request has none, and this is faster. */
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
    if (isFlawed(value)) flaws.push({ path, message: describeFlaw(value) });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= nestingMax) {
    flaws.push({ path, message: `must not be nested deeper than ${nestingMax} levels.`, isTooDeep: true });
    return;
  }
  for (const [key, entry] of Object.entries(value)) {
    const at = [...path, key];
    if (!Array.isArray(value) && isFlawed(key)) flaws.push({ path: at, message: `as a name ${describeFlaw(key)}` });
    listFlaws(entry, at, flaws);
  }
};

/** All flaws of a parsed JSON value. */
export const inspectJson = (value: unknown): readonly Flaw[] => {
  const flaws: Flaw[] = [];
  if (!isSound(value, 1)) listFlaws(value, [], flaws);
  return flaws;
};
