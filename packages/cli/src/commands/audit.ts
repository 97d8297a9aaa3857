import type { AuditEntry, AuditVerification } from '@chatferry/sdk';
import type { Command } from '../command.ts';
import { listCommand, operationCommand } from '../operation-command.ts';
import { number, text } from '../option.ts';
import { fields, type Row, time, type View } from '../view.ts';

const rowOfEntry = (entry: AuditEntry): Row => ({
  at: time(entry.at),
  who: entry.actor.id,
  from: entry.address,
  did: entry.action,
  to: entry.object,
  answered: entry.status ?? entry.phase,
});

const describeVerification = (answer: AuditVerification): View => {
  const { entries, broken_at, head, known_head, recorded_heads, protected_by } = answer;
  const { checked, missing, first_missing } = recorded_heads;
  return [
    fields({
      entries,
      intact: answer.intact,
      'broken at': broken_at,
      head,
      'the given head': known_head?.found === true ? `found, after ${known_head.position} entries` : null,
      'recorded heads':
        missing === 0 ? `${checked} checked` : `${missing} of ${checked} missing, first ${first_missing}`,
      'protected by': protected_by === 'key' ? 'the key only: the database role could change entries' : 'role and key',
    }),
    known_head === null || known_head.found ? null : explainMissing(known_head.position),
    missing === 0 ? null : 'Heads that the gateway recorded are missing: entries up to them were changed or removed.',
  ];
};

const explainMissing = (position: number | null): string =>
  position === null
    ? 'The given head is missing: entries up to it were changed or removed, or it is the head of another installation.'
    : `The given head is at another place: after ${position} entries. Check the number that was kept with it.`;

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
      'Exits with 1 if it was changed. Store the head and the number of entries in another place: with --head you can prove later that no entry up to there was changed or removed, however many were added since.',
    options: {
      head: text('DIGEST', 'A head that was printed before, or logged as audit.head.'),
      entries: number('N', 'The number of entries that was printed with this head.'),
    },
    examples: ['audit verify', 'audit verify --head 9f86d08…0a08 --entries 1200'],
    request: ({ values }) => ({ head: values.head, entries: values.entries }),
    view: describeVerification,
    exitCode: ({ intact }) => (intact ? 0 : 1),
  }),
];
