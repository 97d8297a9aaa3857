import type { AuditEntry, AuditVerification } from '@chatferry/sdk';
import type { Command } from '../command.ts';
import { listCommand, operationCommand } from '../operation-command.ts';
import { text } from '../option.ts';
import { fields, type Row, time, type View } from '../view.ts';

const rowOfEntry = (entry: AuditEntry): Row => ({
  at: time(entry.at),
  who: entry.actor.id,
  from: entry.address,
  did: entry.action,
  to: entry.object,
  answered: entry.status ?? entry.phase,
});

const describeVerification = ({ entries, intact, broken_at, head }: AuditVerification): View => [
  fields({ entries, intact, 'broken at': broken_at, head }),
];

export const auditCommands: readonly Command[] = [
  listCommand({
    name: 'audit list',
    operation: 'listAudit',
    options: {
      workspace: text('ID', 'Only actions in this workspace.'),
      object: text('ID', 'Only actions on this object.'),
    },
    examples: ['audit list', 'audit list --object key_01k8xample'],
    show: rowOfEntry,
    empty: 'There are no such entries.',
  }),
  operationCommand({
    name: 'audit verify',
    operation: 'verifyAudit',
    description:
      'Exits with 1 if it was changed. Store the head in another place: with it you can prove that no entries were removed at the end.',
    view: describeVerification,
    exitCode: ({ intact }) => (intact ? 0 : 1),
  }),
];
