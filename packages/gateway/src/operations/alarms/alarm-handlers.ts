import type { Input, Output } from '@chatferry/contract';
import type { StoreSlice } from '../../store/store.ts';
import { bindHandlers } from '../bind-handlers.ts';
import type { RequestContext } from '../context.ts';
import { numberedCursor, numberedPage } from '../numbered-id.ts';
import { alarmPrefix, showAlarm } from './show-alarm.ts';

export interface AlarmDeps {
  readonly store: StoreSlice<{ readonly alarms: 'list' }>;
}

export const alarmHandlers = (deps: AlarmDeps) => bindHandlers(deps, { listAlarms });

async function listAlarms(
  { store }: AlarmDeps,
  _context: RequestContext,
  { query }: Input<'listAlarms'>,
): Promise<Output<'listAlarms'>> {
  const records = await store.alarms.list({
    state: query.state === 'any' ? null : query.state,
    workspaceId: query.workspace_id,
    before: numberedCursor(alarmPrefix, query.cursor),
    limit: query.limit + 1,
  });
  return numberedPage(records, query.limit, showAlarm);
}
