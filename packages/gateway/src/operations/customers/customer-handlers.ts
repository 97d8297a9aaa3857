import type { Input, Output } from '@chatferry/contract';
import type { Erasures } from '../../engine/directory/erasures.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { bindHandlers } from '../bind-handlers.ts';
import type { RequestContext } from '../context.ts';
import { findWorkspace } from '../workspaces/find-workspace.ts';

export interface CustomerDeps {
  readonly store: StoreSlice<{
    readonly workspaces: 'read';
    readonly erasures: 'exportCustomer' | 'eraseCustomer' | 'remember';
  }>;
  readonly erasures: Erasures;
  /** The name of the channel's product. */
  readonly channelName: string;
  readonly clock: Clock;
  /** Deletes the damaged files of the journal that were written until now. */
  readonly sweepFiles: (nowMs: number, erasedAtMs: number) => Promise<void>;
}

const busyRetryMs = 5_000;

/** Exports and erases the data of one customer, which customers may request by law. */
export const customerHandlers = (deps: CustomerDeps) => bindHandlers(deps, { exportCustomer, eraseCustomer });

async function exportCustomer(
  deps: CustomerDeps,
  _context: RequestContext,
  { body }: Input<'exportCustomer'>,
): Promise<Output<'exportCustomer'>> {
  await findWorkspace(deps, body.workspace_id);
  const data = await deps.store.erasures.exportCustomer(body.workspace_id, body.telegram_user_id);
  return {
    exported_at: new Date(deps.clock.nowMs()).toISOString(),
    data: Object.entries(data).map(([table, rows]) => ({ table, rows: [...rows] })),
  };
}

async function eraseCustomer(
  deps: CustomerDeps,
  _context: RequestContext,
  { body }: Input<'eraseCustomer'>,
): Promise<Output<'eraseCustomer'>> {
  const { store, erasures, channelName, clock, sweepFiles } = deps;
  const { workspace_id: workspaceId, telegram_user_id: customer } = body;
  await findWorkspace(deps, workspaceId);
  // The erasure is stored first, so that updates which arrive while the rest is deleted are dropped.
  const digest = erasures.digestOf(workspaceId, 'customer', customer);
  await store.erasures.remember(workspaceId, [digest]);
  erasures.refresh();
  const erased = await store.erasures.eraseCustomer(workspaceId, customer, digest);
  if (erased === null)
    throw new ApiError('UNAVAILABLE', {
      retryAfterMs: busyRetryMs,
      message: 'A message to this customer is being sent, and nothing was erased yet. Try again in a few seconds.',
    });
  const conversations = erased.conversationIds.map((id) => erasures.digestOf(workspaceId, 'conversation', id));
  await store.erasures.remember(workspaceId, conversations);
  erasures.refresh();
  // A damaged file does not tell whose words it contains, so each customer who existed ends all of them. An id that was never
  // here ends none: otherwise anyone with one workspace could delete them. Other processes do the same within a minute.
  if (erased.removed) await sweepFiles(clock.nowMs(), clock.nowMs());
  return {
    erased_at: new Date(clock.nowMs()).toISOString(),
    messages: erased.messages,
    updates: erased.updates,
    remains: {
      telegram: `The chat with the bot: the customer deletes it in ${channelName}.`,
      inbox: {
        note: 'The contact and its conversations: delete them in the inbox.',
        contact_ids: [...erased.contactIds],
        conversation_ids: [...erased.conversationIds],
      },
      backups: 'Backups from before: delete them when they expire, or erase again after a restore.',
    },
  };
}
