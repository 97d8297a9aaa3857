import type { Alarm, Input, Output } from '@chatferry/contract';
import type { AlarmRecord } from '../../store/alarms.ts';
import type { StoreSlice } from '../../store/store.ts';
import { bindHandlers } from '../bind-handlers.ts';
import type { RequestContext } from '../context.ts';
import { numberedCursor, numberedPage } from '../numbered-id.ts';

export interface AlarmDeps {
  readonly store: StoreSlice<{ readonly alarms: 'list' }>;
}

const prefix = 'alm_';

export const alarmHandlers = (deps: AlarmDeps) => bindHandlers(deps, { listAlarms });

async function listAlarms(
  { store }: AlarmDeps,
  _context: RequestContext,
  { query }: Input<'listAlarms'>,
): Promise<Output<'listAlarms'>> {
  const records = await store.alarms.list({
    state: query.state === 'any' ? null : query.state,
    workspaceId: query.workspace_id,
    before: numberedCursor(prefix, query.cursor),
    limit: query.limit + 1,
  });
  return numberedPage(records, query.limit, showAlarm);
}

const showAlarm = (record: AlarmRecord): Alarm => ({
  id: `${prefix}${record.id}`,
  kind: record.kind,
  subject: record.subject,
  workspace_id: record.workspaceId,
  detail: record.detail,
  remedy: record.remedy,
  raised_at: record.raisedAt.toISOString(),
  cleared_at: record.clearedAt?.toISOString() ?? null,
});
