import { type ConnectInbox, type Connection, type Input, testInboxKind } from '@chatferry/contract';
import { type BoundConnectInbox, bindSecrets } from '../../ports/bound-inbox.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { newId } from '../new-id.ts';
import { findWorkspace } from '../workspaces/find-workspace.ts';
import { unsealInbox } from '../workspaces/seal-inbox.ts';
import { resolveApp } from './apps.ts';
import type { ConnectionDeps } from './connection-deps.ts';
import { sealApp } from './seal-app.ts';
import { showConnection } from './show-connection.ts';

/** How long the person who may install apps has to do it. */
const installLifeMs = 30 * 60_000;

/** Begins an install by OAuth. A person finishes it in a browser. */
export async function createConnection(
  deps: ConnectionDeps,
  _context: RequestContext,
  { body }: Input<'createConnection'>,
): Promise<Connection> {
  if (deps.publicUrl === null) {
    throw invalidValue(
      '',
      'OAuth sends a browser back to this gateway, which has no public address: restart it with CHATFERRY_PUBLIC_URL set.',
    );
  }
  const workspace = body.workspace_id === undefined ? null : await findWorkspace(deps, body.workspace_id);
  const chosen = chooseApp(deps, body.inbox, workspace);
  const app = resolveApp(chosen, deps.apps[chosen.kind]);
  const id = newId('connection', deps.clock, deps.random);
  const record = await deps.store.connections.insert({
    id,
    workspaceId: workspace?.id ?? null,
    inboxKind: app.kind,
    name: body.name ?? null,
    defaultSender: body.default_sender ?? null,
    app: sealApp(deps.vault, id, app),
    startPath: deps.random.bytes(24).toString('base64url'),
    lifeMs: installLifeMs,
  });
  return showConnection(deps, record);
}

/** The app that the request names, or the one with which the workspace to renew was connected. */
function chooseApp(
  { vault, apps }: ConnectionDeps,
  given: ConnectInbox | undefined,
  workspace: WorkspaceRecord | null,
): BoundConnectInbox {
  if (given !== undefined && workspace !== null && given.kind !== workspace.inboxKind) {
    throw invalidValue(
      '/inbox/kind',
      `inbox.kind must be ${workspace.inboxKind}, the kind of the workspace ${workspace.id}.`,
    );
  }
  if (given !== undefined) return bindSecrets(given, apps[given.kind].kind.originsOf(given));
  if (workspace?.inboxKind === testInboxKind) {
    throw invalidValue('/workspace_id', 'workspace_id must not name a workspace of test mode, which has no account.');
  }
  if (workspace !== null) return apps[workspace.inboxKind].kind.appOf(unsealInbox(vault, workspace));
  const message = 'You must supply inbox in your request payload, or workspace_id to renew the grant of a workspace.';
  throw new ApiError('ARGUMENT_MISSING', { message, details: [{ pointer: '/inbox', message }] });
}
