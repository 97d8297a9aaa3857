import {
  type ChangeChannelOptions,
  type Channel,
  type ChannelOptions,
  type Input,
  mergeChannelOptions,
} from '@chatferry/contract';
import type { Bot } from '../../ports/channel.ts';
import { Secret } from '../../ports/secret.ts';
import type { ChannelChange, ChannelRecord } from '../../store/channels.ts';
import { invalidValue } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import type { ChannelDeps } from './channel-deps.ts';
import { trimSlashes } from './connect-bot.ts';
import { assertReachable, directUpdates } from './direct-updates.ts';
import { assertChannel, findChannel } from './find-channel.ts';
import { sealToken, unsealWebhookSecret } from './seal-channel.ts';
import { showWithHealth } from './show-channel.ts';
import { unwrapCall } from './unwrap-call.ts';

type Body = Input<'updateChannel'>['body'];

/** Changes a channel. A change that concerns the provider is tried there first, and repairs a broken channel. */
export async function updateChannel(
  deps: ChannelDeps,
  _context: RequestContext,
  { params, body }: Input<'updateChannel'>,
): Promise<Channel> {
  const before = await findChannel(deps, params.channel_id);
  const change = changeOf(deps, before, body);
  if (body.updates !== undefined) assertReachable(deps.publicUrl, body.updates);
  const reopened = concernsProvider(body) ? await reopen(deps, before, change) : {};
  const record = assertChannel(await deps.store.channels.update(before.id, { ...change, ...reopened }));
  deps.onChange();
  return showWithHealth(deps, record);
}

const concernsProvider = ({ bot_token, api_root, updates, state }: Body): boolean =>
  bot_token !== undefined || api_root !== undefined || updates !== undefined || state === 'active';

function changeOf({ vault }: ChannelDeps, before: ChannelRecord, body: Body): ChannelChange {
  return {
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.bot_token === undefined ? {} : { token: sealToken(vault, before.id, new Secret(body.bot_token)) }),
    ...(body.updates === undefined ? {} : { updates: body.updates }),
    ...(body.api_root === undefined ? {} : { apiRoot: trimSlashes(body.api_root) }),
    ...(body.file_root === undefined ? {} : { fileRoot: trimSlashes(body.file_root) }),
    ...(body.interactive_enabled === undefined ? {} : { interactiveEnabled: body.interactive_enabled }),
    ...(body.options === undefined ? {} : { options: mergeOptions(before.options, body.options) }),
    ...(body.state === undefined ? {} : { state: body.state, problem: null }),
  };
}

/** Opens the bot as it will be after the change, and directs its updates. Resolves with what else changes. */
async function reopen(deps: ChannelDeps, before: ChannelRecord, change: ChannelChange): Promise<ChannelChange> {
  const after: ChannelRecord = { ...before, ...change };
  const channel = deps.openRecord(after);
  const bot = unwrapCall(deps.channelKind, await channel.describe());
  assertSameBot(before, bot);
  await directUpdates(deps.publicUrl, deps.channelKind, channel, {
    updates: after.updates,
    hookPath: after.hookPath,
    secret: unsealWebhookSecret(deps.vault, after),
  });
  const isRepaired = change.state === undefined && before.state === 'broken';
  return isRepaired ? { bot, state: 'active', problem: null } : { bot };
}

function assertSameBot(before: ChannelRecord, bot: Bot): void {
  if (bot.botId === before.bot.botId) return;
  throw invalidValue(
    '/bot_token',
    `bot_token must belong to @${before.bot.username}; this one belongs to @${bot.username}. Connect that bot as a channel of its own.`,
  );
}

function mergeOptions(before: ChannelOptions, change: ChangeChannelOptions): ChannelOptions {
  const result = mergeChannelOptions(before, change);
  if ('options' in result) return result.options;
  const path = ['options', ...result.missing];
  throw invalidValue(
    `/${path.join('/')}`,
    `You must supply ${path.join('.')} in your request payload: the channel has none yet.`,
  );
}
