import { parseStorable } from '../core/message/storable.ts';
import type { HttpResult } from './http/http-call.ts';

/** A provider's answer as the classifiers read it. */
export type Reply =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Lower-case names. */
      readonly headers: Readonly<Record<string, string>>;
      /** Undefined if the body is empty or no JSON. */
      readonly json: unknown;
    }
  /**
   * The provider was not called. `retryAfterMs` is the rest of a pause: the provider asked for it, or it does not answer
   * (`isDown`).
   */
  | { readonly kind: 'not-written'; readonly detail: string; readonly retryAfterMs?: number; readonly isDown?: true }
  | { readonly kind: 'uncertain'; readonly detail: string }
  /** The provider was not called, because the secret that the call needs was given for another origin. */
  | { readonly kind: 'withheld'; readonly detail: string };

/** Nothing was written: the call may be repeated, after the pause that the provider asked for if there is one. */
export const notAsked = ({ detail, retryAfterMs, isDown }: Extract<Reply, { readonly kind: 'not-written' }>) =>
  retryAfterMs === undefined
    ? ({ kind: 'deferred', retryAfterMs: null, detail, unanswered: true } as const)
    : ({ kind: 'deferred', retryAfterMs, detail, ...(isDown && { isDown }) } as const);

/** Reads a transport's answer; never throws, whatever the bytes. */
export function readReply(answer: HttpResult): Reply {
  if (answer.kind !== 'answered') return answer;
  const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), typeof value === 'string' ? value : value.join(', ')]],
  );
  return {
    kind: 'answered',
    status: answer.status,
    headers: Object.fromEntries(headers),
    json: parseJson(answer.body.toString('utf8')),
  };
}

/** The text parsed as JSON, whose texts are storable; undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return parseStorable(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The value at `path`, or undefined. */
export function valueAt(json: unknown, ...path: readonly (string | number)[]): unknown {
  let value = json;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** The text at `path`; a number counts as its digits; null for anything else and for the empty text. */
export function textAt(json: unknown, ...path: readonly (string | number)[]): string | null {
  const value = valueAt(json, ...path);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The list at `path`; empty if there is none. */
export function listAt(json: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const value = valueAt(json, ...path);
  return Array.isArray(value) ? value : [];
}

const retryWaitMinMs = 1_000;
/** No wait that a provider asks for is longer, so a clock that is wrong cannot make a long one. */
const retryWaitMaxMs = 60_000;

/** The wait that a provider asks for: `Retry-After` in seconds, or `otherwiseMs`. Between 1 and 60 seconds. */
export function retryWaitMs(headers: Readonly<Record<string, string>>, otherwiseMs: number): number {
  const seconds = numberIn(headers, 'retry-after');
  const askedMs = seconds === null ? otherwiseMs : seconds * 1_000;
  return Math.min(Math.max(askedMs, retryWaitMinMs), retryWaitMaxMs);
}

/** The number in a header; null without one. */
export function numberIn(headers: Readonly<Record<string, string>>, name: string): number | null {
  const value = Number(headers[name] ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}
