import type { AuditEntry, Input, Output } from '@chatferry/contract';
import type { AuditRecord } from '../../store/audit.ts';
import type { AuditHead } from '../../store/audit-chain.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { FoundHead } from '../../store/verify-audit.ts';
import { ApiError } from '../api-error.ts';
import { bindHandlers } from '../bind-handlers.ts';
import { type RequestContext, requirePrincipal } from '../context.ts';
import { numberedCursor, numberedPage } from '../numbered-id.ts';

export interface AuditDeps {
  readonly store: StoreSlice<{ readonly audit: 'list' | 'verify' | 'canChange' }>;
  /** The heads that this process has recorded outside of the database. */
  readonly recordedHeads: () => Promise<readonly AuditHead[]>;
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

/**
 * Checks the chain of the log, the recorded heads and the given one. Throws FORBIDDEN for a caller who sees only a part of the log:
 * the chain covers all of it.
 */
async function verifyAudit(
  { store, recordedHeads }: AuditDeps,
  context: RequestContext,
  { query }: Input<'verifyAudit'>,
): Promise<Output<'verifyAudit'>> {
  if (requirePrincipal(context).reach.workspaces !== 'all') {
    const message =
      'The log can be verified only with access to every workspace, because one chain covers them all. Use the administrator token.';
    throw new ApiError('FORBIDDEN', { message });
  }
  const recorded = await recordedHeads();
  const given = query.head === undefined ? [] : [{ head: query.head, entries: query.entries ?? null }];
  const [{ rows, brokenAt, head, found }, canChange] = await Promise.all([
    store.audit.verify([...recorded, ...given]),
    store.audit.canChange(),
  ]);
  const missing = found.slice(0, recorded.length).filter((one) => !isInPlace(one));
  const [known] = found.slice(recorded.length);
  return {
    entries: rows,
    intact: brokenAt === null && found.every(isInPlace),
    broken_at: brokenAt === null ? null : `${prefix}${brokenAt}`,
    head,
    known_head: known === undefined ? null : { found: isInPlace(known), position: known.position },
    recorded_heads: {
      checked: recorded.length,
      missing: missing.length,
      first_missing: missing[0]?.head ?? null,
    },
    protected_by: canChange ? 'key' : 'role-and-key',
  };
}

/** A head proves nothing at another place than the one where it was. */
const isInPlace = ({ position, entries }: FoundHead): boolean =>
  position !== null && (entries === null || entries === position);

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
