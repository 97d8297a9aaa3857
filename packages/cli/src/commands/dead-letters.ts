import type { DeadLetter, DeadLetterDetail } from '@chatferry/sdk';
import type { Command } from '../command.ts';
import { listCommand, operationCommand } from '../operation-command.ts';
import { choice, flag, required, text } from '../option.ts';
import { fields, type Row, time, titled, type View } from '../view.ts';

const rowOfLetter = (letter: DeadLetter): Row => ({
  id: letter.id,
  kind: letter.kind,
  state: letter.state,
  cause: letter.cause,
  failures: letter.failures,
  workspace: letter.workspace_id,
  message: letter.message_id,
  update: letter.update_id,
  conversation: letter.lane,
  created: time(letter.created_at),
  decided: letter.decided_at && time(letter.decided_at),
  note: letter.note,
});

const describeLetter = (letter: DeadLetterDetail): View => [
  fields(rowOfLetter(letter)),
  letter.raw === null ? null : titled('Raw:', letter.raw),
  letter.state === 'waiting'
    ? `Next:\n  chatferry dead-letters replay ${letter.id}\n  chatferry dead-letters discard ${letter.id} --reason "…"`
    : null,
];

const kind = choice(
  ['mirror', 'file', 'update', 'inbox-event', 'automatic', 'scheduled'],
  'Only dead letters of this kind.',
);
const workspace = text('ID', 'Only dead letters of this workspace.');

export const deadLetterCommands: readonly Command[] = [
  listCommand({
    name: 'dead-letters list',
    operation: 'listDeadLetters',
    options: {
      state: choice(['waiting', 'replayed', 'discarded', 'any'], 'Only dead letters in this state. Default: waiting.'),
      workspace,
      kind,
    },
    examples: ['dead-letters list', 'dead-letters list --kind mirror'],
    show: rowOfLetter,
    columns: ['id', 'kind', 'state', 'created', 'message', 'cause'],
    empty: 'There are no such dead letters.',
  }),
  operationCommand({
    name: 'dead-letters show',
    operation: 'getDeadLetter',
    view: describeLetter,
  }),
  operationCommand({
    name: 'dead-letters replay',
    operation: 'replayDeadLetter',
    view: ({ id }) => [`${id} is queued again in its conversation. If it fails again, a new dead letter is listed.`],
  }),
  operationCommand({
    name: 'dead-letters replay-all',
    operation: 'replayDeadLetters',
    description: 'At most 1000 at a time.',
    options: {
      workspace,
      kind,
      before: text('TIME', 'Only dead letters created before this time, such as 2030-01-31T12:00:00Z.'),
      'dry-run': flag('Only count them.'),
    },
    examples: ['dead-letters replay-all --kind mirror --dry-run', 'dead-letters replay-all'],
    request: ({ values }) => ({
      workspace_id: values.workspace,
      kind: values.kind,
      created_before: values.before,
      dry_run: values['dry-run'],
    }),
    view: ({ replayed, remaining }) => [`${replayed} are queued again in their conversations, ${remaining} wait.`],
  }),
  operationCommand({
    name: 'dead-letters discard',
    operation: 'discardDeadLetter',
    options: { reason: required(text('TEXT', 'Why. Stored with the dead letter.')) },
    examples: ['dead-letters discard ddl_12 --reason obsolete'],
    request: ({ values }) => ({ reason: values.reason }),
    view: ({ id }) => [`${id} is discarded.`],
  }),
];
