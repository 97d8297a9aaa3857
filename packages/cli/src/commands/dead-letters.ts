import type { DeadLetter } from '@chatferry/sdk';
import { type Command, command } from '../command.ts';
import { choice, flag, required, text } from '../option.ts';
import { block, page, paragraphs, time } from '../output.ts';
import { pagingOptions } from './paging-options.ts';

const describe = (letter: DeadLetter): string =>
  block({
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
    decided: letter.decided_at === null ? null : time(letter.decided_at),
    note: letter.note,
  });

const kind = choice(['mirror', 'update', 'inbox-event', 'automatic'], 'Only those of this kind.');

const next = (id: string): string =>
  `Next:\n  chatferry dead-letters replay ${id}\n  chatferry dead-letters discard ${id} --reason "…"`;

export const deadLetterCommands: readonly Command[] = [
  command({
    name: 'dead-letters list',
    summary: 'List work that was given up and waits for you, the oldest first.',
    auth: 'admin',
    options: {
      state: choice(['waiting', 'replayed', 'discarded', 'any'], 'Those in this state; waiting when absent.'),
      workspace: text('ID', 'Only those of this workspace.'),
      kind,
      ...pagingOptions,
    },
    examples: ['dead-letters list', 'dead-letters list --kind mirror'],
    async run({ values, connect }) {
      const { state, workspace, kind: chosen, limit, cursor } = values;
      const client = await connect();
      const found = await client.listDeadLetters({ state, workspace_id: workspace, kind: chosen, limit, cursor });
      const rows = found.data.map((letter) => [
        letter.id,
        letter.kind,
        letter.state,
        time(letter.created_at),
        letter.message_id === null ? '' : String(letter.message_id),
        letter.cause,
      ]);
      const lines = { headings: ['ID', 'KIND', 'STATE', 'CREATED', 'MESSAGE', 'CAUSE'], rows };
      return { json: found, text: page(lines, found.next_cursor, 'There are no such dead letters.') };
    },
  }),
  command({
    name: 'dead-letters show',
    summary: 'Show a dead letter, with the raw update or event that it is about.',
    argument: 'dead letter',
    auth: 'admin',
    options: {},
    examples: ['dead-letters show ddl_12'],
    async run({ subject, connect }) {
      const letter = await (await connect()).getDeadLetter({ dead_letter_id: subject });
      const raw = letter.raw === null ? null : `Raw:\n${letter.raw}`;
      return {
        json: letter,
        text: paragraphs(describe(letter), raw, letter.state === 'waiting' ? next(letter.id) : null),
      };
    },
  }),
  command({
    name: 'dead-letters replay',
    summary: 'Do a dead letter again; nothing happens twice.',
    argument: 'dead letter',
    auth: 'admin',
    options: {},
    examples: ['dead-letters replay ddl_12'],
    async run({ subject, connect }) {
      const letter = await (await connect()).replayDeadLetter({ dead_letter_id: subject });
      return {
        json: letter,
        text: `${letter.id} is back in its conversation. If it fails again, a new one is listed.`,
      };
    },
  }),
  command({
    name: 'dead-letters replay-all',
    summary: 'Do all waiting dead letters again, the oldest first; nothing happens twice.',
    description: 'At most 1000 a call.',
    auth: 'admin',
    options: {
      workspace: text('ID', 'Only those of this workspace.'),
      kind,
      before: text('TIME', 'Only those made before, as 2030-01-31T12:00:00Z.'),
      'dry-run': flag('Only count.'),
    },
    examples: ['dead-letters replay-all --kind mirror --dry-run', 'dead-letters replay-all'],
    async run({ values, connect }) {
      const result = await (await connect()).replayDeadLetters({
        workspace_id: values.workspace,
        kind: values.kind,
        created_before: values.before,
        dry_run: values['dry-run'],
      });
      return {
        json: result,
        text: `${result.replayed} are back in their conversations, ${result.remaining} wait.`,
      };
    },
  }),
  command({
    name: 'dead-letters discard',
    summary: 'Give a dead letter up for good.',
    argument: 'dead letter',
    auth: 'admin',
    options: { reason: required(text('TEXT', 'Why; kept with it.')) },
    examples: ['dead-letters discard ddl_12 --reason obsolete'],
    async run({ subject, values, connect }) {
      const letter = await (await connect()).discardDeadLetter({ dead_letter_id: subject, reason: values.reason });
      return { json: letter, text: `${letter.id} is discarded.` };
    },
  }),
];
