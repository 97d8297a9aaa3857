import { bindToken, bindWebhookSecret } from '../operations/channels/seal-channel.ts';
import { bindCredential } from '../operations/workspaces/seal-inbox.ts';
import type { InboxKind, InboxKindName } from '../ports/inbox-kind.ts';
import type { EngineLog } from '../ports/log.ts';
import type { BoundSecret } from '../ports/secret.ts';
import type { Vault } from '../secrets/sealed.ts';
import type { ChannelRecord } from '../store/channels.ts';
import { type SealedColumn, sealedColumns } from '../store/sealed-columns.ts';
import type { StoreSlice } from '../store/store.ts';
import type { WorkspaceRecord } from '../store/workspaces.ts';

interface BindDeps {
  readonly store: StoreSlice<{
    readonly workspaces: 'list' | 'update';
    readonly channels: 'list';
    readonly sealedValues: 'replace';
  }>;
  readonly vault: Vault;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  /** The secrets of the operator's apps, each bound to its home. */
  readonly configured: readonly BoundSecret[];
  readonly log: EngineLog;
}

/**
 * Earlier versions stored secrets without the origins that they belong to, and accounts without the origin that vouched for them.
 * Both get the origin that their row names at this start. Later changes of the row or of the settings do not move a secret.
 * A secret of the operator's app stays at its home: tenants could connect it with a server of their own.
 */
export async function bindStoredSecrets(deps: BindDeps): Promise<void> {
  for (const record of await deps.store.workspaces.list()) await bindWorkspace(deps, record);
  for (const record of await deps.store.channels.list()) await bindChannel(deps, record);
}

async function bindWorkspace(deps: BindDeps, record: WorkspaceRecord): Promise<void> {
  const { store, vault, inboxKinds, log } = deps;
  const origins = inboxKinds[record.inboxKind].originsOf(record.inboxSettings);
  const allowed = (value: string) => allowedOrigins(deps, record, value, origins);
  const bound = bindCredential(vault, record.id, record.inboxCredential, allowed);
  await replace(deps, sealedColumns.inboxCredential, record.id, record.inboxCredential, bound);
  const [origin] = origins;
  if (record.inboxAccount === null || record.inboxOrigin !== null || origin === undefined) return;
  const updated = await store.workspaces.update(record.id, { inboxAccount: record.inboxAccount, inboxOrigin: origin });
  if (updated !== 'account-taken') return;
  log.error('workspace.account_connected_twice', {
    workspaceId: record.id,
    remedy: 'delete one of the workspaces of this account: only the other one gets the events at the shared address',
  });
}

/** The origins, without those that a secret of the operator's app is not for. */
function allowedOrigins(
  { configured, log }: BindDeps,
  { id }: WorkspaceRecord,
  value: string,
  origins: readonly string[],
): readonly string[] {
  const same = configured.filter((secret) => secret.matches(value));
  const allowed = origins.filter((origin) => same.every((secret) => secret.isFor([origin])));
  if (allowed.length < origins.length) {
    log.error('workspace.app_secret_withheld', {
      workspaceId: id,
      remedy: `change the secret of your app: before the upgrade it could be sent to ${origins.join(' and ')}. If this server is yours, give the workspace its credential again`,
    });
  }
  return allowed;
}

async function bindChannel(deps: BindDeps, record: ChannelRecord): Promise<void> {
  const { token, webhookSecret } = sealedColumns;
  await replace(deps, token, record.id, record.token, bindToken(deps.vault, record));
  await replace(deps, webhookSecret, record.id, record.webhookSecret, bindWebhookSecret(deps.vault, record));
}

async function replace(
  { store }: BindDeps,
  column: SealedColumn,
  id: string,
  sealed: Buffer,
  bound: Buffer | null,
): Promise<void> {
  if (bound !== null) await store.sealedValues.replace({ column, key: [id], sealed }, bound);
}
