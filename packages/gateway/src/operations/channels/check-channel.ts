import type { ChannelCheck, Input } from '@chatferry/contract';
import { remedyOf } from '../../core/health/channel-legs.ts';
import { formerRemedy, isFormerAddress } from '../../core/health/watch-webhook.ts';
import { followBot } from '../../engine/upkeep/follow-bot.ts';
import type { Bot, Channel } from '../../ports/channel.ts';
import type { Inbox } from '../../ports/inbox.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { RequestContext } from '../context.ts';
import { unsealInbox } from '../workspaces/seal-inbox.ts';
import type { ChannelDeps } from './channel-deps.ts';
import { hookUrl } from './direct-updates.ts';
import { findChannel } from './find-channel.ts';
import { type ChannelHealth, readChannelHealth } from './read-channel-health.ts';

type Leg = Omit<ChannelCheck['legs'][number], 'since'>;

/** What the checks of the legs need. */
interface CheckSubject {
  readonly record: ChannelRecord;
  readonly channel: Channel;
  readonly inbox: Inbox;
  /** The address that the channel's provider must call. Null if the gateway has no public address. */
  readonly hookUrl: string | null;
  readonly health: ChannelHealth;
  /** Whether the workspace has the secret with which the inbox signs its calls. */
  readonly isSigned: boolean;
  /** The time of the check, as ISO 8601. */
  readonly now: string;
  /** Stores what the bot is called now. Resolves with false if that was known. */
  readonly followBot: (bot: Bot) => Promise<boolean>;
  /** Marks a broken channel as active. Resolves with false if it was not broken. */
  readonly markChannelActive: () => Promise<boolean>;
  /** The same for a broken workspace. */
  readonly markWorkspaceActive: () => Promise<boolean>;
}

export async function checkChannel(
  deps: ChannelDeps,
  _context: RequestContext,
  { params }: Input<'checkChannel'>,
): Promise<ChannelCheck> {
  return checkRecord(deps, await findChannel(deps, params.channel_id));
}

/**
 * Asks the provider behind every leg of a channel whether the leg works, and says what to do where it does not. A channel or
 * workspace that was marked broken and works again is marked active.
 */
export async function checkRecord(deps: ChannelDeps, record: ChannelRecord): Promise<ChannelCheck> {
  const subject = await readSubject(deps, record);
  const [sending, updates, inbox] = await Promise.all([
    checkSending(subject),
    checkUpdates(subject),
    checkInbox(subject),
  ]);
  const legs = [sending, updates, ...inbox, checkReplies(subject)];
  return {
    ok: legs.every((leg) => leg.ok),
    legs: legs.map((leg) => ({ ...leg, since: sinceOf(leg, subject) })),
  };
}

async function readSubject(deps: ChannelDeps, record: ChannelRecord): Promise<CheckSubject> {
  const { store, publicUrl, clock } = deps;
  const workspace = await store.workspaces.read(record.workspaceId);
  if (!workspace) throw new Error(`channel ${record.id} has no workspace`);
  const healthOf = await readChannelHealth(deps, [record]);
  return {
    record,
    channel: deps.openRecord(record),
    inbox: deps.openInbox(workspace),
    hookUrl: publicUrl === null ? null : hookUrl(publicUrl, deps.channelKind, record.hookPath),
    health: healthOf(record),
    isSigned: unsealInbox(deps.vault, workspace).client_secret !== undefined,
    now: new Date(clock.nowMs()).toISOString(),
    followBot: (bot) => followBotNow(deps, record, bot),
    markChannelActive: () => markActive(deps, record, store.channels.markActive),
    markWorkspaceActive: () => markActive(deps, workspace, store.workspaces.markActive),
  };
}

async function followBotNow(deps: ChannelDeps, record: ChannelRecord, bot: Bot): Promise<boolean> {
  const isChanged = await followBot(deps, record, bot);
  if (isChanged) deps.onChange();
  return isChanged;
}

async function markActive(
  { onChange }: ChannelDeps,
  { id, state }: Pick<ChannelRecord, 'id' | 'state'>,
  mark: (id: string) => Promise<boolean>,
): Promise<boolean> {
  const isMarked = state === 'broken' && (await mark(id));
  if (isMarked) onChange();
  return isMarked;
}

/** Since when the leg has been in the state that was found. The time of the check where the last known state was another one. */
function sinceOf({ name, ok }: Leg, { health, now }: CheckSubject): string | null {
  const { since, failingSince } = health.factsOf(name);
  if (ok) return failingSince === null ? since : now;
  return failingSince ?? (since === null ? null : now);
}

const legWith = (name: Leg['name'], ok: boolean, sentences: readonly string[]): Leg => ({
  name,
  ok,
  detail: sentences.filter((sentence) => sentence !== '').join(' '),
});

/** Whether the inbox reports the agents' replies to this gateway. The gateway also searches for replies, but that takes longer. */
function checkReplies({ record, health, isSigned }: CheckSubject): Leg {
  const { last_inbox_event_at: lastEvent, last_entry_at: lastEntry } = health.activity;
  const { inboxUrl, topics } = health.subject;
  const { failingSince, problem } = health.factsOf('inbox_in');
  const leg = (ok: boolean, ...sentences: readonly string[]) => legWith('inbox_in', ok, sentences);
  if (record.updates === 'direct') return leg(true, 'No agent answers in test mode, whose inbox is the log.');
  if (inboxUrl === null) {
    return leg(
      true,
      'The inbox cannot report replies to this gateway, which finds them later by searching: set CHATFERRY_PUBLIC_URL.',
    );
  }
  const secret = isSigned ? '' : 'Set the client secret of the workspace: without it no event is accepted.';
  const how = remedyOf('inbox_in', health.subject);
  if (failingSince !== null) {
    const last =
      lastEvent === null
        ? 'No event of the inbox was ever received.'
        : `No event of the inbox was received since ${lastEvent}.`;
    return leg(false, last, problem === null ? '' : `${problem}.`, secret, how);
  }
  if (lastEvent !== null) return leg(true, `Events of the inbox arrive, the last one at ${lastEvent}.`);
  if (topics.length === 0)
    return leg(true, `No event of the inbox was received yet; the inbox sends the agents' replies to ${inboxUrl}.`);
  return lastEntry === null
    ? leg(true, 'Nothing was written into the inbox yet, and no event of it was received.', secret, how)
    : leg(false, 'Entries were written into the inbox, but no event of it was ever received.', secret, how);
}

async function checkSending({ record, channel, health, followBot, markChannelActive }: CheckSubject): Promise<Leg> {
  const { displayName, tokenIssuer } = health.subject.channelWords;
  const bot = await channel.describe();
  const leg = (ok: boolean, ...sentences: readonly string[]) => legWith('telegram_out', ok, sentences);
  if (bot.kind === 'ok') {
    const repaired = (await markChannelActive()) ? 'The channel was broken and is active again.' : '';
    const { username } = bot.value;
    const isRenamed = (await followBot(bot.value)) && username !== record.bot.username;
    const renamed = isRenamed ? `It was @${record.bot.username} before.` : '';
    return leg(true, `The bot is @${username}.`, renamed, repaired);
  }
  const update = `chatferry channels update ${record.id}`;
  const isBroken = record.state === 'broken';
  if (bot.kind === 'refused' && bot.broken) {
    return leg(
      false,
      `${displayName} refuses the bot token (${bot.detail}).`,
      isBroken ? 'The channel is broken: until it has a token that works, sends answer 403.' : '',
      `Set a new one from ${tokenIssuer} (${update} --bot-token-file FILE)${isBroken ? `; if the old one works again, check once more or set the state (${update} --state active)` : ''}.`,
    );
  }
  return leg(
    false,
    `${displayName} gives no valid answer: ${bot.detail}. Try again.`,
    isBroken ? `The channel is broken, and sends answer 403 until a check succeeds (or ${update} --state active).` : '',
  );
}

async function checkUpdates({ record, channel, health, hookUrl }: CheckSubject): Promise<Leg> {
  if (record.updates === 'direct')
    return { name: 'telegram_in', ok: true, detail: 'The simulated chats are inside this gateway.' };
  const { displayName } = health.subject.channelWords;
  const status = await channel.webhookStatus();
  if (status.kind !== 'ok')
    return {
      name: 'telegram_in',
      ok: false,
      detail: `${displayName} does not say where it sends the updates: ${status.detail}.`,
    };
  const { url, pendingUpdates, lastError } = status.value;
  const wanted = record.updates === 'webhook' ? (hookUrl ?? '') : '';
  if (url !== wanted) {
    const where = url === '' ? 'no webhook is registered' : `updates go to ${new URL(url).host}`;
    const remedy = isFormerAddress(url, record.hookPath)
      ? formerRemedy(record.id)
      : `Make sure that no other system uses this bot, then take them back: chatferry channels repair ${record.id}`;
    return {
      name: 'telegram_in',
      ok: false,
      detail: `This gateway does not receive the bot's updates: ${where}. ${remedy}.`,
    };
  }
  const backlog = pendingUpdates === 0 ? '' : ` ${pendingUpdates} updates wait at ${displayName}.`;
  const failed = lastError === null ? '' : ` Last error: ${lastError}.`;
  const polled =
    hookUrl === null
      ? 'Updates are polled.'
      : `Updates are polled, although this gateway has a public address: set updates to webhook to receive them sooner (chatferry channels update ${record.id} --updates webhook).`;
  const how = record.updates === 'webhook' ? 'Updates arrive by webhook.' : polled;
  return { name: 'telegram_in', ok: lastError === null || pendingUpdates === 0, detail: `${how}${backlog}${failed}` };
}

/** Checks the credential and the access to the inbox. One call answers both. */
async function checkInbox({ inbox, health, markWorkspaceActive }: CheckSubject): Promise<readonly Leg[]> {
  const account = await inbox.describe();
  const legs = (isOpen: boolean, grant: string, isReached: boolean, entries: string): readonly Leg[] => [
    { name: 'grant', ok: isOpen, detail: grant },
    { name: 'inbox_out', ok: isReached, detail: entries },
  ];
  if (account.kind === 'ok') {
    const repaired = (await markWorkspaceActive()) ? ' The workspace was broken and is active again.' : '';
    return legs(
      true,
      `The inbox accepts the credential.${repaired}`,
      true,
      `Connected to ${account.value.account}.${repaired}`,
    );
  }
  if (account.kind === 'broken') {
    const remedy = remedyOf('grant', health.subject);
    const refused = `The inbox refuses the credential (${account.detail}). ${remedy}.`;
    return legs(
      false,
      refused,
      false,
      'Entries wait until the inbox accepts a credential again, and are written then.',
    );
  }
  const down = `The inbox gives no valid answer: ${account.detail}. Try again.`;
  return legs(true, 'The credential could not be checked.', false, down);
}
