import { parseStorable } from '../../core/message/storable.ts';

/**
 * Values that a provider sent. The keys are checked against Telegram's own types, the values against nothing: code that reads a value
 * must check it.
 */
export type Untrusted<T> = { readonly [K in T extends unknown ? keyof T : never]?: unknown };

/** The value as an object with the keys of T, or null if it is none. */
export function asObject<T>(value: unknown): Untrusted<T> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

export const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const asInteger = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : null;

export const asNumber = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** Telegram: ids are integers of at most 52 bits; outside the adapter they are decimal digits. */
export function asId(value: unknown): string | null {
  const id = asInteger(value);
  return id === null || id === 0 ? null : String(id);
}

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The bytes as JSON, or undefined if they are none. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return parseStorable(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
