import { defaultConversationRules } from '@chatferry/contract';
import type { BoundInbox } from '../../ports/bound-inbox.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { InboxAccount } from '../../ports/inbox.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ConnectionRecord } from '../../store/connections.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { newId } from '../new-id.ts';
import { vouchingOrigin } from '../workspaces/bind-inbox.ts';
import { sealInbox } from '../workspaces/seal-inbox.ts';
import { updateAccount } from '../workspaces/update-account.ts';

export interface StoreWorkspaceDeps {
  readonly store: StoreSlice<{ readonly workspaces: 'insert' | 'update' | 'read' }>;
  readonly vault: Vault;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Renews the workspace that the install was begun for. Creates one where it names none, or
 * where that one was deleted since.
 * Null if another workspace has the account.
 */
export async function storeWorkspace(
  deps: StoreWorkspaceDeps,
  record: ConnectionRecord,
  input: BoundInbox,
  account: InboxAccount,
): Promise<WorkspaceRecord | null> {
  const renewed =
    record.workspaceId === null ? null : await renewWorkspace(deps, record.workspaceId, input, account.accountId);
  if (renewed === 'account-taken') return null;
  return renewed ?? insertWorkspace(deps, record, input, account);
}

async function renewWorkspace(
  deps: StoreWorkspaceDeps,
  workspaceId: string,
  input: BoundInbox,
  accountId: string | null,
): Promise<WorkspaceRecord | null | 'account-taken'> {
  const { store, vault, clock } = deps;
  const before = await store.workspaces.read(workspaceId);
  if (before === null) return null;
  const sealed = sealInbox(vault, workspaceId, input, { record: before, nowMs: clock.nowMs() });
  const change = { ...sealed, state: 'active', problem: null } as const;
  return updateAccount(store, before, change, { accountId, origin: vouchingOrigin(deps, input) });
}

function insertWorkspace(
  deps: StoreWorkspaceDeps,
  { name, inboxKind, defaultSender }: ConnectionRecord,
  input: BoundInbox,
  { account, accountId }: InboxAccount,
): Promise<WorkspaceRecord | null> {
  const { store, vault, clock, random } = deps;
  const id = newId('workspace', clock, random);
  return store.workspaces.insert({
    id,
    name: name ?? account,
    inboxKind,
    ...sealInbox(vault, id, input),
    defaultSender,
    conversationRules: defaultConversationRules(inboxKind),
    inboxAccount: accountId,
    inboxOrigin: accountId === null ? null : vouchingOrigin(deps, input),
    hookPath: random.bytes(24).toString('base64url'),
  });
}
