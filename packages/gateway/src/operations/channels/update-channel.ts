import {
  type ChangeChannelOptions,
  type Channel,
  type ChannelOptions,
  type Input,
  mergeChannelOptions,
} from '@chatferry/contract';
import type { Bot } from '../../ports/channel.ts';
import { BoundSecret } from '../../ports/secret.ts';
import type { ChannelChange, ChannelRecord } from '../../store/channels.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import type { ChannelDeps } from './channel-deps.ts';
import { alreadyConnected, trimSlashes } from './connect-bot.ts';
import { assertReachable, directUpdates } from './direct-updates.ts';
import { assertChannel, findChannel } from './find-channel.ts';
import { sealToken, sealWebhookSecret, unsealToken, unsealWebhookSecret } from './seal-channel.ts';
import { showWithHealth } from './show-channel.ts';
import { unwrapCall } from './unwrap-call.ts';

type Body = Input<'updateChannel'>['body'];

/**
 * Changes a channel. A change that concerns the provider is tried there first, and repairs a broken channel. The stored token is never
 * sent to a server at another origin: such a change needs the token again, before anything is called.
 */
export async function updateChannel(
  deps: ChannelDeps,
  _context: RequestContext,
  { params, body }: Input<'updateChannel'>,
): Promise<Channel> {
  const before = await findChannel(deps, params.channel_id);
  assertHasBot(before, body);
  const change = changeOf(deps, before, body);
  if (body.updates !== undefined) assertReachable(deps.publicUrl, body.updates);
  const reopened = concernsProvider(body) ? await reopen(deps, before, change) : {};
  const updated = await deps.store.channels.update(before.id, { ...change, ...reopened });
  if (updated === 'bot-taken') throw alreadyConnected(before.bot, null);
  const record = assertChannel(updated);
  deps.onChange();
  return showWithHealth(deps, record);
}

const concernsProvider = ({ bot_token, api_root, file_root, updates, state }: Body): boolean =>
  [bot_token, api_root, file_root, updates].some((field) => field !== undefined) || state === 'active';

/** Throws TYPE_MISMATCH for a change of the bot of a test channel. */
function assertHasBot({ updates }: ChannelRecord, body: Body): void {
  const fields = ['bot_token', 'api_root', 'file_root', 'updates'] as const;
  const field = updates === 'direct' ? fields.find((name) => body[name] !== undefined) : undefined;
  if (field !== undefined)
    throw invalidValue(`/${field}`, `${field} must be left out: a test channel has no bot, and calls no server.`);
}

function changeOf(deps: ChannelDeps, before: ChannelRecord, body: Body): ChannelChange {
  return {
    ...changeOfServers(deps, before, body),
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.updates === undefined ? {} : { updates: body.updates }),
    ...(body.interactive_enabled === undefined ? {} : { interactiveEnabled: body.interactive_enabled }),
    ...(body.options === undefined ? {} : { options: mergeOptions(before.options, body.options) }),
    ...(body.state === undefined ? {} : { state: body.state, problem: null }),
  };
}

/** The servers and the secrets that are sent there. Throws ARGUMENT_MISSING where the token of the bot is needed again. */
function changeOfServers({ vault, random }: ChannelDeps, before: ChannelRecord, body: Body): ChannelChange {
  const { bot_token, api_root, file_root } = body;
  const apiRoot = trimSlashes(api_root ?? before.apiRoot);
  // Files come from the Bot API server, unless another server was named.
  const fileRoot = trimSlashes(file_root ?? (before.fileRoot === before.apiRoot ? apiRoot : before.fileRoot));
  const roots = api_root === undefined && file_root === undefined ? {} : { apiRoot, fileRoot };
  const isTokenOfThese = 'apiRoot' in roots ? unsealToken(vault, before).isFor([apiRoot, fileRoot]) : true;
  if (bot_token === undefined && !isTokenOfThese) throw tokenNeeded(file_root === undefined ? 'api_root' : 'file_root');
  const token =
    bot_token === undefined
      ? {}
      : { token: sealToken(vault, before.id, new BoundSecret(bot_token, [apiRoot, fileRoot])) };
  // The server before knows the secret of its webhook calls.
  const isSecretOfThis = 'apiRoot' in roots ? unsealWebhookSecret(vault, before).isFor([apiRoot]) : true;
  const secret = () => new BoundSecret(random.bytes(32).toString('base64url'), [apiRoot]);
  return {
    ...roots,
    ...token,
    ...(isSecretOfThis ? {} : { webhookSecret: sealWebhookSecret(vault, before.id, secret()) }),
  };
}

function tokenNeeded(field: 'api_root' | 'file_root'): ApiError {
  const message = `You must supply bot_token in your request payload: the stored token is not sent to the server of the new ${field}, which it was not given for.`;
  return new ApiError('ARGUMENT_MISSING', { message, details: [{ pointer: '/bot_token', message }] });
}

/** Opens the bot as it will be after the change, and directs its updates. Resolves with what else changes. */
async function reopen(deps: ChannelDeps, before: ChannelRecord, change: ChannelChange): Promise<ChannelChange> {
  const after: ChannelRecord = { ...before, ...change };
  const channel = deps.openRecord(after);
  const bot = unwrapCall(deps.channelKind, await channel.describe());
  assertSameBot(before, bot);
  if (change.fileRoot !== undefined) unwrapCall(deps.channelKind, await channel.reachFiles());
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
