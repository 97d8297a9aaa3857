import type { CallOutcome, PolledUpdates } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory, OpenChannel } from '../directory/directory.ts';
import type { MarkHealth } from '../directory/mark-health.ts';
import { type PollingConflicts, retryMs } from './polling-conflicts.ts';

/** Receives raw updates of a channel. Resolves when they are durable. */
export type ReceiveUpdates = (open: OpenChannel, updates: readonly Buffer[]) => Promise<void>;

export interface PollDeps {
  readonly store: StoreSlice<{
    readonly channels: 'readPollOffset' | 'savePollOffset';
    readonly leases: 'acquire' | 'release';
  }>;
  readonly health: Pick<MarkHealth, 'markChannelBroken'>;
  readonly directory: Directory;
  readonly receiveUpdates: ReceiveUpdates;
  readonly conflicts: PollingConflicts;
  readonly clock: Clock;
  readonly log: EngineLog;
}

const leaseMs = 90_000;

/** Telegram: another poll or a webhook took the place of this one. */
const conflictCode = 409;

/** Polls one channel until the signal is aborted, the channel no longer polls, or another process has its lease. */
export async function pollChannel(deps: PollDeps, channelId: string, signal: AbortSignal): Promise<void> {
  const { store, directory, conflicts } = deps;
  const lease = `poll:${channelId}`;
  while (!signal.aborted && (await store.leases.acquire(lease, leaseMs))) {
    const open = await directory.channel(channelId);
    if (open?.record.updates !== 'polling' || open.record.state !== 'active') break;
    const polled = await open.channel.poll(await store.channels.readPollOffset(channelId), signal);
    if (polled.kind === 'ok') {
      await receivePolled(deps, open, polled.value);
    } else if (polled.kind === 'refused' && polled.broken) {
      await deps.health.markChannelBroken(channelId, polled.detail);
      break;
    } else if (!signal.aborted) {
      await waitAfterFailure(deps, open, polled, signal);
    }
  }
  conflicts.forget(channelId);
  await store.leases.release(lease);
}

async function receivePolled(
  { store, directory, receiveUpdates, conflicts }: PollDeps,
  open: OpenChannel,
  { updates, nextOffset }: PolledUpdates,
): Promise<void> {
  const { id } = open.record;
  conflicts.forget(id);
  // A poll takes long. Options of the channel that changed during it apply to what it brings.
  const current = (await directory.channel(id)) ?? open;
  const raw = updates.map((update) => update.raw);
  await receiveUpdates(current, raw);
  if (nextOffset !== null) await store.channels.savePollOffset(id, nextOffset);
}

async function waitAfterFailure(
  { conflicts, clock, log }: PollDeps,
  { record }: OpenChannel,
  polled: Exclude<CallOutcome<unknown>, { readonly kind: 'ok' }>,
  signal: AbortSignal,
): Promise<void> {
  const { detail } = polled;
  let waitMs = retryMs;
  if (polled.kind === 'unavailable') waitMs = polled.retryAfterMs ?? retryMs;
  else if (polled.providerCode === conflictCode) waitMs = conflicts.record(record, detail);
  log.warn('poll.failed', { channelId: record.id, detail, waitMs });
  await clock.sleep(waitMs, signal);
}
