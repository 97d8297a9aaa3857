import type { AuditEntry, Handlers } from '@chatferry/contract';
import type { AuditRecord } from '../../store/audit.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { principalOf, type RequestContext } from '../context.ts';
import { numberedCursor } from '../numbered-id.ts';

const prefix = 'aud_';

const show = (record: AuditRecord): AuditEntry => ({
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

export function auditHandlers({
  store,
}: {
  readonly store: StoreSlice<{ readonly audit: 'list' | 'verify' }>;
}): Pick<Handlers<RequestContext>, 'listAudit' | 'verifyAudit'> {
  return {
    async listAudit(_context, { query }) {
      const records = await store.audit.list({
        workspaceId: query.workspace_id,
        object: query.object,
        before: numberedCursor(prefix, query.cursor),
        limit: query.limit + 1,
      });
      const page = records.slice(0, query.limit).map(show);
      return { data: page, next_cursor: records.length > query.limit ? (page.at(-1)?.id ?? null) : null };
    },

    async verifyAudit(context) {
      if (principalOf(context).reach.workspaces !== 'all') {
        const message =
          'Only who sees every workspace can verify the log: it is one chain for all. Use the administrator token.';
        throw new ApiError('FORBIDDEN', { message });
      }
      const { rows, brokenAt, head } = await store.audit.verify();
      return {
        entries: rows,
        intact: brokenAt === null,
        broken_at: brokenAt === null ? null : `${prefix}${brokenAt}`,
        head,
      };
    },
  };
}
