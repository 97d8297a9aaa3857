import type { AuditEntry, Input, Output } from '@chatferry/contract';
import type { AuditRecord } from '../../store/audit.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { bindHandlers } from '../bind-handlers.ts';
import { type RequestContext, requirePrincipal } from '../context.ts';
import { numberedCursor, numberedPage } from '../numbered-id.ts';

export interface AuditDeps {
  readonly store: StoreSlice<{ readonly audit: 'list' | 'verify' }>;
}

const prefix = 'aud_';

export const auditHandlers = (deps: AuditDeps) => bindHandlers(deps, { listAudit, verifyAudit });

async function listAudit(
  { store }: AuditDeps,
  _context: RequestContext,
  { query }: Input<'listAudit'>,
): Promise<Output<'listAudit'>> {
  const records = await store.audit.list({
    workspaceId: query.workspace_id,
    object: query.object,
    before: numberedCursor(prefix, query.cursor),
    limit: query.limit + 1,
  });
  return numberedPage(records, query.limit, showAuditEntry);
}

/** Checks the hash chain of the log. Throws FORBIDDEN for a caller who sees only a part of the log: the chain covers all of it. */
async function verifyAudit({ store }: AuditDeps, context: RequestContext): Promise<Output<'verifyAudit'>> {
  if (requirePrincipal(context).reach.workspaces !== 'all') {
    const message =
      'The log can be verified only with access to every workspace, because one chain covers them all. Use the administrator token.';
    throw new ApiError('FORBIDDEN', { message });
  }
  const { rows, brokenAt, head } = await store.audit.verify();
  return {
    entries: rows,
    intact: brokenAt === null,
    broken_at: brokenAt === null ? null : `${prefix}${brokenAt}`,
    head,
  };
}

const showAuditEntry = (record: AuditRecord): AuditEntry => ({
  id: `${prefix}${record.id}`,
  at: record.at.toISOString(),
  request_id: record.requestId,
  phase: record.phase,
  actor: { kind: record.actorKind as AuditEntry['actor']['kind'], id: record.actorId },
  address: record.address,
  action: record.action,
  object: record.object,
  workspace_id: record.workspaceId,
  fields: [...record.fields],
  status: record.status,
});
