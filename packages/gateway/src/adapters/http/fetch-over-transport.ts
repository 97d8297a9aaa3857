import type { HttpHeaders } from './http-call.ts';
import type { Transport } from './transport.ts';

/** What a library gives to the `fetch` that it is told to use. */
interface FetchOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
}

export type FetchOverTransport = (url: string, options: FetchOptions) => Promise<Response>;

/** Answers with these statuses have no body. `Response` refuses one, also an empty one. */
const bodyless: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A `fetch` for libraries, over the transport: the egress policy applies, and redirects are not followed. It rejects with what went
 * wrong, without the address. Bodies are texts or forms.
 *
 * @param limitMs bounds each call.
 */
export const createFetch =
  (transport: Pick<Transport, 'call'>, limitMs: number): FetchOverTransport =>
  async (url, { method, headers, body, signal }) => {
    const answer = await transport.call({
      url,
      method: methodOf(method),
      // The transport does not unpack answers.
      headers: { ...headers, 'accept-encoding': 'identity' },
      limitMs,
      ...(body === undefined || body === null ? {} : { body: bytesOf(body) }),
      ...(signal ? { signal } : {}),
    });
    if (answer.kind !== 'answered') throw new Error(answer.detail);
    const { status } = answer;
    return new Response(bodyless.has(status) ? null : answer.body, { status, headers: listOf(answer.headers) });
  };

function methodOf(method: string): 'GET' | 'POST' {
  if (method === 'GET' || method === 'POST') return method;
  throw new Error(`a library asked for the method ${method}, which is not expected of it`);
}

function bytesOf(body: unknown): Buffer {
  if (typeof body === 'string' || body instanceof URLSearchParams) return Buffer.from(body.toString());
  throw new Error('a library gave a body that is neither a text nor a form');
}

const listOf = (headers: HttpHeaders): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : (value ?? [])).map((one): [string, string] => [name, one]),
  );
