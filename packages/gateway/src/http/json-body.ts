import { ApiError } from '../operations/api-error.ts';

const utf8 = /^charset\s*=\s*("utf-?8"|utf-?8)$/;

/** Accepts JSON in UTF-8. A body without a media type is read as JSON. Throws UNSUPPORTED_MEDIA_TYPE. */
export function assertJsonType(contentType: string | undefined, contentEncoding: string | undefined): void {
  if (contentType === 'application/json' && contentEncoding === undefined) return;
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  const isJson = type === '' || type === 'application/json';
  const isUtf8 = parameters.every((parameter) => !parameter.startsWith('charset') || utf8.test(parameter));
  const isPlain = contentEncoding === undefined || contentEncoding.trim().toLowerCase() === 'identity';
  if (!isJson || !isUtf8 || !isPlain) throw new ApiError('UNSUPPORTED_MEDIA_TYPE');
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The JSON value of a body. Undefined for an empty body. Of duplicate names the last one counts. Throws TYPE_MISMATCH. */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    const message = `The request body must be JSON in UTF-8: ${cause instanceof Error ? describeProblem(cause) : 'it cannot be read'}.`;
    throw new ApiError('TYPE_MISMATCH', { message, details: [{ pointer: '', message }], cause });
  }
}

/** Says where the parser stopped. Its own message would quote the body. */
function describeProblem(cause: Error): string {
  if (!(cause instanceof SyntaxError)) return 'it contains bytes that are not UTF-8';
  const [, position] = /at position (\d+)/.exec(cause.message) ?? [];
  return position === undefined ? 'it ends too early or contains no JSON' : `it is not JSON from byte ${position}`;
}
