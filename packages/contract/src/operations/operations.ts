/** The table of all operations, and the types that are derived from it. */
import type { z } from 'zod';
import type { InputOf, OperationSpec, OutputBodyOf } from '../operation.ts';
import { adminTokenOperations } from './admin-tokens.ts';
import { alarmOperations } from './alarms.ts';
import { auditOperations } from './audit.ts';
import { channelOperations } from './channels.ts';
import { chatOperations } from './chats.ts';
import { connectionOperations } from './connections.ts';
import { customerOperations } from './customers.ts';
import { deadLetterOperations } from './dead-letters.ts';
import { eventOperations } from './events.ts';
import { fileOperations } from './files.ts';
import { healthOperations } from './health.ts';
import { keyOperations } from './keys.ts';
import { messageOperations } from './messages.ts';
import { ownAccountOperations } from './own-account.ts';
import { peopleOperations } from './people.ts';
import { sendMessageOperations } from './send-message.ts';
import { sessionOperations } from './sessions.ts';
import { telegramOperations } from './telegram.ts';
import { testModeOperations } from './test-mode.ts';
import { timelineOperations } from './timeline.ts';
import { webhookEndpointOperations } from './webhook-endpoints.ts';
import { workspaceOperations } from './workspaces.ts';

export const operations = {
  ...telegramOperations,
  ...sendMessageOperations,
  ...fileOperations,
  ...messageOperations,
  ...timelineOperations,
  ...chatOperations,
  ...workspaceOperations,
  ...connectionOperations,
  ...channelOperations,
  ...keyOperations,
  ...testModeOperations,
  ...deadLetterOperations,
  ...eventOperations,
  ...alarmOperations,
  ...webhookEndpointOperations,
  ...auditOperations,
  ...sessionOperations,
  ...ownAccountOperations,
  ...peopleOperations,
  ...adminTokenOperations,
  ...customerOperations,
  ...healthOperations,
} as const satisfies Record<string, OperationSpec>;

export type OperationId = keyof typeof operations;

type Table = typeof operations;
/** The validated request of an operation: `params`, `query` and `body`, each undefined where the operation has none. */
export type Input<Id extends OperationId> = InputOf<Table[Id]>;

/** The body of a successful answer. Undefined for 204. */
export type Output<Id extends OperationId> = OutputBodyOf<Table[Id]>;

/** The body of a request before validation. */
export type RequestBody<Id extends OperationId> = Table[Id] extends { readonly body: infer S extends z.ZodType }
  ? z.input<S>
  : undefined;

/** One handler for each operation. A missing handler does not compile. */
export type Handlers<Context> = {
  readonly [Id in OperationId]: (context: Context, input: Input<Id>) => Promise<Output<Id>>;
};
