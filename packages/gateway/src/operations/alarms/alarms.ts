import type { Alarm, Handlers } from '@chatferry/contract';
import type { AlarmRecord } from '../../store/alarms.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { RequestContext } from '../context.ts';
import { numberedCursor } from '../numbered-id.ts';

const prefix = 'alm_';

const show = (record: AlarmRecord): Alarm => ({
  id: `${prefix}${record.id}`,
  kind: record.kind,
  subject: record.subject,
  workspace_id: record.workspaceId,
  detail: record.detail,
  remedy: record.remedy,
  raised_at: record.raisedAt.toISOString(),
  cleared_at: record.clearedAt?.toISOString() ?? null,
});

export function alarmHandlers({
  store,
}: {
  readonly store: StoreSlice<{ readonly alarms: 'list' }>;
}): Pick<Handlers<RequestContext>, 'listAlarms'> {
  return {
    async listAlarms(_context, { query }) {
      const records = await store.alarms.list({
        state: query.state === 'any' ? null : query.state,
        workspaceId: query.workspace_id,
        before: numberedCursor(prefix, query.cursor),
        limit: query.limit + 1,
      });
      const page = records.slice(0, query.limit).map(show);
      return { data: page, next_cursor: records.length > query.limit ? (page.at(-1)?.id ?? null) : null };
    },
  };
}
