import { ApiError } from '../operations/api-error.ts';

const utf8 = /^charset\s*=\s*("utf-?8"|utf-?8)$/;

/** JSON by its media type, in UTF-8; a body without a type is read as JSON. */
export function assertJsonType(contentType: string | undefined, contentEncoding: string | undefined): void {
  if (contentType === 'application/json' && contentEncoding === undefined) return;
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  const isJson = type === '' || type === 'application/json' || /^application\/[a-z0-9.-]+\+json$/.test(type);
  const isUtf8 = parameters.every((parameter) => !parameter.startsWith('charset') || utf8.test(parameter));
  const isPlain = contentEncoding === undefined || contentEncoding.trim().toLowerCase() === 'identity';
  if (!isJson || !isUtf8 || !isPlain) throw new ApiError('UNSUPPORTED_MEDIA_TYPE');
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The JSON value of a body; undefined for an empty one. Duplicate names: the last counts. */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    const message = `The request body must be JSON in UTF-8: ${cause instanceof Error ? whereOf(cause) : 'it cannot be read'}.`;
    throw new ApiError('TYPE_MISMATCH', { message, details: [{ pointer: '', message }], cause });
  }
}

/** Where the parser stopped, without what it quotes of the body. */
function whereOf(cause: Error): string {
  if (!(cause instanceof SyntaxError)) return 'it holds bytes that are no UTF-8';
  const [, position] = /at position (\d+)/.exec(cause.message) ?? [];
  return position === undefined ? 'it ends too early or holds no JSON' : `it stops being JSON at byte ${position}`;
}
