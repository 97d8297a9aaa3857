import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';

type AccountStore = StoreSlice<{ readonly workspaces: 'update' }>;
type Change = Parameters<AccountStore['workspaces']['update']>[1];

/**
 * Writes a change of a workspace's inbox, whose account `origin` has just vouched for. Null if the workspace was deleted;
 * `account-taken` if another one has the account.
 *
 * Earlier versions allowed two workspaces of one account. The second one has the account without an origin. It may keep it like
 * that, because it claims nothing new; otherwise its credential could never be renewed.
 */
export async function updateAccount(
  { workspaces }: AccountStore,
  before: Pick<WorkspaceRecord, 'id' | 'inboxAccount' | 'inboxOrigin'>,
  change: Change,
  { accountId, origin }: { readonly accountId: string | null; readonly origin: string },
): Promise<WorkspaceRecord | null | 'account-taken'> {
  const claim = { inboxAccount: accountId, inboxOrigin: accountId === null ? null : origin };
  const updated = await workspaces.update(before.id, { ...change, ...claim });
  const isSecond = before.inboxOrigin === null && before.inboxAccount !== null && before.inboxAccount === accountId;
  if (updated !== 'account-taken' || !isSecond) return updated;
  return workspaces.update(before.id, { ...change, inboxAccount: accountId, inboxOrigin: null });
}
