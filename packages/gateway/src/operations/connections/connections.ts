import type { ConnectInbox, Connection, Handlers } from '@chatferry/contract';
import type { Clock, Random } from '../../ports/clock.ts';
import type { InboxAuthorization } from '../../ports/inbox-authorization.ts';
import type { InboxKindName } from '../../ports/inbox-kind.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ConnectionRecord } from '../../store/connections.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { ApiError, unfit } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { newId } from '../new-id.ts';
import { redirectUrlOf } from '../workspaces/hook-urls.ts';
import { unsealInbox } from '../workspaces/seal-inbox.ts';
import { type ConfiguredApp, resolveApp } from './apps.ts';
import { sealApp } from './seal-app.ts';

/** How long the person who may install apps has for it. */
const lifeMs = 30 * 60_000;
/** Between two looks for somebody who waits for the end. */
const lookEveryMs = 500;

export interface ConnectionDeps {
  readonly store: StoreSlice<{ readonly connections: 'insert' | 'read'; readonly workspaces: 'read' }>;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly authorizations: Readonly<Record<InboxKindName, InboxAuthorization>>;
  /** The app of each kind of inbox that the settings of the gateway name. */
  readonly apps: Readonly<Record<InboxKindName, ConfiguredApp>>;
  /** Where browsers reach this gateway; null where they do not. */
  readonly publicUrl: string | null;
}

type ConnectionHandlers = Pick<Handlers<RequestContext>, 'createConnection' | 'getConnection'>;

export function connectionHandlers(deps: ConnectionDeps): ConnectionHandlers {
  const { store, vault, clock } = deps;

  const show = (record: ConnectionRecord): Connection => {
    const publicUrl = deps.publicUrl ?? '';
    return {
      id: record.id,
      kind: record.inboxKind,
      state: record.state,
      start_url: startUrlOf(publicUrl, record.startPath),
      redirect_url: redirectUrlOf(publicUrl, record.inboxKind),
      scopes: [...deps.authorizations[record.inboxKind].scopes],
      workspace_id: record.workspaceId,
      problem: record.problem,
      created_at: record.createdAt.toISOString(),
      expires_at: record.expiresAt.toISOString(),
    };
  };

  /** The app that is asked for, or that the workspace to be renewed was connected with. */
  const askedFor = (given: ConnectInbox | undefined, workspace: WorkspaceRecord | null): ConnectInbox => {
    if (given !== undefined && workspace !== null && given.kind !== workspace.inboxKind) {
      throw unfit(
        '/inbox/kind',
        `inbox.kind must be ${workspace.inboxKind}, as that of the workspace ${workspace.id}.`,
      );
    }
    const asked =
      given ??
      (workspace === null ? undefined : deps.apps[workspace.inboxKind].kind.appOf(unsealInbox(vault, workspace)));
    if (asked !== undefined) return asked;
    const message = 'You must supply inbox in your request payload, or workspace_id to renew the grant of a workspace.';
    throw new ApiError('ARGUMENT_MISSING', { message, details: [{ pointer: '/inbox', message }] });
  };

  return {
    async createConnection(_context, { body }) {
      if (deps.publicUrl === null) {
        throw unfit(
          '',
          'OAuth sends a browser back to this gateway, which has no public address: start it again with CHATFERRY_PUBLIC_URL set.',
        );
      }
      const workspace = body.workspace_id === undefined ? null : await store.workspaces.read(body.workspace_id);
      if (body.workspace_id !== undefined && workspace === null) {
        throw new ApiError('NOT_FOUND', { message: 'There is no such workspace. GET /api/v1/workspaces lists them.' });
      }
      const asked = askedFor(body.inbox, workspace);
      const app = resolveApp(asked, deps.apps[asked.kind]);
      const id = newId('connection', clock, deps.random);
      const record = await store.connections.insert({
        id,
        workspaceId: workspace?.id ?? null,
        inboxKind: app.kind,
        name: body.name ?? null,
        defaultSender: body.default_sender ?? null,
        app: sealApp(vault, id, app),
        startPath: deps.random.bytes(24).toString('base64url'),
        lifeMs,
      });
      return show(record);
    },

    async getConnection(_context, { params, query }) {
      const untilMs = clock.monotonicMs() + query.wait_seconds * 1_000;
      for (;;) {
        const record = await store.connections.read(params.connection_id);
        if (record === null) {
          throw new ApiError('NOT_FOUND', {
            message: 'There is no such connection, or it expired more than a day ago. Begin a new one.',
          });
        }
        if (record.state !== 'waiting' || clock.monotonicMs() >= untilMs) return show(record);
        await clock.sleep(lookEveryMs);
      }
    },
  };
}

export const startUrlOf = (publicUrl: string, startPath: string): string => `${publicUrl}/connect/start/${startPath}`;
