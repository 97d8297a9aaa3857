import {
  type ChangeChannelOptions,
  type ChannelCheck,
  type ChannelOptions,
  type Channel as ChannelView,
  type Handlers,
  mergeChannelOptions,
} from '@chatferry/contract';
import { isFight, type WebhookWatch } from '../../core/watch-webhook.ts';
import type { Bot, CallOutcome, Channel, ChannelCredential } from '../../ports/channel.ts';
import type { ConnectChoice, Inbox, InboxKind } from '../../ports/inbox.ts';
import { Secret } from '../../ports/secret.ts';
import type { ChannelRecord, NewChannel } from '../../store/channels.ts';
import type { Vault } from '../../store/sealed.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { ApiError, unfit } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { type KeyDeps, mintKey } from '../keys/keys.ts';
import { newId } from '../new-id.ts';
import { pageOf } from '../page.ts';
import { inboxHookUrl } from '../workspaces/hook-urls.ts';
import { unsealInbox } from '../workspaces/seal-inbox.ts';
import { type ActivityStore, activityOf, noActivity } from './activity.ts';
import { checkChannel } from './check-channel.ts';
import { sealToken, sealWebhookSecret, unsealWebhookSecret } from './seal-channel.ts';

export interface ChannelDeps extends Pick<KeyDeps, 'digestOf' | 'clock' | 'random' | 'defaultLimit'> {
  readonly store: KeyDeps['store'] & {
    insertChannel(row: NewChannel): Promise<ChannelRecord | null>;
    readChannelByBot(botId: string): Promise<ChannelRecord | null>;
    listChannels(filter: { readonly workspaceId?: string | undefined }): Promise<readonly ChannelRecord[]>;
    updateChannel(id: string, change: ChannelChange): Promise<ChannelRecord | null>;
    deleteChannel(id: string): Promise<boolean>;
    /** Each true where it was broken, and is active now. */
    mendChannel(id: string): Promise<boolean>;
    mendWorkspace(id: string): Promise<boolean>;
    readWebhookWatch(channelId: string): Promise<WebhookWatch | null>;
    saveWebhookWatch(
      channelId: string,
      look: { readonly seen: WebhookWatch; readonly suspect: boolean } | null,
    ): Promise<void>;
  } & ActivityStore;
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
  >
>;

type ChannelHandlers = Pick<
  Handlers<RequestContext>,
  'createChannel' | 'listChannels' | 'getChannel' | 'updateChannel' | 'deleteChannel' | 'checkChannel' | 'repairChannel'
>;

const show = (record: ChannelRecord, activity: ChannelView['activity']): ChannelView => ({
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
  created_at: record.createdAt.toISOString(),
});

export function channelHandlers(
  deps: ChannelDeps,
): ChannelHandlers & { deleteChannelsOf(workspaceId: string): Promise<void> } {
  const { store, vault } = deps;

  const showAlive = async (record: ChannelRecord): Promise<ChannelView> =>
    show(record, (await activityOf(store, [record]))(record));

  const mendBroken = async (
    { id, state }: Pick<ChannelRecord, 'id' | 'state'>,
    mend: (id: string) => Promise<boolean>,
  ): Promise<boolean> => {
    const isMended = state === 'broken' && (await mend(id));
    if (isMended) deps.onChange();
    return isMended;
  };

  const check = async (record: ChannelRecord): Promise<ChannelCheck> => {
    const workspace = await store.readWorkspace(record.workspaceId);
    if (!workspace) throw new Error(`channel ${record.id} has no workspace`);
    return checkChannel({
      record,
      mend: {
        channel: () => mendBroken(record, store.mendChannel),
        workspace: () => mendBroken(workspace, store.mendWorkspace),
      },
      channel: deps.openRecord(record),
      inbox: deps.openInbox(workspace),
      hookUrl: deps.publicUrl === null ? null : hookUrl(deps.publicUrl, record.hookPath),
      replies: {
        activity: (await activityOf(store, [record]))(record),
        inboxUrl: deps.publicUrl === null ? null : inboxHookUrl(deps.publicUrl, workspace),
        topics: deps.inboxKinds[workspace.inboxKind].webhookTopics,
        isSigned: unsealInbox(vault, workspace).client_secret !== undefined,
      },
    });
  };

  const remove = async (record: ChannelRecord): Promise<void> => {
    // Best effort: a bot whose token is dead is deleted all the same.
    if (record.updates === 'webhook') await deps.openRecord(record).removeWebhook();
    await store.deleteChannel(record.id);
  };

  return {
    async createChannel(_context, { body }) {
      const workspace = await store.readWorkspace(body.workspace_id);
      if (!workspace)
        throw new ApiError('NOT_FOUND', { message: 'There is no such workspace. GET /api/v1/workspaces lists them.' });
      const updates = body.updates ?? (deps.publicUrl === null ? 'polling' : 'webhook');
      assertReachable(deps.publicUrl, updates);
      assertInboxCanCall(deps, workspace);
      const token = new Secret(body.bot_token);
      const apiRoot = trimmed(body.api_root ?? deps.defaults.apiRoot);
      const fileRoot = trimmed(body.file_root ?? body.api_root ?? deps.defaults.fileRoot);
      const channel = deps.openBot({ token, apiRoot, fileRoot });
      const bot = answered(await channel.describe());
      const other = await store.readChannelByBot(bot.botId);
      if (other) throw alreadyConnected(bot, other.id);
      const inboxRef = await introduce(deps.openInbox(workspace), bot, { inboxId: body.inbox_id });

      const id = newId('channel', deps.clock, deps.random);
      const hookPath = deps.random.bytes(24).toString('base64url');
      const secret = new Secret(deps.random.bytes(32).toString('base64url'));
      await steerUpdates(deps, channel, { updates, hookPath, secret });
      const record = await store.insertChannel({
        id,
        workspaceId: workspace.id,
        name: body.name ?? `@${bot.username}`,
        bot,
        token: sealToken(vault, id, token),
        webhookSecret: sealWebhookSecret(vault, id, secret),
        hookPath,
        updates,
        apiRoot,
        fileRoot,
        inboxRef,
      });
      if (!record) throw alreadyConnected(bot, null);
      const key = await mintKey(deps, {
        workspaceId: workspace.id,
        channelId: id,
        name: `Key of ${record.name}`,
        limit: deps.defaultLimit,
        expiresAt: null,
      });
      deps.onChange();
      return { ...show(record, noActivity), key: { id: key.record.id, secret: key.secret } };
    },

    async listChannels(_context, { query }) {
      const page = pageOf(await store.listChannels({ workspaceId: query.workspace_id }), query, (record) => record);
      const activity = await activityOf(store, page.data);
      return { ...page, data: page.data.map((record) => show(record, activity(record))) };
    },

    async getChannel(_context, { params }) {
      return showAlive(found(await store.readChannel(params.channel_id)));
    },

    async updateChannel(_context, { params, body }) {
      const before = found(await store.readChannel(params.channel_id));
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
        const record = found(await store.updateChannel(before.id, change));
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
      await steerUpdates(deps, channel, {
        updates: after.updates,
        hookPath: after.hookPath,
        secret: unsealWebhookSecret(vault, after),
      });
      const mended =
        body.state === undefined && before.state === 'broken' ? ({ state: 'active', problem: null } as const) : {};
      const record = found(await store.updateChannel(before.id, { ...change, ...mended, bot }));
      deps.onChange();
      return showAlive(record);
    },

    async deleteChannel(_context, { params }) {
      await remove(found(await store.readChannel(params.channel_id)));
      deps.onChange();
      return undefined;
    },

    async checkChannel(_context, { params }) {
      return check(found(await store.readChannel(params.channel_id)));
    },

    async repairChannel(_context, { params, body }) {
      const record = found(await store.readChannel(params.channel_id));
      const watch = await store.readWebhookWatch(record.id);
      if (watch !== null && isFight(watch) && !body.force) throw fought(watch.takenAtMs.length);
      const secret = unsealWebhookSecret(vault, record);
      await steerUpdates(deps, deps.openRecord(record), { ...record, secret });
      // So that it counts when they are taken again.
      if (watch !== null) {
        await store.saveWebhookWatch(record.id, { seen: { ...watch, finding: 'ours', host: null }, suspect: false });
      }
      deps.onChange();
      return check(record);
    },

    async deleteChannelsOf(workspaceId) {
      for (const record of await store.listChannels({ workspaceId })) await remove(record);
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

/** Where Telegram delivers a channel's updates: the path is opaque and carries no token. */
export const hookUrl = (publicUrl: string, hookPath: string): string => `${publicUrl}/hooks/telegram/${hookPath}`;

const trimmed = (root: string): string => root.replace(/\/+$/, '');

async function steerUpdates(
  deps: ChannelDeps,
  channel: Channel,
  ask: { readonly updates: ChannelRecord['updates']; readonly hookPath: string; readonly secret: Secret },
): Promise<void> {
  if (ask.updates === 'polling') {
    answered(await channel.removeWebhook());
    return;
  }
  const publicUrl = assertReachable(deps.publicUrl, ask.updates);
  answered(await channel.registerWebhook(hookUrl(publicUrl, ask.hookPath), ask.secret));
}

function assertReachable(publicUrl: string | null, updates: ChannelRecord['updates']): string {
  if (publicUrl !== null || updates === 'polling') return publicUrl ?? '';
  throw unfit(
    '/updates',
    'updates can only be "webhook" when the gateway knows its public address: set CHATFERRY_PUBLIC_URL, or use "polling".',
  );
}

function answered<T>(outcome: CallOutcome<T>): T {
  switch (outcome.kind) {
    case 'ok':
      return outcome.value;
    case 'refused':
      throw new ApiError('TELEGRAM_REJECTED', {
        message: outcome.broken
          ? 'Telegram does not accept this bot token. Copy it again from BotFather (/mybots, your bot, API Token).'
          : `Telegram refused: ${outcome.detail}`,
        details: [{ pointer: outcome.broken ? '/bot_token' : '', message: outcome.detail }],
        telegram: { error_code: outcome.providerCode, description: outcome.detail },
      });
    case 'unavailable':
      throw new ApiError('UNAVAILABLE', {
        message: `Telegram could not be reached (${outcome.detail}); nothing was changed. Try again.`,
        retryAfterMs: outcome.retryAfterMs ?? 5_000,
      });
  }
}

/** HubSpot: a custom channel has one address that HubSpot calls; it is registered with the first bot. */
function assertInboxCanCall({ publicUrl, vault }: ChannelDeps, workspace: WorkspaceRecord): void {
  const input = unsealInbox(vault, workspace);
  if (publicUrl !== null || input.kind !== 'hubspot' || input.channel_id !== undefined) return;
  throw unfit(
    '/workspace_id',
    `HubSpot needs an address to call, and this gateway has none: start it again with CHATFERRY_PUBLIC_URL set. Or set inbox.channel_id of the workspace ${workspace.id} to a custom channel that exists in HubSpot already.`,
  );
}

async function introduce(inbox: Inbox, bot: Bot, choice: ConnectChoice): Promise<Readonly<Record<string, string>>> {
  const outcome = await inbox.connectChannel({ botId: bot.botId, username: bot.username, name: bot.name }, choice);
  if (outcome.kind === 'ok') return outcome.value;
  if (outcome.kind === 'deferred' || outcome.kind === 'uncertain') {
    throw new ApiError('UNAVAILABLE', {
      message: `The inbox could not be told about this bot (${outcome.detail}); nothing was changed. Try again.`,
      retryAfterMs: 5_000,
    });
  }
  throw unfit('/workspace_id', `The inbox of this workspace did not take the bot: ${outcome.detail}`);
}

const alreadyConnected = (bot: Bot, channelId: string | null): ApiError =>
  unfit(
    '/bot_token',
    `@${bot.username} is connected already${channelId === null ? '' : ` as ${channelId}`}; a bot belongs to one channel. Delete that channel first, or use another bot.`,
  );

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
