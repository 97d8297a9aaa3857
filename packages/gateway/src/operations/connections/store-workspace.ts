import { defaultConversationRules, type InboxInput } from '@chatferry/contract';
import type { Clock, Random } from '../../ports/clock.ts';
import type { InboxAccount } from '../../ports/inbox.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ConnectionRecord } from '../../store/connections.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { newId } from '../new-id.ts';
import { sealInbox } from '../workspaces/seal-inbox.ts';

export interface StoreWorkspaceDeps {
  readonly store: StoreSlice<{ readonly workspaces: 'insert' | 'update' | 'read' }>;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
}

/** Renews the workspace that the install was begun for. Creates one where it names none, or where that one was deleted since. */
export async function storeWorkspace(
  deps: StoreWorkspaceDeps,
  record: ConnectionRecord,
  input: InboxInput,
  account: InboxAccount,
): Promise<WorkspaceRecord> {
  const renewed =
    record.workspaceId === null ? null : await renewWorkspace(deps, record.workspaceId, input, account.accountId);
  return renewed ?? insertWorkspace(deps, record, input, account);
}

async function renewWorkspace(
  { store, vault, clock }: StoreWorkspaceDeps,
  workspaceId: string,
  input: InboxInput,
  inboxAccount: string | null,
): Promise<WorkspaceRecord | null> {
  const before = await store.workspaces.read(workspaceId);
  const replaced = before === null ? undefined : { record: before, nowMs: clock.nowMs() };
  return store.workspaces.update(workspaceId, {
    ...sealInbox(vault, workspaceId, input, replaced),
    inboxAccount,
    state: 'active',
    problem: null,
  });
}

function insertWorkspace(
  { store, vault, clock, random }: StoreWorkspaceDeps,
  { name, inboxKind, defaultSender }: ConnectionRecord,
  input: InboxInput,
  { account, accountId }: InboxAccount,
): Promise<WorkspaceRecord> {
  const id = newId('workspace', clock, random);
  return store.workspaces.insert({
    id,
    name: name ?? account,
    inboxKind,
    ...sealInbox(vault, id, input),
    defaultSender,
    conversationRules: defaultConversationRules(inboxKind),
    inboxAccount: accountId,
    hookPath: random.bytes(24).toString('base64url'),
  });
}
