import type { Event } from '@chatferry/sdk';
import type { Command } from '../command.ts';
import { operationCommand } from '../operation-command.ts';
import { number, text } from '../option.ts';
import { type Row, table, time } from '../view.ts';

const rowOfEvent = (event: Event): Row => ({
  id: event.id,
  type: event.type,
  at: time(event.occurred_at),
  channel: event.channel_id,
  chat: 'chat_id' in event ? event.chat_id : null,
  message: 'message_id' in event ? event.message_id : null,
});

export const eventCommands: readonly Command[] = [
  operationCommand({
    name: 'events list',
    operation: 'listEvents',
    description: 'Oldest first. The last line says where to continue.',
    options: {
      after: text('ID', 'Only events after this one; "latest" for what happens from now on.'),
      types: text('TYPES', 'Only events of these types, separated by commas.'),
      limit: number('N', 'The maximum number of entries: 1 to 200. Default: 50.'),
    },
    examples: ['events list', 'events list --types message.failed,button.tapped'],
    request: ({ values }) => values,
    view: ({ data, next_after: next }) => [
      ...(data.length === 0 ? ['There are no such events.'] : [table(data.map(rowOfEvent))]),
      ...(next === null ? [] : [`Continue with --after ${next}`]),
    ],
  }),
];
