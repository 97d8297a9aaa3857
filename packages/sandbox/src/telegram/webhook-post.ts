import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { WebhookSettings } from './webhook-settings.ts';

export interface PostAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly reason: string;
  /** 0 when the answer has no `Retry-After`. */
  readonly retryAfterS: number;
  readonly contentType: string;
  readonly body: Buffer;
}

export type PostOutcome = PostAnswer | { readonly kind: 'error'; readonly message: string };

/** The connections of one webhook. `send` never rejects. */
export interface Post {
  send(body: string, limit: AbortSignal): Promise<PostOutcome>;
  close(): void;
}

export function createPost(settings: WebhookSettings): Post {
  const url = new URL(/^https?:\/\//i.test(settings.url) ? settings.url : `https://${settings.url}`);
  const isHttps = url.protocol === 'https:';
  const agentOptions = { keepAlive: true, maxSockets: settings.maxConnections };
  const agent = isHttps
    ? new HttpsAgent({ ...agentOptions, ...(settings.certificate ? { ca: settings.certificate } : {}) })
    : new HttpAgent(agentOptions);
  const send = isHttps ? httpsRequest : httpRequest;
  const headers = {
    'Content-Type': 'application/json',
    'Accept-Encoding': 'gzip, deflate',
    ...(settings.secretToken === '' ? {} : { 'X-Telegram-Bot-Api-Secret-Token': settings.secretToken }),
  };
  return {
    send: (body, limit) =>
      new Promise((resolve) => {
        const outgoing = send(
          url,
          { method: 'POST', agent, headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } },
          (answer) => {
            readAnswer(answer, resolve);
          },
        );
        const stop = () => outgoing.destroy();
        limit.addEventListener('abort', stop, { once: true });
        outgoing.on('close', () => limit.removeEventListener('abort', stop));
        outgoing.on('error', (error: NodeJS.ErrnoException) => {
          resolve({ kind: 'error', message: limit.aborted ? 'Read timeout expired' : errorMessage(error) });
        });
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}

function readAnswer(answer: IncomingMessage, resolve: (outcome: PostOutcome) => void): void {
  const parts: Buffer[] = [];
  answer.on('data', (part: Buffer) => parts.push(part));
  answer.on('error', () => resolve({ kind: 'error', message: 'Webhook connection closed' }));
  answer.on('end', () =>
    resolve({
      kind: 'answer',
      status: answer.statusCode ?? 0,
      reason: answer.statusMessage ?? '',
      retryAfterS: Number(/^\d+$/.exec(answer.headers['retry-after'] ?? '')?.[0] ?? 0),
      contentType: answer.headers['content-type'] ?? '',
      body: Buffer.concat(parts),
    }),
  );
}

/** Telegram's words for the usual failures, as `last_error_message` shows them. */
function errorMessage(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'Connection refused';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'Webhook connection closed';
    case 'ETIMEDOUT':
      return 'Connection timed out';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'Failed to resolve host: Name or service not known';
    default:
      return error.code?.startsWith('ERR_TLS') || error.message.includes('certificate')
        ? 'SSL error {error:0A000086:SSL routines::certificate verify failed}'
        : `Can't connect to the webhook: ${error.message}`;
  }
}
