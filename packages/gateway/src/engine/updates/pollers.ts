import { setMaxListeners } from 'node:events';
import type { Alarm } from '../../core/health/alarm.ts';
import type { ChannelWords } from '../../core/health/channel-words.ts';
import type { CallOutcome } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory, OpenChannel } from '../directory/directory.ts';
import type { MarkHealth } from '../directory/mark-health.ts';
import type { Loop } from '../lanes/supervisor.ts';

export type PollerStore = StoreSlice<{
  readonly channels: 'listPolling' | 'readPollOffset' | 'savePollOffset';
  readonly leases: 'acquire' | 'release';
}>;

/** Resolves when the updates are durable. */
export type TakeIn = (open: OpenChannel, updates: readonly Buffer[]) => Promise<void>;

const lookAroundMs = 2_000;
const leaseMs = 90_000;
const retryMs = 3_000;
/** Telegram answers 409 once when a poll of ours that ended without a word is replaced; more often, somebody else takes the updates. */
const conflictsMax = 2;
/** Two systems that poll one bot end each other's polls: so often at most. */
const conflictRetryMs = 30_000;

/** Telegram: another poll or a webhook took the place of this one. */
const conflictCode = 409;

/** How often in a row a bot's poll was ended by somebody else. */
interface Conflict {
  readonly workspaceId: string;
  readonly detail: string;
  readonly count: number;
}

const pollingConflict = (
  channelId: string,
  { workspaceId, detail }: Conflict,
  { displayName, tokenIssuer, revokeCommand }: ChannelWords,
): Alarm => ({
  kind: 'polling-conflict',
  subject: channelId,
  workspaceId,
  detail: `Somebody else takes the updates of this bot (${displayName}: “${detail}”). What customers do may not arrive here.`,
  remedy: `End the other system that uses this bot, or take the bot away from it: revoke the token in ${tokenIssuer} (${revokeCommand}) and set the new one (chatferry channels update ${channelId} --bot-token-file FILE). Where it set a webhook: chatferry channels repair ${channelId}.`,
});

/** Long-polls Telegram for every channel that has no webhook; channels may come and go while it runs. */
export function pollers(deps: {
  readonly store: PollerStore;
  readonly health: Pick<MarkHealth, 'markChannelBroken'>;
  readonly directory: Directory;
  readonly takeIn: TakeIn;
  readonly channelWords: ChannelWords;
  readonly clock: Clock;
  readonly log: EngineLog;
}): Loop & { lookAround(): void; alarms(): readonly Alarm[] } {
  const { store, health, directory, takeIn, channelWords, clock, log } = deps;
  const conflicts = new Map<string, Conflict>();
  let nap = new AbortController();

  async function poll(channelId: string, signal: AbortSignal): Promise<void> {
    const lease = `poll:${channelId}`;
    while (!signal.aborted && (await store.leases.acquire(lease, leaseMs))) {
      const open = await directory.channel(channelId);
      if (open?.record.updates !== 'polling' || open.record.state !== 'active') break;
      const polled = await open.channel.poll(await store.channels.readPollOffset(channelId), signal);
      if (polled.kind === 'ok') {
        conflicts.delete(channelId);
        // A poll waits long: what was changed of the channel meanwhile holds for what it brings.
        await takeIn(
          (await directory.channel(channelId)) ?? open,
          polled.value.updates.map((update) => update.raw),
        );
        if (polled.value.nextOffset !== null) await store.channels.savePollOffset(channelId, polled.value.nextOffset);
      } else if (polled.kind === 'refused' && polled.broken) {
        await health.markChannelBroken(channelId, polled.detail);
        break;
      } else if (!signal.aborted) {
        const waitMs =
          polled.kind === 'refused' ? refusedWaitMs(open.record, polled) : (polled.retryAfterMs ?? retryMs);
        log.warn('poll.failed', { channelId, detail: polled.detail, waitMs });
        await clock.sleep(waitMs, signal);
      }
    }
    conflicts.delete(channelId);
    await store.leases.release(lease);
  }

  function refusedWaitMs(
    { id: channelId, workspaceId }: ChannelRecord,
    { providerCode, detail }: Extract<CallOutcome<unknown>, { kind: 'refused' }>,
  ): number {
    if (providerCode !== conflictCode) return retryMs;
    const count = (conflicts.get(channelId)?.count ?? 0) + 1;
    conflicts.set(channelId, { workspaceId, detail, count });
    return count <= conflictsMax ? retryMs : conflictRetryMs;
  }

  return {
    name: 'pollers',
    lookAround: () => nap.abort(null),
    alarms: () =>
      [...conflicts].flatMap(([channelId, conflict]) =>
        conflict.count <= conflictsMax ? [] : [pollingConflict(channelId, conflict, channelWords)],
      ),
    async run(signal) {
      const polling = new Map<string, Promise<void>>();
      const ended = new AbortController();
      // Every poll in flight listens to it: as many as there are channels.
      setMaxListeners(0, ended.signal);
      const stop = () => {
        ended.abort();
        nap.abort(null);
      };
      signal.addEventListener('abort', stop);
      try {
        while (!signal.aborted) {
          nap = new AbortController();
          for (const record of await store.channels.listPolling()) {
            if (polling.has(record.id) || record.state !== 'active') continue;
            const work = poll(record.id, ended.signal)
              .catch((cause: unknown) => log.error('poller.failed', { err: cause, channelId: record.id }))
              .finally(() => polling.delete(record.id));
            polling.set(record.id, work);
          }
          if (!signal.aborted) await clock.sleep(lookAroundMs, nap.signal);
        }
      } finally {
        signal.removeEventListener('abort', stop);
        // Where the list could not be read, nobody else ends the polls, and this loop could never start again.
        ended.abort();
        await Promise.all(polling.values());
      }
    },
  };
}
