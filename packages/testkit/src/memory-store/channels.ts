import type { ChannelRecord, NewChannel } from '@chatferry/gateway/internal/store/channels';
import type { QueryBinder } from './bind-queries.ts';
import { changeState } from './changes.ts';
import type { MemoryDatabase } from './database.ts';
import { logChannelHealth } from './log-events.ts';

/** As in the real `decode`. */
const formerNameMs = 3_600_000;

/** Null when another channel already has this bot. */
export function insertChannel(
  db: MemoryDatabase,
  row: NewChannel,
  options: ChannelRecord['options'],
): ChannelRecord | null {
  for (const { bot } of db.channels.values()) if (bot.botId === row.bot.botId) return null;
  const channel: ChannelRecord = {
    ...row,
    options,
    interactiveEnabled: true,
    state: 'active',
    problem: null,
    createdAt: new Date(db.nowMs()),
  };
  db.channels.set(row.id, channel);
  db.changes += 1;
  return channel;
}

export const readChannel = (db: MemoryDatabase, id: string): ChannelRecord | null => db.channels.get(id) ?? null;

export const readChannelByHookPath = (db: MemoryDatabase, hookPath: string): ChannelRecord | null =>
  [...db.channels.values()].find((channel) => channel.hookPath === hookPath) ?? null;

export const listChannels = (
  db: MemoryDatabase,
  filter: { readonly workspaceId?: string | undefined; readonly updates?: ChannelRecord['updates'] | undefined } = {},
): readonly ChannelRecord[] =>
  [...db.channels.values()].filter(
    ({ workspaceId, updates }) =>
      (filter.workspaceId === undefined || filter.workspaceId === workspaceId) &&
      (filter.updates === undefined || filter.updates === updates),
  );

export const listPollingChannels = (db: MemoryDatabase): readonly ChannelRecord[] =>
  listChannels(db, { updates: 'polling' });

export function recordBot(db: MemoryDatabase, id: string, bot: ChannelRecord['bot']): boolean {
  const channel = db.channels.get(id);
  db.changes += 1;
  if (channel?.bot.botId !== bot.botId) return false;
  const { username } = channel.bot;
  const former = username === bot.username ? channel.bot.former : { username, untilMs: db.nowMs() + formerNameMs };
  const name = channel.name === `@${username}` ? `@${bot.username}` : channel.name;
  db.channels.set(id, { ...channel, name, bot: { ...bot, former } });
  return true;
}

export function markChannelBroken(db: MemoryDatabase, id: string, problem: string): boolean {
  const changed = changeState(db, db.channels, id, 'active', { state: 'broken', problem });
  const channel = db.channels.get(id);
  if (changed && channel) logChannelHealth(db, channel, { problem });
  return changed;
}

export function markChannelActive(db: MemoryDatabase, id: string): boolean {
  const changed = changeState(db, db.channels, id, 'broken', { state: 'active', problem: null });
  const channel = db.channels.get(id);
  if (changed && channel) logChannelHealth(db, channel, null);
  return changed;
}

export const readPollOffset = (db: MemoryDatabase, id: string): string | null => db.pollOffsets.get(id) ?? null;

export function savePollOffset(db: MemoryDatabase, id: string, offset: string): void {
  db.pollOffsets.set(id, offset);
}

export function pauseBot(db: MemoryDatabase, id: string, pauseMs: number): void {
  db.pausedBots.set(id, Math.max(db.pausedBots.get(id) ?? 0, db.nowMs() + pauseMs));
  db.changes += 1;
}

export const listPausedBots = (
  db: MemoryDatabase,
): readonly { readonly channelId: string; readonly pauseMs: number }[] =>
  [...db.pausedBots]
    .filter(([, untilMs]) => untilMs > db.nowMs())
    .map(([channelId, untilMs]) => ({ channelId, pauseMs: Math.ceil(untilMs - db.nowMs()) }));

/** The queries of `store.channels`. */
export const channels = ({ bind }: QueryBinder) =>
  bind('channels', {
    read: readChannel,
    readByHookPath: readChannelByHookPath,
    readPollOffset,
    recordBot,
    markBroken: markChannelBroken,
    pauseBot,
    listPausedBots,
    markActive: markChannelActive,
    list: listChannels,
    listPolling: listPollingChannels,
    savePollOffset,
  });
