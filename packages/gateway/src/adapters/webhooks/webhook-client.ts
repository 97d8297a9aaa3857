import { webhookAnswerBytesMax } from '@chatferry/contract';
import { storableText } from '../../core/message/storable.ts';
import { readRetryAfter } from '../../core/webhooks/judge-attempt.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WebhookClient, WebhookRequest, WebhookResponse } from '../../ports/webhook-client.ts';
import type { HttpHeaders } from '../http/http-call.ts';
import type { Transport } from '../http/transport.ts';

/** Standard Webhooks recommends 15 to 30 seconds. It bounds everything, from the look-up to the end of the answer. */
const limitMs = 15_000;
/** The headers of an answer that are kept, and how long each may be. */
const headersMax = 30;
const headerCharsMax = 500;

export interface WebhookClientParts {
  /** Of its own, so that no endpoint occupies a connection that sends or inboxes need. */
  readonly transport: Pick<Transport, 'call' | 'refusalOf'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** Sends webhooks over the transport: its egress policy applies, and no redirect is followed. */
export const createWebhookClient = (parts: WebhookClientParts): WebhookClient => ({
  post: (request) => postWebhook(parts, request),
  refusalOf: (url) => parts.transport.refusalOf(url),
});

async function postWebhook(
  { transport, clock }: WebhookClientParts,
  { url, headers, body }: WebhookRequest,
): Promise<WebhookResponse> {
  const result = await transport.call({
    url,
    method: 'POST',
    headers: { ...headers, 'accept-encoding': 'identity' },
    body: Buffer.from(body),
    limitMs,
    keepBytes: webhookAnswerBytesMax,
  });
  if (result.kind !== 'answered') return { outcome: { kind: 'unanswered', detail: result.detail }, answer: null };
  const { status } = result;
  const known = namedHeaders(result.headers);
  return {
    outcome: { kind: 'answered', status, retryAfterMs: readRetryAfter(known['retry-after'], clock.nowMs()) },
    answer: { status, headers: known, body: asText(result.body) },
  };
}

/** One text for each name, shortened. An endpoint may send what it likes. */
function namedHeaders(headers: HttpHeaders): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.slice(0, 100), storableText([value].flat().join(', ')).slice(0, headerCharsMax)]],
  );
  return Object.fromEntries(entries.slice(0, headersMax));
}

/** A body may end in the middle of a character, or be no text. */
const asText = (body: Buffer): string => storableText(body.subarray(0, webhookAnswerBytesMax).toString('utf8'));
