import type { Connection } from '@chatferry/contract';
import type { ConnectionRecord } from '../../store/connections.ts';
import { redirectUrlOf } from '../workspaces/hook-urls.ts';
import type { ConnectionDeps } from './connection-deps.ts';

export function showConnection({ publicUrl, authorizations }: ConnectionDeps, record: ConnectionRecord): Connection {
  const origin = publicUrl ?? '';
  return {
    id: record.id,
    kind: record.inboxKind,
    state: record.state,
    start_url: `${origin}/connect/start/${record.startPath}`,
    redirect_url: redirectUrlOf(origin, record.inboxKind),
    scopes: [...authorizations[record.inboxKind].scopes],
    workspace_id: record.workspaceId,
    problem: record.problem,
    created_at: record.createdAt.toISOString(),
    expires_at: record.expiresAt.toISOString(),
  };
}
