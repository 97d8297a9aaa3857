import { startWebhookBackend } from '@chatferry/testkit/http/webhook-backend';
import { Webhook } from 'standardwebhooks';
import type { WebhookArrival } from '../judge/records.ts';

/** The backends of all workspaces. They live outside the gateway, so that they outlive each of its deaths. */
export interface Receiver {
  readonly url: string;
  readonly arrivals: readonly WebhookArrival[];
  /** The workspaces with an endpoint. */
  readonly listening: readonly string[];
  /** The path of a workspace's backend. */
  pathOf(workspaceId: string): string;
  /** Says with which secret the webhooks of a workspace must be signed. Each one that came before is wrong. */
  expect(workspaceId: string, secret: string): void;
  /** Lets the next webhook arrive and does not answer it. Resolves when it has arrived. */
  hangOnce(): Promise<void>;
  close(): Promise<void>;
}

const folder = '/of/';

export async function startReceiver(): Promise<Receiver> {
  const arrivals: WebhookArrival[] = [];
  const secrets = new Map<string, string>();
  let hang: (() => void) | null = null;
  const backend = await startWebhookBackend();
  backend.answer(({ path, headers, text, event }, response) => {
    const workspaceId = path.slice(folder.length);
    const secret = secrets.get(workspaceId);
    arrivals.push({
      workspaceId,
      eventId: event.id,
      type: event.type,
      messageId: event.message_id ?? null,
      problem: problemOf({ headers, text, id: event.id, secret }),
    });
    if (hang === null) return void response.writeHead(204).end();
    hang();
    hang = null;
  });
  return {
    url: backend.url,
    arrivals,
    get listening() {
      return [...secrets.keys()];
    },
    pathOf: (workspaceId) => folder + workspaceId,
    expect: (workspaceId, secret) => void secrets.set(workspaceId, secret),
    hangOnce: () =>
      new Promise((resolve) => {
        hang = resolve;
      }),
    close: backend.close,
  };
}

interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly id: string;
  readonly secret: string | undefined;
}

function problemOf({ headers, text, id, secret }: Received): string | null {
  if (secret === undefined) return 'its workspace has no endpoint';
  if (headers['webhook-id'] !== id) return `its header names ${headers['webhook-id']}`;
  try {
    new Webhook(secret).verify(text, headers);
    return null;
  } catch (cause) {
    return String(cause);
  }
}
