import { allowedPrivateOriginsEnv } from '../../ports/allowed-private-origins.ts';
import { CutShortError, type OpenFile, type OpenFileOutcome } from '../../ports/open-file.ts';
import type { HttpStreamAnswer } from './http-call.ts';
import type { Transport } from './transport.ts';

/** If no byte comes for this long, the download is given up. */
const idleLimitMs = 10_000;

/**
 * Opens files that callers name by their address. The egress policy applies as to every call: no private address, and no
 * redirect that could lead to one. Nothing of the gateway's is sent with the request.
 */
export function createOpenFile(transport: Pick<Transport, 'stream'>): OpenFile {
  return async (address, limitMs) => {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url === null) return refused('is no web address');
    if (url.username !== '' || url.password !== '') return refused('must not have a user name or a password in it');
    // Unpacked, the content would be larger than the bytes that are counted.
    const headers = { 'accept-encoding': 'identity' };
    const answer = await transport.stream({ url: url.href, method: 'GET', headers, limitMs, idleLimitMs });
    if (answer.kind === 'answered') return readHead(url, answer);
    if (answer.kind === 'not-written' && answer.isBarred === true) return refused(barred);
    if (answer.kind === 'not-written' && answer.isUnknownHost === true)
      return refused('names a host that does not exist');
    return unavailable(`could not be fetched: ${answer.detail}`);
  };
}

const barred = `must begin with https and lead to a public address, unless the operator of the gateway lists its origin in ${allowedPrivateOriginsEnv}`;

const refused = (detail: string): OpenFileOutcome => ({ kind: 'refused', detail });
const unavailable = (detail: string): OpenFileOutcome => ({ kind: 'unavailable', detail });

function readHead(url: URL, answer: HttpStreamAnswer): OpenFileOutcome {
  const problem = problemOf(answer);
  if (problem !== null) {
    // A body that is discarded emits an error.
    answer.body.on('error', () => undefined).destroy();
    return problem;
  }
  const length = Number(answer.headers['content-length'] ?? Number.NaN);
  const type = answer.headers['content-type'];
  const name = lastStep(url.pathname);
  return {
    kind: 'ok',
    file: {
      mediaType: typeof type === 'string' ? (type.split(';', 1)[0]?.trim() ?? null) : null,
      name,
      sizeBytes: Number.isSafeInteger(length) ? length : null,
      content: readBody(answer),
    },
  };
}

function lastStep(path: string): string | null {
  const step = path.slice(path.lastIndexOf('/') + 1);
  if (step === '') return null;
  try {
    return decodeURIComponent(step);
  } catch (cause) {
    if (cause instanceof URIError) return step;
    throw cause;
  }
}

/** Every error of the network while the body is read is that it was cut short. */
async function* readBody({ body, onBytes }: HttpStreamAnswer): AsyncGenerator<Buffer> {
  const pieces = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await pieces.next().catch((cause: unknown) => {
        throw new CutShortError('The content was cut short.', { cause });
      });
      if (next.done === true) return;
      onBytes();
      yield next.value as Buffer;
    }
  } finally {
    body.on('error', () => undefined).destroy();
  }
}

function problemOf({ status, headers }: HttpStreamAnswer): OpenFileOutcome | null {
  const encoding = headers['content-encoding'];
  if (status === 200)
    return encoding === undefined || encoding === 'identity' ? null : refused('is sent compressed by its server');
  if (status >= 300 && status < 400)
    return refused('redirects elsewhere, which is not followed; give the address that it leads to');
  const detail = `is answered with HTTP ${status} by its server`;
  const isPassing = status >= 500 || status === 408 || status === 425 || status === 429;
  return isPassing ? unavailable(detail) : refused(detail);
}
