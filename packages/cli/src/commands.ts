import type { Command } from './command.ts';
import { alarmCommands } from './commands/alarms.ts';
import { auditCommands } from './commands/audit.ts';
import { channelCommands } from './commands/channels.ts';
import { connectCommands } from './commands/connect.ts';
import { customerCommands } from './commands/customers.ts';
import { deadLetterCommands } from './commands/dead-letters.ts';
import { eventCommands } from './commands/events.ts';
import { healthCommand } from './commands/health.ts';
import { keyCommands } from './commands/keys.ts';
import { messageCommands } from './commands/messages.ts';
import { peopleCommands } from './commands/people.ts';
import { sendCommand } from './commands/send.ts';
import { validateCommand } from './commands/validate.ts';
import { webhookCommands } from './commands/webhooks.ts';
import { workspaceCommands } from './commands/workspaces.ts';

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  ...workspaceCommands,
  ...connectCommands,
  ...channelCommands,
  ...keyCommands,
  ...messageCommands,
  ...deadLetterCommands,
  ...eventCommands,
  ...alarmCommands,
  ...webhookCommands,
  ...auditCommands,
  ...peopleCommands,
  ...customerCommands,
  sendCommand,
  validateCommand,
  healthCommand,
];
