import type { TestChannelCreated } from '@chatferry/sdk';
import type { Command } from '../command.ts';
import { operationCommand } from '../operation-command.ts';
import { text } from '../option.ts';
import { fields, type View } from '../view.ts';

const describeTestChannel = ({ id, workspace_id, bot, key }: TestChannelCreated): View => [
  fields({ channel: id, workspace: workspace_id, bot: `@${bot.username} (simulated)` }),
  `The key. It is shown only now:\n\n  ${key.secret}`,
  'Every chat id can be written to at once. docs/test-mode.md lists the reserved ones, which force each failure.',
];

export const testModeCommands: readonly Command[] = [
  operationCommand({
    name: 'test-mode create',
    operation: 'createTestChannel',
    options: { name: text('NAME', 'The name of the workspace. Default: Test mode.') },
    request: ({ values }) => ({ name: values.name }),
    examples: ['test-mode create', 'test-mode create --name CI'],
    view: describeTestChannel,
  }),
];
