import type { Clock } from '../../ports/clock.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory } from '../directory/directory.ts';
import type { MarkHealth } from '../directory/mark-health.ts';
import type { Loop } from '../lanes/supervisor.ts';

export type RecoverStore = StoreSlice<{ readonly channels: 'list'; readonly leases: 'acquire' }>;

export interface RecoverDeps {
  readonly store: RecoverStore;
  readonly health: Pick<MarkHealth, 'markChannelActive'>;
  readonly directory: Pick<Directory, 'channel'>;
  readonly clock: Clock;
  readonly everyMs: number;
}

const leaseMs = 90_000;
/** Telegram's server limits how many bots one address may start with in a minute, and a dead token may count as one. */
const checksMax = 15;

/**
 * Asks Telegram now and then, one bot after the other, whether it accepts the token of a broken channel again: a Bot API server
 * of one's own may have refused it only while it started. Such a token is used for nothing else.
 */
export const recoverBrokenChannels = (deps: RecoverDeps): Loop => ({
  name: 'mend-channels',
  async run(signal) {
    let from = 0;
    while (!signal.aborted) {
      if (await deps.store.leases.acquire('mend-channels', leaseMs)) from = await checkChannels(deps, from, signal);
      await deps.clock.sleep(deps.everyMs, signal);
    }
  },
});

/** Checks the next broken channels, at most `checksMax`. Returns where the next round starts, so that each has its turn. */
async function checkChannels(
  { store, directory, health }: RecoverDeps,
  from: number,
  signal: AbortSignal,
): Promise<number> {
  const broken = (await store.channels.list({})).filter(({ state }) => state === 'broken');
  const start = from >= broken.length ? 0 : from;
  for (const { id } of broken.slice(start, start + checksMax)) {
    const open = signal.aborted ? null : await directory.channel(id);
    if ((await open?.channel.describe())?.kind === 'ok') await health.markChannelActive(id);
  }
  return start + checksMax;
}
