import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../ports/clock.ts';
import type { InboxKind, InboxKindName } from '../ports/inbox-kind.ts';
import type { InboxCall } from '../receive/receive-inbox-call.ts';

export interface InboxHookDeps {
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  /** The configured address: what a proxy shows is not what was signed. */
  readonly publicUrl: string | null;
  readonly clock: Clock;
  /** Durable when it resolves; false where the call is not genuine. */
  readonly takeInInboxCall: (call: InboxCall) => Promise<boolean>;
}

const bodyLimitBytes = 1024 * 1024;

/**
 * Where the inboxes deliver what agents answer: verify the raw bytes, store, 200 with nothing in it. An unknown path and a
 * wrong signature look alike. Each workspace has a path; where one address serves all accounts of an app, the call names its
 * account, and its signature proves it.
 */
export function bindInboxHooks(app: FastifyInstance, deps: InboxHookDeps): void {
  for (const { kind } of Object.values(deps.inboxKinds)) {
    const take = async (request: FastifyRequest, hookPath: string | null): Promise<401 | 200> => {
      const isGenuine = await deps.takeInInboxCall({
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
      async (request, reply) => reply.code(await take(request, request.params.path)).send(),
    );
    app.post(`/hooks/${kind}`, { bodyLimit: bodyLimitBytes }, async (request, reply) =>
      reply.code(await take(request, null)).send(),
    );
  }
}
