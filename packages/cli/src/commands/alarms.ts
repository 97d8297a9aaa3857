import { type Command, command } from '../command.ts';
import { choice, text } from '../option.ts';
import { block, paragraphs, time } from '../output.ts';
import { pagingOptions } from './paging-options.ts';

export const alarmCommands: readonly Command[] = [
  command({
    name: 'alarms list',
    summary: 'List what needs a person, each with what to do, the newest first.',
    description: 'Ends with 1 where an alarm is raised. An alarm clears by itself when it is mended.',
    auth: 'admin',
    options: {
      state: choice(['raised', 'cleared', 'any'], 'Those in this state; raised when absent.'),
      workspace: text('ID', 'Only those of this workspace.'),
      ...pagingOptions,
    },
    examples: ['alarms list', 'alarms list --state any'],
    async run({ values, connect }) {
      const { state, workspace, limit, cursor } = values;
      const found = await (await connect()).listAlarms({ state, workspace_id: workspace, limit, cursor });
      const shown = found.data.map((alarm) =>
        block({
          [alarm.kind]: alarm.detail,
          'what to do': alarm.remedy,
          about: alarm.subject,
          raised: time(alarm.raised_at),
          cleared: alarm.cleared_at === null ? null : time(alarm.cleared_at),
        }),
      );
      const more = found.next_cursor === null ? null : `There are more: add --cursor ${found.next_cursor}`;
      const isRaised = found.data.some((alarm) => alarm.cleared_at === null);
      return {
        json: found,
        text: shown.length === 0 ? 'There are no such alarms.' : paragraphs(...shown, more),
        exitCode: isRaised ? 1 : 0,
      };
    },
  }),
];
