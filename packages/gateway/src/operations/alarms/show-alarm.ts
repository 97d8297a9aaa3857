import type { Alarm } from '@chatferry/contract';
import type { AlarmRecord } from '../../store/alarms.ts';

/** The prefix of an alarm's public id. */
export const alarmPrefix = 'alm_';

export const showAlarm = (record: AlarmRecord): Alarm => ({
  id: `${alarmPrefix}${record.id}`,
  kind: record.kind,
  subject: record.subject,
  workspace_id: record.workspaceId,
  detail: record.detail,
  remedy: record.remedy,
  raised_at: record.raisedAt.toISOString(),
  cleared_at: record.clearedAt?.toISOString() ?? null,
});
