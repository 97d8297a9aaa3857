import type { Handlers } from '@chatferry/contract';
import type { Erasures } from '../../engine/directory/erasures.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import type { RequestContext } from '../context.ts';

const busyRetryMs = 5_000;

/** What people may ask of a company about themselves: what is kept, and that it goes. */
export function customerHandlers(deps: {
  readonly store: StoreSlice<{
    readonly workspaces: 'read';
    readonly erasures: 'exportCustomer' | 'eraseCustomer' | 'remember';
  }>;
  readonly erasures: Erasures;
  /** The product's name of the channel. */
  readonly channelName: string;
  readonly clock: Clock;
}): Pick<Handlers<RequestContext>, 'exportCustomer' | 'eraseCustomer'> {
  const { store, erasures, channelName, clock } = deps;

  const assertWorkspace = async (id: string): Promise<void> => {
    if ((await store.workspaces.read(id)) === null)
      throw new ApiError('NOT_FOUND', { message: 'There is no such workspace. GET /api/v1/workspaces lists them.' });
  };

  return {
    async exportCustomer(_context, { body }) {
      await assertWorkspace(body.workspace_id);
      const data = await store.erasures.exportCustomer(body.workspace_id, body.telegram_user_id);
      return {
        exported_at: new Date(clock.nowMs()).toISOString(),
        data: Object.entries(data).map(([table, rows]) => ({ table, rows: [...rows] })),
      };
    },

    async eraseCustomer(_context, { body }) {
      const { workspace_id: workspaceId, telegram_user_id: customer } = body;
      await assertWorkspace(workspaceId);
      // Remembered first: what comes in while the rest goes is kept out already.
      await store.erasures.remember(workspaceId, [erasures.digestOf(workspaceId, 'customer', customer)]);
      erasures.refresh();
      const erased = await store.erasures.eraseCustomer(workspaceId, customer);
      if (erased === null)
        throw new ApiError('UNAVAILABLE', {
          retryAfterMs: busyRetryMs,
          message: 'A message to this customer is on its way, and nothing was erased yet. Ask again in some seconds.',
        });
      const conversations = erased.conversationIds.map((id) => erasures.digestOf(workspaceId, 'conversation', id));
      await store.erasures.remember(workspaceId, conversations);
      erasures.refresh();
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
          backups: 'Backups from before: delete them when their time is over, or erase again after a restore.',
        },
      };
    },
  };
}
