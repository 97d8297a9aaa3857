import {
  type ConversationRules,
  defaultConversationRules,
  type Inbox,
  mergeConversationRules,
} from '@chatferry/contract';
import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';
import { isDuplicate } from './database/is-conflict.ts';

export interface WorkspaceRecord {
  readonly id: string;
  readonly name: string;
  readonly inboxKind: Inbox['kind'];
  readonly inboxSettings: Readonly<Record<string, unknown>>;
  /** Sealed: encrypted, and only the vault can open it. */
  readonly inboxCredential: Buffer;
  readonly defaultSender: string | null;
  readonly conversationRules: ConversationRules;
  /** The provider's id of the account of the credential; null if the provider does not give one. */
  readonly inboxAccount: string | null;
  /**
   * The origin of the server that named the account; null if it is not known. An id without its origin identifies nothing: anyone
   * can run a server that says any id.
   */
  readonly inboxOrigin: string | null;
  /** The opaque part of the webhook's address. */
  readonly hookPath: string;
  readonly state: 'active' | 'disabled' | 'broken';
  readonly problem: string | null;
  readonly createdAt: Date;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly inbox_kind: WorkspaceRecord['inboxKind'];
  readonly inbox_settings: Record<string, unknown>;
  readonly inbox_credential: Buffer;
  readonly default_sender: string | null;
  readonly conversation_rules: object;
  readonly inbox_account: string | null;
  readonly inbox_origin: string | null;
  readonly hook_path: string;
  readonly state: WorkspaceRecord['state'];
  readonly problem: string | null;
  readonly created_at: Date;
}

const columns = `id, name, inbox_kind, inbox_settings, inbox_credential, default_sender, conversation_rules,
  inbox_account, inbox_origin, hook_path, state, problem, created_at`;

const decode = (row: Row): WorkspaceRecord => ({
  id: row.id,
  name: row.name,
  inboxKind: row.inbox_kind,
  inboxSettings: row.inbox_settings,
  inboxCredential: row.inbox_credential,
  defaultSender: row.default_sender,
  conversationRules: mergeConversationRules(defaultConversationRules(row.inbox_kind), row.conversation_rules),
  inboxAccount: row.inbox_account,
  inboxOrigin: row.inbox_origin,
  hookPath: row.hook_path,
  state: row.state,
  problem: row.problem,
  createdAt: row.created_at,
});

/** Null if the account is connected already: an account belongs to one workspace of the installation. */
export async function insertWorkspace(
  db: Pool,
  row: Pick<
    WorkspaceRecord,
    'id' | 'name' | 'inboxKind' | 'inboxSettings' | 'inboxCredential' | 'defaultSender' | 'inboxAccount' | 'hookPath'
  > &
    Partial<Pick<WorkspaceRecord, 'conversationRules' | 'inboxOrigin'>>,
): Promise<WorkspaceRecord | null> {
  const { rows } = await db.query<Row>(
    `insert into workspaces (id, name, inbox_kind, inbox_settings, inbox_credential, default_sender, inbox_account,
       hook_path, conversation_rules, inbox_origin)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (inbox_kind, inbox_origin, inbox_account)
       where state <> 'deleted' and inbox_account is not null and inbox_origin is not null do nothing
     returning ${columns}`,
    [
      row.id,
      row.name,
      row.inboxKind,
      JSON.stringify(row.inboxSettings),
      row.inboxCredential,
      row.defaultSender,
      row.inboxAccount,
      row.hookPath,
      JSON.stringify(row.conversationRules ?? {}),
      row.inboxOrigin ?? null,
    ],
  );
  return rows[0] ? decode(rows[0]) : null;
}

export async function readWorkspace(db: Pool, id: string): Promise<WorkspaceRecord | null> {
  const { rows } = await db.query<Row>({
    name: 'read-workspace',
    text: `select ${columns} from workspaces where id = $1 and state <> 'deleted'`,
    values: [id],
  });
  return rows[0] ? decode(rows[0]) : null;
}

export async function readWorkspaceByHookPath(db: Pool, hookPath: string): Promise<WorkspaceRecord | null> {
  const { rows } = await db.query<Row>({
    name: 'read-workspace-by-hook-path',
    text: `select ${columns} from workspaces where hook_path = $1 and state <> 'deleted'`,
    values: [hookPath],
  });
  return rows[0] ? decode(rows[0]) : null;
}

/** The workspace of an account that this origin vouched for. There is at most one. */
export async function listWorkspacesOfAccount(
  db: Pool,
  inboxKind: WorkspaceRecord['inboxKind'],
  inboxOrigin: string,
  inboxAccount: string,
): Promise<readonly WorkspaceRecord[]> {
  const { rows } = await db.query<Row>({
    name: 'list-workspaces-of-account',
    text: `
select ${columns} from workspaces
where inbox_kind = $1 and inbox_origin = $2 and inbox_account = $3 and state <> 'deleted'`,
    values: [inboxKind, inboxOrigin, inboxAccount],
  });
  return rows.map(decode);
}

export async function listWorkspaces(db: Pool): Promise<readonly WorkspaceRecord[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from workspaces where state <> 'deleted' order by created_at, id`,
  );
  return rows.map(decode);
}

/** Writes the given fields only. Null if there is no such workspace; `account-taken` if another one has the account. */
export async function updateWorkspace(
  db: Pool,
  id: string,
  change: Partial<
    Pick<
      WorkspaceRecord,
      | 'name'
      | 'inboxSettings'
      | 'inboxCredential'
      | 'inboxAccount'
      | 'inboxOrigin'
      | 'defaultSender'
      | 'conversationRules'
      | 'state'
      | 'problem'
    >
  >,
): Promise<WorkspaceRecord | null | 'account-taken'> {
  try {
    return await writeWorkspace(db, id, change);
  } catch (cause) {
    if (isDuplicate(cause, 'workspaces_account')) return 'account-taken';
    throw cause;
  }
}

async function writeWorkspace(
  db: Pool,
  id: string,
  change: Parameters<typeof updateWorkspace>[2],
): Promise<WorkspaceRecord | null> {
  const { rows } = await db.query<Row>(
    `update workspaces set
       name = coalesce($2, name),
       inbox_settings = coalesce($3, inbox_settings),
       inbox_credential = coalesce($4, inbox_credential),
       default_sender = case when $5 then $6 else default_sender end,
       state = coalesce($7, state),
       problem = case when $8 then $9 else problem end,
       inbox_account = case when $10 then $11 else inbox_account end,
       conversation_rules = coalesce($12, conversation_rules),
       inbox_origin = case when $10 then $13 else inbox_origin end
     where id = $1 and state <> 'deleted' returning ${columns}`,
    [
      id,
      change.name ?? null,
      change.inboxSettings === undefined ? null : JSON.stringify(change.inboxSettings),
      change.inboxCredential ?? null,
      'defaultSender' in change,
      change.defaultSender ?? null,
      change.state ?? null,
      'problem' in change,
      change.problem ?? null,
      'inboxAccount' in change,
      change.inboxAccount ?? null,
      change.conversationRules === undefined ? null : JSON.stringify(change.conversationRules),
      change.inboxOrigin ?? null,
    ],
  );
  return rows[0] ? decode(rows[0]) : null;
}

/**
 * Deletes a workspace. Its credential is deleted at once, its keys are revoked for good, and its messages are deleted
 * when their retention ends.
 */
export async function deleteWorkspace(db: Pool, id: string): Promise<boolean> {
  const { rows } = await db.query(
    `with gone as (
       update workspaces set state = 'deleted', inbox_credential = '' where id = $1 and state <> 'deleted' returning id
     ), ended as (
       delete from grants t using gone g where t.workspace_id = g.id
     ), revoked as (
       update keys k set revoked_at = coalesce(k.revoked_at, now()) from gone g where k.workspace_id = g.id
     ), letters as (
       update dead_letters d set state = 'discarded', decided_at = now(), note = 'its workspace was deleted'
       from gone g where d.workspace_id = g.id and d.state = 'waiting'
     )
     select id from gone`,
    [id],
  );
  return rows.length === 1;
}

/**
 * The inbox accepts the credential again. False if the workspace is not broken: a disabled workspace stays disabled.
 */
export async function markWorkspaceActive(db: Pool, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update workspaces set state = 'active', problem = null where id = $1 and state = 'broken'`,
    [id],
  );
  return rowCount === 1;
}

/**
 * The inbox refuses the credential. False if the workspace is not active: a workspace that a person disabled stays
 * disabled.
 */
export async function markWorkspaceBroken(db: Pool, id: string, problem: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update workspaces set state = 'broken', problem = $2 where id = $1 and state = 'active'`,
    [id, problem],
  );
  return rowCount === 1;
}

/** The queries of `store.workspaces`. */
export const workspaces = (db: Pool) =>
  bindQueries(db, {
    insert: insertWorkspace,
    read: readWorkspace,
    readByHookPath: readWorkspaceByHookPath,
    listOfAccount: listWorkspacesOfAccount,
    list: listWorkspaces,
    update: updateWorkspace,
    delete: deleteWorkspace,
    markBroken: markWorkspaceBroken,
    markActive: markWorkspaceActive,
  });
