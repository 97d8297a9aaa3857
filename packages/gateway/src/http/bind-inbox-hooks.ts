import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../ports/clock.ts';
import type { InboxKind, InboxKindName } from '../ports/inbox-kind.ts';
import type { InboxCall } from '../receive/receive-inbox-call.ts';

export interface InboxHookDeps {
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  /** The configured address. It is the one that was signed, where a proxy shows another one. */
  readonly publicUrl: string | null;
  readonly clock: Clock;
  /** The call is durable when it resolves. Resolves with false for a forged call. */
  readonly receiveInboxCall: (call: InboxCall) => Promise<boolean>;
}

const bodyLimitBytes = 1024 * 1024;

/**
 * The webhooks of the inboxes, which report the agents' replies: verify the raw bytes, store, empty 200. An unknown path and a
 * wrong signature get the same answer. Each workspace has its own path. Where one address serves all accounts of an app, the call
 * names its account, and the signature proves it.
 */
export function bindInboxHooks(app: FastifyInstance, deps: InboxHookDeps): void {
  for (const { kind } of Object.values(deps.inboxKinds)) {
    const receive = async (request: FastifyRequest, hookPath: string | null): Promise<401 | 200> => {
      const isGenuine = await deps.receiveInboxCall({
        kind,
        hookPath,
        method: request.method,
        url: `${deps.publicUrl ?? ''}${request.url}`,
        headers: request.headers,
        rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        receivedAtMs: deps.clock.nowMs(),
      });
      return isGenuine ? 200 : 401;
    };

    app.post<{ Params: { path: string } }>(
      `/hooks/${kind}/:path`,
      { bodyLimit: bodyLimitBytes },
      async (request, reply) => reply.code(await receive(request, request.params.path)).send(),
    );
    app.post(`/hooks/${kind}`, { bodyLimit: bodyLimitBytes }, async (request, reply) =>
      reply.code(await receive(request, null)).send(),
    );
  }
}
