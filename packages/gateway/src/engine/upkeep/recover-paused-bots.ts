import type { Clock } from '../../ports/clock.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory } from '../directory/directory.ts';
import type { MarkHealth } from '../directory/mark-health.ts';
import type { Loop } from '../lanes/supervisor.ts';

export type MendStore = StoreSlice<{ readonly channels: 'list'; readonly leases: 'acquire' }>;

const leaseMs = 90_000;
/** Telegram's server limits how many bots one address may begin with in a minute, and a dead token may be one. */
const asksMax = 15;

/**
 * Asks Telegram, a bot after the other and seldom, whether it takes the token of a broken channel again: a server of one's own
 * may have refused it only while it started. Nothing else is asked with such a token.
 */
export function mendChannels(deps: {
  readonly store: MendStore;
  readonly health: Pick<MarkHealth, 'markChannelActive'>;
  readonly directory: Pick<Directory, 'channel'>;
  readonly clock: Clock;
  readonly everyMs: number;
}): Loop {
  const { store, health, directory, clock, everyMs } = deps;

  return {
    name: 'mend-channels',
    async run(signal) {
      let from = 0;
      while (!signal.aborted) {
        if (await store.leases.acquire('mend-channels', leaseMs)) {
          const broken = (await store.channels.list({})).filter(({ state }) => state === 'broken');
          // Where there are more than may be asked, each has its turn.
          if (from >= broken.length) from = 0;
          for (const { id } of broken.slice(from, from + asksMax)) {
            const open = signal.aborted ? null : await directory.channel(id);
            if ((await open?.channel.describe())?.kind === 'ok') await health.markChannelActive(id);
          }
          from += asksMax;
        }
        await clock.sleep(everyMs, signal);
      }
    },
  };
}
