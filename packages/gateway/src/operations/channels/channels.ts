import {
  type ChangeChannelOptions,
  type ChannelCheck,
  type ChannelOptions,
  type Channel as ChannelView,
  defaultKeyScopes,
  type Handlers,
  mergeChannelOptions,
} from '@chatferry/contract';
import { isFight } from '../../core/health/watch-webhook.ts';
import type { Channel, ChannelCredential } from '../../ports/channel.ts';
import type { Inbox, InboxKind } from '../../ports/inbox.ts';
import { Secret } from '../../ports/secret.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { ApiError, unfit } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import type { KeyDeps } from '../keys/key-deps.ts';
import { mintKey } from '../keys/mint-key.ts';
import { pageOf } from '../page.ts';
import { unsealInbox } from '../workspaces/seal-inbox.ts';
import { type ActivityDeps, type ChannelLife, livesOf } from './activity.ts';
import { checkChannel } from './check-channel.ts';
import { connectBot, trimmed } from './connect-bot.ts';
import { sealToken, unsealWebhookSecret } from './seal-channel.ts';
import { answered, assertReachable, hookUrl, steerUpdates } from './steer-updates.ts';

export interface ChannelDeps extends Pick<KeyDeps, 'digestOf' | 'clock' | 'random' | 'defaultLimit'> {
  readonly store: KeyDeps['store'] &
    StoreSlice<{
      readonly channels: 'insert' | 'readByBot' | 'list' | 'update' | 'delete' | 'markActive';
      readonly workspaces: 'markActive';
      readonly webhookWatches: 'read' | 'save';
    }> &
    ActivityDeps['store'];
  readonly vault: Vault;
  readonly defaults: { readonly apiRoot: string; readonly fileRoot: string };
  /** Where Telegram reaches this gateway; null where it does not. */
  readonly publicUrl: string | null;
  readonly openBot: (credential: ChannelCredential) => Channel;
  readonly openRecord: (record: ChannelRecord) => Channel;
  readonly openInbox: (record: WorkspaceRecord) => Inbox;
  readonly inboxKinds: Readonly<Record<InboxKind['kind'], InboxKind>>;
  readonly onChange: () => void;
}

export type ChannelChange = Partial<
  Pick<
    ChannelRecord,
    | 'name'
    | 'bot'
    | 'token'
    | 'updates'
    | 'apiRoot'
    | 'fileRoot'
    | 'interactiveEnabled'
    | 'options'
    | 'state'
    | 'problem'
    | 'inboxRef'
  >
>;

type ChannelHandlers = Pick<
  Handlers<RequestContext>,
  'createChannel' | 'listChannels' | 'getChannel' | 'updateChannel' | 'deleteChannel' | 'checkChannel' | 'repairChannel'
>;

const show = (record: ChannelRecord, { activity, legs }: ChannelLife): ChannelView => ({
  id: record.id,
  workspace_id: record.workspaceId,
  name: record.name,
  bot: {
    id: record.bot.botId,
    username: record.bot.username,
    supports_inline_queries: record.bot.supportsInlineQueries,
  },
  updates: record.updates,
  api_root: record.apiRoot,
  file_root: record.fileRoot,
  interactive_enabled: record.interactiveEnabled,
  options: record.options,
  state: record.state,
  problem: record.problem,
  activity,
  legs: [...legs],
  created_at: record.createdAt.toISOString(),
});

export function channelHandlers(
  deps: ChannelDeps,
): ChannelHandlers & { deleteChannelsOf(workspaceId: string): Promise<void> } {
  const { store, vault } = deps;

  const showAlive = async (record: ChannelRecord): Promise<ChannelView> =>
    show(record, (await livesOf(deps, [record]))(record));

  const mendBroken = async (
    { id, state }: Pick<ChannelRecord, 'id' | 'state'>,
    mend: (id: string) => Promise<boolean>,
  ): Promise<boolean> => {
    const isMended = state === 'broken' && (await mend(id));
    if (isMended) deps.onChange();
    return isMended;
  };

  const check = async (record: ChannelRecord): Promise<ChannelCheck> => {
    const workspace = await store.workspaces.read(record.workspaceId);
    if (!workspace) throw new Error(`channel ${record.id} has no workspace`);
    return checkChannel({
      record,
      mend: {
        channel: () => mendBroken(record, store.channels.markActive),
        workspace: () => mendBroken(workspace, store.workspaces.markActive),
      },
      channel: deps.openRecord(record),
      inbox: deps.openInbox(workspace),
      hookUrl: deps.publicUrl === null ? null : hookUrl(deps.publicUrl, record.hookPath),
      life: (await livesOf(deps, [record]))(record),
      isSigned: unsealInbox(vault, workspace).client_secret !== undefined,
      now: new Date(deps.clock.nowMs()).toISOString(),
    });
  };

  const remove = async (record: ChannelRecord): Promise<void> => {
    // Best effort: a bot whose token is dead is deleted all the same.
    if (record.updates === 'webhook') await deps.openRecord(record).removeWebhook();
    await store.channels.delete(record.id);
  };

  return {
    async createChannel(_context, { body }) {
      const workspace = await store.workspaces.read(body.workspace_id);
      if (!workspace)
        throw new ApiError('NOT_FOUND', { message: 'There is no such workspace. GET /api/v1/workspaces lists them.' });
      const record = await connectBot(deps, {
        workspace,
        token: new Secret(body.bot_token),
        name: body.name,
        updates: body.updates,
        apiRoot: body.api_root,
        fileRoot: body.file_root,
        choice: { inboxId: body.inbox_id },
      });
      const key = await mintKey(deps, {
        workspaceId: workspace.id,
        channelId: record.id,
        name: `Key of ${record.name}`,
        scopes: defaultKeyScopes,
        networks: [],
        limit: deps.defaultLimit,
        expiresAt: null,
      });
      deps.onChange();
      return { ...(await showAlive(record)), key: { id: key.record.id, secret: key.secret } };
    },

    async listChannels(_context, { query }) {
      const page = pageOf(await store.channels.list({ workspaceId: query.workspace_id }), query, (record) => record);
      const lifeOf = await livesOf(deps, page.data);
      return { ...page, data: page.data.map((record) => show(record, lifeOf(record))) };
    },

    async getChannel(_context, { params }) {
      return showAlive(found(await store.channels.read(params.channel_id)));
    },

    async updateChannel(_context, { params, body }) {
      const before = found(await store.channels.read(params.channel_id));
      const token = body.bot_token === undefined ? null : new Secret(body.bot_token);
      const change: ChannelChange = {
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(token === null ? {} : { token: sealToken(vault, before.id, token) }),
        ...(body.updates === undefined ? {} : { updates: body.updates }),
        ...(body.api_root === undefined ? {} : { apiRoot: trimmed(body.api_root) }),
        ...(body.file_root === undefined ? {} : { fileRoot: trimmed(body.file_root) }),
        ...(body.interactive_enabled === undefined ? {} : { interactiveEnabled: body.interactive_enabled }),
        ...(body.options === undefined ? {} : { options: merged(before.options, body.options) }),
        ...(body.state === undefined ? {} : { state: body.state, problem: null }),
      };
      const after: ChannelRecord = { ...before, ...change };
      if (body.updates !== undefined) assertReachable(deps.publicUrl, body.updates);
      const reopened =
        token !== null || body.api_root !== undefined || body.updates !== undefined || body.state === 'active';
      if (!reopened) {
        const record = found(await store.channels.update(before.id, change));
        deps.onChange();
        return showAlive(record);
      }
      const channel = deps.openRecord(after);
      const bot = answered(await channel.describe());
      if (bot.botId !== before.bot.botId) {
        throw unfit(
          '/bot_token',
          `bot_token must belong to @${before.bot.username}; this one is of @${bot.username}. Connect that bot as a channel of its own.`,
        );
      }
      await steerUpdates(deps.publicUrl, channel, {
        updates: after.updates,
        hookPath: after.hookPath,
        secret: unsealWebhookSecret(vault, after),
      });
      const mended =
        body.state === undefined && before.state === 'broken' ? ({ state: 'active', problem: null } as const) : {};
      const record = found(await store.channels.update(before.id, { ...change, ...mended, bot }));
      deps.onChange();
      return showAlive(record);
    },

    async deleteChannel(_context, { params }) {
      await remove(found(await store.channels.read(params.channel_id)));
      deps.onChange();
      return undefined;
    },

    async checkChannel(_context, { params }) {
      return check(found(await store.channels.read(params.channel_id)));
    },

    async repairChannel(_context, { params, body }) {
      const record = found(await store.channels.read(params.channel_id));
      const watch = await store.webhookWatches.read(record.id);
      if (watch !== null && isFight(watch) && !body.force) throw fought(watch.takenAtMs.length);
      const secret = unsealWebhookSecret(vault, record);
      await steerUpdates(deps.publicUrl, deps.openRecord(record), { ...record, secret });
      // So that it counts when they are taken again.
      if (watch !== null) {
        await store.webhookWatches.save(record.id, { seen: { ...watch, finding: 'ours', host: null }, suspect: false });
      }
      deps.onChange();
      return check(record);
    },

    async deleteChannelsOf(workspaceId) {
      for (const record of await store.channels.list({ workspaceId })) await remove(record);
    },
  };
}

function merged(before: ChannelOptions, change: ChangeChannelOptions): ChannelOptions {
  const result = mergeChannelOptions(before, change);
  if ('options' in result) return result.options;
  const place = ['options', ...result.missing];
  throw unfit(
    `/${place.join('/')}`,
    `You must supply ${place.join('.')} in your request payload: the channel has none yet.`,
  );
}

const fought = (times: number): ApiError =>
  unfit(
    '/force',
    `Another system has taken the updates of this bot ${times} times within a day; taking turns with it helps nobody. End it, or revoke the bot token in BotFather and set the new one. force must be true to repair all the same.`,
  );

function found(record: ChannelRecord | null): ChannelRecord {
  if (!record)
    throw new ApiError('NOT_FOUND', { message: 'There is no such channel. GET /api/v1/channels lists them.' });
  return record;
}
