import type { Alarm, AlarmPage } from '@chatferry/sdk';
import type { Command } from '../command.ts';
import { listCommand } from '../operation-command.ts';
import { choice, text } from '../option.ts';
import { type Row, time } from '../view.ts';

const describeAlarm = (alarm: Alarm): Row => ({
  [alarm.kind]: alarm.detail,
  'what to do': alarm.remedy,
  about: alarm.subject,
  raised: time(alarm.raised_at),
  cleared: alarm.cleared_at && time(alarm.cleared_at),
});

const exitCodeOfAlarms = ({ data }: AlarmPage): 0 | 1 => (data.some(({ cleared_at }) => cleared_at === null) ? 1 : 0);

export const alarmCommands: readonly Command[] = [
  listCommand({
    name: 'alarms list',
    operation: 'listAlarms',
    description: 'Exits with 1 if an alarm is raised. An alarm clears by itself when its problem is solved.',
    options: {
      state: choice(['raised', 'cleared', 'any'], 'Only alarms in this state. Default: raised.'),
      workspace: text('ID', 'Only alarms of this workspace.'),
    },
    examples: ['alarms list', 'alarms list --state any'],
    layout: 'fields',
    show: describeAlarm,
    empty: 'There are no such alarms.',
    exitCode: exitCodeOfAlarms,
  }),
];
