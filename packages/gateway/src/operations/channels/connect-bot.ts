import { testInboxKind } from '@chatferry/contract';
import type { Bot } from '../../ports/channel.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { ConnectChoice, Inbox } from '../../ports/inbox.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import { BoundSecret } from '../../ports/secret.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import { newId } from '../new-id.ts';
import { unsealInbox } from '../workspaces/seal-inbox.ts';
import { assertReachable, directUpdates } from './direct-updates.ts';
import { sealToken, sealWebhookSecret } from './seal-channel.ts';
import { unwrapCall } from './unwrap-call.ts';

export interface ConnectBotDeps {
  readonly store: StoreSlice<{ readonly channels: 'insert' | 'readByBot' | 'update' | 'delete' }>;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly defaults: { readonly apiRoot: string; readonly fileRoot: string };
  /** The address at which the providers reach this gateway. Null if they do not. */
  readonly publicUrl: string | null;
  readonly channelKind: ChannelKind;
  readonly openInbox: (record: WorkspaceRecord) => Inbox;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
}

export interface BotToConnect {
  readonly workspace: WorkspaceRecord;
  /** As the caller gave it. It is bound to the servers that the bot is opened at. */
  readonly token: string;
  readonly name?: string | undefined;
  readonly updates?: 'polling' | 'webhook' | undefined;
  readonly apiRoot?: string | undefined;
  readonly fileRoot?: string | undefined;
  readonly choice: ConnectChoice;
}

/**
 * Connects a bot: its provider must accept its token, the inbox must accept the bot, and its updates are directed to this gateway. A
 * connection that was begun in the inbox's settings may name a bot that is connected already. Then only the inbox learns about it.
 */
export async function connectBot(deps: ConnectBotDeps, ask: BotToConnect): Promise<ChannelRecord> {
  const { store, vault, publicUrl, channelKind } = deps;
  const { workspace, choice } = ask;
  assertNotTestMode(workspace);
  const updates = ask.updates ?? (publicUrl === null ? 'polling' : 'webhook');
  assertReachable(publicUrl, updates);
  assertInboxCanCall(deps, workspace);
  const apiRoot = trimSlashes(ask.apiRoot ?? deps.defaults.apiRoot);
  const fileRoot = trimSlashes(ask.fileRoot ?? ask.apiRoot ?? deps.defaults.fileRoot);
  const token = new BoundSecret(ask.token, [apiRoot, fileRoot]);
  const channel = channelKind.open({ token, apiRoot, fileRoot });
  const bot = unwrapCall(channelKind, await channel.describe());
  if (ask.fileRoot !== undefined) unwrapCall(channelKind, await channel.reachFiles());
  const known = await store.channels.readByBot(apiRoot, bot.botId);
  const isKnownHere = choice.begun !== undefined && known?.workspaceId === workspace.id;
  if (known !== null && !isKnownHere) throw alreadyConnected(bot, known.workspaceId === workspace.id ? known.id : null);
  const inboxRef = await registerWithInbox(deps.openInbox(workspace), bot, choice);
  if (known !== null) return renewRef(store, known, inboxRef);

  const id = newId('channel', deps.clock, deps.random);
  const hookPath = deps.random.bytes(24).toString('base64url');
  const secret = new BoundSecret(deps.random.bytes(32).toString('base64url'), [apiRoot]);
  const record = await store.channels.insert({
    id,
    workspaceId: workspace.id,
    name: ask.name ?? `@${bot.username}`,
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
  // Only now: of several callers who connect the bot at the same time, one has it. The others must not move its updates away.
  try {
    await directUpdates(publicUrl, channelKind, channel, { updates, hookPath, secret });
  } catch (cause) {
    await store.channels.delete(id);
    throw cause;
  }
  return record;
}

async function renewRef(
  { channels }: ConnectBotDeps['store'],
  known: ChannelRecord,
  inboxRef: ChannelRecord['inboxRef'],
): Promise<ChannelRecord> {
  const updated = await channels.update(known.id, { inboxRef });
  return updated === null || updated === 'bot-taken' ? known : updated;
}

export const trimSlashes = (root: string): string => root.replace(/(?<!\/)\/+$/, '');

/** A real bot there would be reached by keys that promise to reach none. */
function assertNotTestMode({ id, inboxKind }: WorkspaceRecord): void {
  if (inboxKind !== testInboxKind) return;
  throw invalidValue(
    '/workspace_id',
    `${id} is a workspace of test mode, which has its own channel and no bots. Connect the bot to a workspace with an inbox.`,
  );
}

function assertInboxCanCall({ publicUrl, vault, inboxKinds }: ConnectBotDeps, workspace: WorkspaceRecord): void {
  if (publicUrl !== null) return;
  const input = unsealInbox(vault, workspace);
  const problem = inboxKinds[workspace.inboxKind].whyPublicAddressIsNeeded(input, workspace.id);
  if (problem !== null) throw invalidValue('/workspace_id', problem);
}

async function registerWithInbox(
  inbox: Inbox,
  bot: Bot,
  choice: ConnectChoice,
): Promise<Readonly<Record<string, string>>> {
  const known = { botId: bot.botId, username: bot.username, name: bot.name };
  const outcome = await (inbox.inboxes?.connectChannel(known, choice) ?? inbox.connectChannel(known));
  if (outcome.kind === 'ok') return outcome.value;
  if (outcome.kind === 'deferred' || outcome.kind === 'uncertain') {
    throw new ApiError('UNAVAILABLE', {
      message: `The inbox could not be reached to connect this bot (${outcome.detail}); nothing was changed. Try again.`,
      retryAfterMs: 5_000,
    });
  }
  const message = `The inbox of this workspace did not accept the bot: ${outcome.detail}`;
  if (outcome.kind !== 'broken') throw invalidValue('/workspace_id', message);
  throw new ApiError('INBOX_REFUSED', { message, details: [{ pointer: '/workspace_id', message }] });
}

/** `channelId` is null for a channel of another workspace, which the caller may not know. */
export function alreadyConnected(bot: Pick<Bot, 'username'>, channelId: string | null): ApiError {
  const message =
    channelId === null
      ? `@${bot.username} is already connected to this gateway; a bot belongs to one channel. If that channel is yours, delete it first; otherwise use another bot, or ask the operator of the gateway.`
      : `@${bot.username} is already connected as ${channelId}; a bot belongs to one channel. Delete that channel first, or use another bot.`;
  return new ApiError('ALREADY_CONNECTED', { message, details: [{ pointer: '/bot_token', message }] });
}
