import type { Command } from './command.ts';
import { alarmCommands } from './commands/alarms.ts';
import { auditCommands } from './commands/audit.ts';
import { channelCommands } from './commands/channels.ts';
import { chatCommands } from './commands/chats.ts';
import { completionCommand } from './commands/completion.ts';
import { connectCommands } from './commands/connect.ts';
import { customerCommands } from './commands/customers.ts';
import { deadLetterCommands } from './commands/dead-letters.ts';
import { eventCommands } from './commands/events.ts';
import { gatewayCommands } from './commands/gateway.ts';
import { healthCommand } from './commands/health.ts';
import { keyCommands } from './commands/keys.ts';
import { listenCommands } from './commands/listen.ts';
import { messageCommands } from './commands/messages.ts';
import { peopleCommands } from './commands/people.ts';
import { profileCommands } from './commands/profiles.ts';
import { sendCommand } from './commands/send.ts';
import { setupCommands } from './commands/setup.ts';
import { testModeCommands } from './commands/test-mode.ts';
import { triggerCommands } from './commands/trigger.ts';
import { validateCommand } from './commands/validate.ts';
import { webhookCommands } from './commands/webhooks.ts';
import { workspaceCommands } from './commands/workspaces.ts';

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  ...gatewayCommands,
  ...setupCommands,
  ...profileCommands,
  ...workspaceCommands,
  ...connectCommands,
  ...channelCommands,
  ...keyCommands,
  ...testModeCommands,
  ...triggerCommands,
  ...messageCommands,
  ...chatCommands,
  ...deadLetterCommands,
  ...eventCommands,
  ...listenCommands,
  ...alarmCommands,
  ...webhookCommands,
  ...auditCommands,
  ...peopleCommands,
  ...customerCommands,
  sendCommand,
  validateCommand,
  healthCommand,
  completionCommand,
];
