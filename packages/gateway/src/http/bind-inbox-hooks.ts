import type { InboxInput } from '@chatferry/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
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
 * once, so nothing here may take long. An unknown path and a wrong signature look alike. Each workspace has a path; where
 * one address serves all accounts of an app, the call names its account, and its signature proves it.
 */
export function bindInboxHooks(app: FastifyInstance, deps: InboxHookDeps): void {
  const { directory } = deps;
  for (const kind of Object.values(deps.inboxKinds)) {
    const takeIn = async (request: FastifyRequest, among: readonly OpenWorkspace[]): Promise<401 | 200> => {
      const call = {
        method: request.method,
        url: `${deps.publicUrl ?? ''}${request.url}`,
        headers: request.headers,
        rawBody: bytesOf(request),
      };
      const nowMs = deps.clock.nowMs();
      const genuine = among.filter((workspace) => kind.verify(call, deps.inputOf(workspace), nowMs));
      for (const workspace of genuine) await deps.takeInInboxEvent(workspace, call.rawBody);
      return genuine.length === 0 ? 401 : 200;
    };

    app.post<{ Params: { path: string } }>(
      `/hooks/${kind.kind}/:path`,
      { bodyLimit: bodyLimitBytes },
      async (request, reply) => {
        const workspace = await directory.workspaceByHookPath(request.params.path);
        const isKnown = workspace?.record.inboxKind === kind.kind;
        return reply.code(await takeIn(request, isKnown ? [workspace] : [])).send();
      },
    );
    app.post(`/hooks/${kind.kind}`, { bodyLimit: bodyLimitBytes }, async (request, reply) => {
      const account = kind.accountOf(bytesOf(request));
      const among = account === null ? [] : await directory.workspacesOfAccount(kind.kind, account);
      return reply.code(await takeIn(request, among)).send();
    });
  }
}

const bytesOf = ({ body }: FastifyRequest): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));
