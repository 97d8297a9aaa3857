import { isIP } from 'node:net';
import type { AttachmentOutcome } from '../../ports/attachment.ts';
import { bytesInAddress } from './data-uri.ts';
import type { HttpStreamAnswer } from './http-call.ts';
import { readWhole } from './read-whole.ts';
import type { Transport } from './transport.ts';

export interface GuardedRequest {
  /** An address that came from outside the gateway. */
  readonly url: string;
  /** Host names that may be fetched from, only by https; each includes all names below it. */
  readonly hosts: readonly string[];
  /** What the path begins with of files that the inbox serves under any host name of its customers, only by https. */
  readonly paths?: readonly string[] | undefined;
  /** The inbox's own origins. They count only where the operator's settings name them too: then any scheme and address is allowed. */
  readonly origins: readonly string[];
  /** Counted while it is read: a larger file is not read to its end. */
  readonly maxBytes: number;
  /** Whether there is room in memory for a file of this size. Asked before the content is read. Yes where it is absent. */
  readonly admit?: ((bytes: number) => boolean) | undefined;
  /** Limits everything together: the lookup, connecting, and the whole answer. */
  readonly limitMs: number;
  /** If no byte comes for this long, the download is given up. */
  readonly idleLimitMs?: number;
}

/**
 * Fetches a file once, or reads it from an address that carries it. Never throws for what a network can do, and no detail
 * quotes the address: it may be signed.
 */
export type GuardedFetch = (request: GuardedRequest) => Promise<AttachmentOutcome>;

/**
 * Fetches what addresses from outside lead to: an attacker may write them. Only the file servers of an inbox are asked, and the
 * transport's egress policy applies to them as to all others.
 */
export function createGuardedFetch(transport: Pick<Transport, 'stream' | 'isConfigured'>): GuardedFetch {
  return async (request) => {
    const carried = bytesInAddress(request.url);
    if (carried !== null) return ofCarried(carried, request.maxBytes);
    const target = targetOf(request, transport);
    if ('refusal' in target) return refused(target.refusal);
    const { limitMs, idleLimitMs } = request;
    const limits = { limitMs, ...(idleLimitMs === undefined ? {} : { idleLimitMs }) };
    // Unpacked, the content would be larger than the bytes that are counted.
    const headers = { 'accept-encoding': 'identity' };
    const answer = await transport.stream({ url: target.url.href, method: 'GET', headers, ...limits });
    if (answer.kind === 'answered') return readAnswer(answer, request);
    const isBarred = answer.kind === 'not-written' && answer.isBarred === true;
    return isBarred ? refused('its address leads into a private network') : unavailable(answer.detail);
  };
}

const ofCarried = (content: Buffer, maxBytes: number): AttachmentOutcome =>
  content.length > maxBytes ? { kind: 'too-large', maxBytes } : { kind: 'ok', content };

const refused = (detail: string): AttachmentOutcome => ({ kind: 'refused', detail });
const unavailable = (detail: string): AttachmentOutcome => ({ kind: 'unavailable', detail });

type Target = { readonly url: URL } | { readonly refusal: string };

function targetOf(
  { url: text, hosts, paths = [], origins }: GuardedRequest,
  { isConfigured }: Pick<Transport, 'isConfigured'>,
): Target {
  if (!URL.canParse(text)) return { refusal: 'its address is no web address' };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return { refusal: 'its address carries a user name' };
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (isWeb && origins.includes(url.origin) && isConfigured(url.origin)) return { url };
  if (url.protocol !== 'https:') return { refusal: 'its address does not begin with https' };
  const isListed = hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
  // A numeric address is not looked up, so the lookup would not check it.
  const isName = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0;
  const isServed = isListed || paths.some((path) => url.pathname.startsWith(path));
  if (!isServed || !isName) return { refusal: 'its address is not one of the inbox’s own file servers' };
  return url.port === '' ? { url } : { refusal: 'its address names a port' };
}

/** A signed address that has expired answers 403 or 404. */
const goneStatuses: ReadonlySet<number> = new Set([401, 403, 404, 410]);

async function readAnswer(
  answer: HttpStreamAnswer,
  { maxBytes, admit = () => true }: GuardedRequest,
): Promise<AttachmentOutcome> {
  const { status, headers, body, stopDetail } = answer;
  const length = Number(headers['content-length'] ?? Number.NaN);
  const isTooLarge = length > maxBytes;
  const found = problemOf(status, headers['content-encoding']);
  const hasRoom = found !== null || isTooLarge || admit(Number.isNaN(length) ? maxBytes : length);
  const problem = hasRoom ? found : unavailable('too many files are on their way at the moment');
  if (problem === null && !isTooLarge) {
    const content = await readWhole(answer, maxBytes).catch(() => 'cut-short' as const);
    if (content === 'cut-short') return unavailable(stopDetail() ?? 'the download was cut short');
    return content === null ? { kind: 'too-large', maxBytes } : { kind: 'ok', content };
  }
  // A body that is discarded emits an error.
  body.on('error', () => undefined).destroy();
  return problem ?? { kind: 'too-large', maxBytes };
}

function problemOf(status: number, encoding: string | readonly string[] | undefined): AttachmentOutcome | null {
  if (status === 200) {
    return encoding === undefined || encoding === 'identity' ? null : refused('the file server sends it compressed');
  }
  if (status >= 300 && status < 400) return refused('its address redirects elsewhere, which is not followed');
  if (goneStatuses.has(status)) return refused(`its address has expired or it was deleted (HTTP ${status})`);
  const isPassing = status >= 500 || status === 408 || status === 425 || status === 429;
  const detail = `the file server answered ${status}`;
  return isPassing ? unavailable(detail) : refused(detail);
}
