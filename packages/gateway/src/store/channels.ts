import { type ChannelOptions, channelOptionsOf } from '@chatferry/contract';
import type { Pool } from 'pg';
import type { Bot } from '../ports/channel.ts';
import { originOf } from '../ports/secret.ts';
import { bindQueries } from './database/bind-queries.ts';
import { isDuplicate } from './database/is-conflict.ts';

export interface ChannelRecord {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly bot: Bot;
  /** Sealed: encrypted, and only the vault can open it. */
  readonly token: Buffer;
  readonly webhookSecret: Buffer;
  /** The opaque part of the webhook's address. */
  readonly hookPath: string;
  /** `direct`: the simulated chats of test mode. */
  readonly updates: 'polling' | 'webhook' | 'direct';
  readonly apiRoot: string;
  readonly fileRoot: string;
  readonly interactiveEnabled: boolean;
  readonly options: ChannelOptions;
  /** The inbox's own ids of the bot, as the inbox returned them when the bot was registered. */
  readonly inboxRef: Readonly<Record<string, string>>;
  readonly state: 'active' | 'disabled' | 'broken';
  readonly problem: string | null;
  readonly createdAt: Date;
}

interface Row {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly bot_id: string;
  readonly bot_username: string;
  readonly bot_name: string;
  readonly supports_inline_queries: boolean;
  readonly bot_former_username: string | null;
  readonly renamed_ms: number | null;
  readonly token: Buffer;
  readonly webhook_secret: Buffer;
  readonly hook_path: string;
  readonly updates: ChannelRecord['updates'];
  readonly api_root: string;
  readonly file_root: string;
  readonly interactive_enabled: boolean;
  readonly settings: object;
  readonly inbox_ref: Record<string, string>;
  readonly state: ChannelRecord['state'];
  readonly problem: string | null;
  readonly created_at: Date;
}

const columns = `id, workspace_id, name, bot_id::text, bot_username, bot_name, supports_inline_queries, bot_former_username,
  (extract(epoch from bot_renamed_at) * 1000)::float8 as renamed_ms, token, webhook_secret, hook_path, updates, api_root, file_root, interactive_enabled, settings,
  inbox_ref, state, problem, created_at`;

/** For how long customers' apps may still write to the former name of a bot, after the gateway noticed the new one. */
const formerNameMs = 3_600_000;

const decode = (row: Row): ChannelRecord => ({
  id: row.id,
  workspaceId: row.workspace_id,
  name: row.name,
  bot: {
    botId: row.bot_id,
    username: row.bot_username,
    name: row.bot_name,
    supportsInlineQueries: row.supports_inline_queries,
    ...(row.bot_former_username === null || row.renamed_ms === null
      ? {}
      : { former: { username: row.bot_former_username, untilMs: row.renamed_ms + formerNameMs } }),
  },
  token: row.token,
  webhookSecret: row.webhook_secret,
  hookPath: row.hook_path,
  updates: row.updates,
  apiRoot: row.api_root,
  fileRoot: row.file_root,
  interactiveEnabled: row.interactive_enabled,
  options: channelOptionsOf(row.settings),
  inboxRef: row.inbox_ref,
  state: row.state,
  problem: row.problem,
  createdAt: row.created_at,
});

export type NewChannel = Omit<ChannelRecord, 'state' | 'problem' | 'createdAt' | 'interactiveEnabled' | 'options'>;

/**
 * Null if another channel already has this bot: a bot belongs to one channel. A bot is identified by its id together with the
 * origin of the Bot API server that named it.
 */
export async function insertChannel(db: Pool, row: NewChannel): Promise<ChannelRecord | null> {
  const { rows } = await db.query<Row>(
    `insert into channels (id, workspace_id, name, bot_id, bot_username, bot_name, supports_inline_queries, token,
       webhook_secret, hook_path, updates, api_root, file_root, inbox_ref, bot_origin)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     on conflict (bot_origin, bot_id) where state <> 'deleted' do nothing
     returning ${columns}`,
    [
      row.id,
      row.workspaceId,
      row.name,
      row.bot.botId,
      row.bot.username,
      row.bot.name,
      row.bot.supportsInlineQueries,
      row.token,
      row.webhookSecret,
      row.hookPath,
      row.updates,
      row.apiRoot,
      row.fileRoot,
      JSON.stringify(row.inboxRef),
      originOf(row.apiRoot),
    ],
  );
  return rows[0] ? decode(rows[0]) : null;
}

export async function readChannel(db: Pool, id: string): Promise<ChannelRecord | null> {
  const { rows } = await db.query<Row>({
    name: 'read-channel',
    text: `select ${columns} from channels where id = $1 and state <> 'deleted'`,
    values: [id],
  });
  return rows[0] ? decode(rows[0]) : null;
}

/** The channel of the bot that this server names. */
export async function readChannelByBot(db: Pool, apiRoot: string, botId: string): Promise<ChannelRecord | null> {
  const { rows } = await db.query<Row>(
    `select ${columns} from channels where bot_origin = $1 and bot_id = $2 and state <> 'deleted'`,
    [originOf(apiRoot), botId],
  );
  return rows[0] ? decode(rows[0]) : null;
}

export async function readChannelByHookPath(db: Pool, hookPath: string): Promise<ChannelRecord | null> {
  const { rows } = await db.query<Row>({
    name: 'read-channel-by-hook-path',
    text: `select ${columns} from channels where hook_path = $1 and state <> 'deleted'`,
    values: [hookPath],
  });
  return rows[0] ? decode(rows[0]) : null;
}

export async function listChannels(
  db: Pool,
  filter: { readonly workspaceId?: string | undefined; readonly updates?: ChannelRecord['updates'] | undefined } = {},
): Promise<readonly ChannelRecord[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from channels
     where state <> 'deleted' and ($1::text is null or workspace_id = $1) and ($2::text is null or updates = $2)
     order by created_at, id`,
    [filter.workspaceId ?? null, filter.updates ?? null],
  );
  return rows.map(decode);
}

/** A channel that is called like its bot is renamed with it. */
const followedName = (username: string): string =>
  `case when name = '@' || bot_username then '@' || coalesce(${username}, bot_username) else name end`;

const formerName = (username: string): string => `
       bot_former_username = case when ${username} <> bot_username then bot_username else bot_former_username end,
       bot_renamed_at = case when ${username} <> bot_username then now() else bot_renamed_at end`;

/**
 * Stores what the provider says of the channel's bot, and its former name if it was renamed. False if the channel is gone, or
 * has another bot.
 */
export async function recordBot(db: Pool, id: string, bot: Bot): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'record-bot',
    text: `
update channels set name = ${followedName('$3::text')}, ${formerName('$3::text')},
  bot_username = $3, bot_name = $4, supports_inline_queries = $5
where id = $1 and bot_id = $2 and state <> 'deleted'`,
    values: [id, bot.botId, bot.username, bot.name, bot.supportsInlineQueries],
  });
  return rowCount === 1;
}

export type ChannelChange = Partial<
  Pick<
    ChannelRecord,
    | 'name'
    | 'bot'
    | 'token'
    | 'webhookSecret'
    | 'updates'
    | 'apiRoot'
    | 'fileRoot'
    | 'interactiveEnabled'
    | 'options'
    | 'inboxRef'
    | 'state'
    | 'problem'
  >
>;

/** Writes the given fields only. Null if there is no such channel; `bot-taken` if another one has its bot at the new server. */
export async function updateChannel(
  db: Pool,
  id: string,
  change: ChannelChange,
): Promise<ChannelRecord | null | 'bot-taken'> {
  try {
    return await writeChannel(db, id, change);
  } catch (cause) {
    if (isDuplicate(cause, 'channels_bot')) return 'bot-taken';
    throw cause;
  }
}

async function writeChannel(db: Pool, id: string, change: ChannelChange): Promise<ChannelRecord | null> {
  const { rows } = await db.query<Row>(
    `update channels set
       name = coalesce($2, ${followedName('$3')}),
       ${formerName('$3')},
       bot_username = coalesce($3, bot_username),
       bot_name = coalesce($4, bot_name),
       supports_inline_queries = coalesce($5, supports_inline_queries),
       token = coalesce($6, token),
       updates = coalesce($7, updates),
       api_root = coalesce($8, api_root),
       file_root = coalesce($9, file_root),
       interactive_enabled = coalesce($10, interactive_enabled),
       inbox_ref = coalesce($11, inbox_ref),
       state = coalesce($12, state),
       problem = case when $13 then $14 else problem end,
       settings = coalesce($15, settings),
       webhook_secret = coalesce($16, webhook_secret),
       bot_origin = coalesce($17, bot_origin)
     where id = $1 and state <> 'deleted' returning ${columns}`,
    [
      id,
      change.name ?? null,
      change.bot?.username ?? null,
      change.bot?.name ?? null,
      change.bot?.supportsInlineQueries ?? null,
      change.token ?? null,
      change.updates ?? null,
      change.apiRoot ?? null,
      change.fileRoot ?? null,
      change.interactiveEnabled ?? null,
      change.inboxRef === undefined ? null : JSON.stringify(change.inboxRef),
      change.state ?? null,
      'problem' in change,
      change.problem ?? null,
      change.options === undefined ? null : JSON.stringify(change.options),
      change.webhookSecret ?? null,
      change.apiRoot === undefined ? null : originOf(change.apiRoot),
    ],
  );
  return rows[0] ? decode(rows[0]) : null;
}

/**
 * Telegram refuses the bot's token. False if the channel is not active: a channel that a person disabled stays
 * disabled.
 */
export async function markChannelBroken(db: Pool, id: string, problem: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update channels set state = 'broken', problem = $2 where id = $1 and state = 'active'`,
    [id, problem],
  );
  return rowCount === 1;
}

/** Telegram accepts the bot's token again. False if the channel is not broken: a disabled channel stays disabled. */
export async function markChannelActive(db: Pool, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update channels set state = 'active', problem = null where id = $1 and state = 'broken'`,
    [id],
  );
  return rowCount === 1;
}

/**
 * Deletes a channel. Its token is deleted at once, its keys are revoked for good, and its messages are deleted when
 * their retention ends.
 */
export async function deleteChannel(db: Pool, id: string): Promise<boolean> {
  const { rows } = await db.query(
    `with gone as (
       update channels set state = 'deleted', token = '', webhook_secret = ''
       where id = $1 and state <> 'deleted' returning id
     ), revoked as (
       update keys k set revoked_at = coalesce(k.revoked_at, now()) from gone g where k.channel_id = g.id
     )
     select id from gone`,
    [id],
  );
  return rows.length === 1;
}

/** Pauses the whole bot for Telegram's retry_after. A shorter pause never replaces a longer one. */
export async function pauseBot(db: Pool, id: string, pauseMs: number): Promise<void> {
  await db.query(
    `update channels set paused_until = greatest(paused_until, now() + $2 * interval '1 ms') where id = $1`,
    [id, pauseMs],
  );
}

/** The bots that are paused now, with the remaining time. */
export async function listPausedBots(
  db: Pool,
): Promise<readonly { readonly channelId: string; readonly pauseMs: number }[]> {
  const { rows } = await db.query<{ id: string; pause_ms: number }>(
    `select id, ceil(extract(epoch from paused_until - now()) * 1000)::float8 as pause_ms
     from channels where paused_until > now() and state <> 'deleted'`,
  );
  return rows.map((row) => ({ channelId: row.id, pauseMs: row.pause_ms }));
}

export async function readPollOffset(db: Pool, id: string): Promise<string | null> {
  const { rows } = await db.query<{ poll_offset: string | null }>(
    `select poll_offset::text from channels where id = $1`,
    [id],
  );
  return rows[0]?.poll_offset ?? null;
}

/**
 * The updates before `offset` are stored and need not be polled again. A process that lost its lease changes nothing.
 */
export async function savePollOffset(db: Pool, id: string, offset: string, epoch: number): Promise<void> {
  await db.query({
    name: 'save-poll-offset',
    text: `
update channels set poll_offset = $2
where id = $1 and exists (select 1 from leases l where l.name = 'poll:' || $1 and l.epoch = $3)`,
    values: [id, offset, epoch],
  });
}

/** The queries of `store.channels`. */
export const channels = (db: Pool, epoch: number) => ({
  ...bindQueries(db, {
    insert: insertChannel,
    read: readChannel,
    readByBot: readChannelByBot,
    readByHookPath: readChannelByHookPath,
    update: updateChannel,
    recordBot,
    delete: deleteChannel,
    readPollOffset,
    markBroken: markChannelBroken,
    pauseBot,
    listPausedBots,
    markActive: markChannelActive,
    list: listChannels,
  }),
  listPolling: () => listChannels(db, { updates: 'polling' }),
  savePollOffset: (channelId: string, offset: string) => savePollOffset(db, channelId, offset, epoch),
});
