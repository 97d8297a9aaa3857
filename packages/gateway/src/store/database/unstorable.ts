import pg from 'pg';
import { errorCodeOf } from '../../errors/error-code.ts';

/** PostgreSQL: NUL in a text (22021), and NUL or half of a surrogate pair in JSON (22P05, 22P02). */
const codes = { text: '22021', json: '22P05', jsonSyntax: '22P02' };

/** The refusal of a text with NUL, in the form of PostgreSQL's own: the statement did not run. */
class UnstorableTextError extends Error {
  override readonly name = 'UnstorableTextError';
  readonly code = codes.text;
  readonly severity = 'ERROR';

  constructor() {
    super('A text contains U+0000, which PostgreSQL does not store.');
  }
}

/** Whether an error says that a parameter has a character that PostgreSQL does not store. */
export function isUnstorable(error: unknown): boolean {
  const code = errorCodeOf(error);
  if (code === codes.text || code === codes.json) return true;
  return code === codes.jsonSyntax && error instanceof Error && error.message.includes('type json');
}

const hasNul = (value: unknown): boolean =>
  typeof value === 'string' ? value.includes('\u0000') : Array.isArray(value) && value.some(hasNul);

/**
 * The only client that the gateway's pools use. A text with NUL never reaches PostgreSQL, wherever it comes from. Half of a
 * surrogate pair needs no refusal: the driver writes U+FFFD for it, which is storable and equals no id.
 */
export class StorableClient extends pg.Client {
  // The driver has many forms of this method. All have the statement first, and the parameters in it or second.
  // biome-ignore lint/suspicious/noExplicitAny: an override of all forms at once.
  override query(...args: any[]): any {
    const [statement, parameters] = args;
    const values: unknown = Array.isArray(parameters) ? parameters : statement?.values;
    if (!hasNul(values)) return Reflect.apply(super.query, this, args);
    const error = new UnstorableTextError();
    const callback: unknown = args.at(-1);
    if (typeof callback !== 'function') return Promise.reject(error);
    process.nextTick(callback, error);
    return undefined;
  }
}
