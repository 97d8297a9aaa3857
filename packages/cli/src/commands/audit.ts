import { type Command, command } from '../command.ts';
import { text } from '../option.ts';
import { block, page, time } from '../output.ts';
import { pagingOptions } from './paging-options.ts';

export const auditCommands: readonly Command[] = [
  command({
    name: 'audit list',
    summary: 'Who did what, the newest first.',
    auth: 'admin',
    options: {
      workspace: text('ID', 'Only what was done in this workspace.'),
      object: text('ID', 'Only what was done to this.'),
      ...pagingOptions,
    },
    examples: ['audit list', 'audit list --object key_01k8xample'],
    async run({ values, connect }) {
      const { workspace, object, limit, cursor } = values;
      const found = await (await connect()).listAudit({ workspace_id: workspace, object, limit, cursor });
      const rows = found.data.map((entry) => [
        time(entry.at),
        entry.actor.id,
        entry.address,
        entry.action,
        entry.object ?? '',
        entry.status === null ? entry.phase : String(entry.status),
      ]);
      const lines = { headings: ['AT', 'WHO', 'FROM', 'DID', 'TO', 'ANSWERED'], rows };
      return { json: found, text: page(lines, found.next_cursor, 'There is nothing like that.') };
    },
  }),
  command({
    name: 'audit verify',
    summary: 'Whether the log is as it was written.',
    description:
      'Ends with 1 where it is not. Keep the head elsewhere: who has it sees that nothing was cut off at the end.',
    auth: 'admin',
    options: {},
    examples: ['audit verify'],
    async run({ connect }) {
      const found = await (await connect()).verifyAudit();
      const told = block({
        entries: String(found.entries),
        intact: found.intact ? 'yes' : 'no',
        'broken at': found.broken_at,
        head: found.head,
      });
      return { json: found, text: told, exitCode: found.intact ? 0 : 1 };
    },
  }),
];
