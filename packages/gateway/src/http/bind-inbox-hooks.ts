import type { InboxInput } from '@chatferry/contract';
import type { FastifyInstance } from 'fastify';
import type { Directory, OpenWorkspace } from '../engine/directory.ts';
import type { Clock } from '../ports/clock.ts';
import type { InboxKind } from '../ports/inbox.ts';

export interface InboxHookDeps {
  readonly directory: Directory;
  readonly inboxKinds: Readonly<Record<InboxKind['kind'], InboxKind>>;
  /** The workspace's configuration with its secrets: signatures are made with them. */
  readonly inputOf: (workspace: OpenWorkspace) => InboxInput;
  /** The configured address: what a proxy shows is not what was signed. */
  readonly publicUrl: string | null;
  readonly clock: Clock;
  readonly takeInInboxEvent: (workspace: OpenWorkspace, raw: Buffer) => Promise<void>;
}

const bodyLimitBytes = 1024 * 1024;

/**
 * Where the inboxes deliver what agents answer: verify the raw bytes, store, 200 with nothing in it. Intercom sends again only
 * once, so nothing here may take long. An unknown path and a wrong signature look alike.
 */
export function bindInboxHooks(app: FastifyInstance, deps: InboxHookDeps): void {
  for (const kind of Object.values(deps.inboxKinds)) {
    app.post<{ Params: { path: string } }>(
      `/hooks/${kind.kind}/:path`,
      { bodyLimit: bodyLimitBytes },
      async (request, reply) => {
        const workspace = await deps.directory.workspaceByHookPath(request.params.path);
        const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        if (workspace?.record.inboxKind !== kind.kind) return reply.code(401).send();
        const call = {
          method: request.method,
          url: `${deps.publicUrl ?? ''}${request.url}`,
          headers: request.headers,
          rawBody,
        };
        if (!kind.verify(call, deps.inputOf(workspace), deps.clock.nowMs())) return reply.code(401).send();
        await deps.takeInInboxEvent(workspace, rawBody);
        return reply.code(200).send();
      },
    );
  }
}
