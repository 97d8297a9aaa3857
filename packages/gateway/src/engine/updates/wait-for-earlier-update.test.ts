import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { describe, expect, it } from 'vitest';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { UpdateOrder } from '../../store/updates.ts';
import { gapWaitMs, waitForEarlierUpdate } from './wait-for-earlier-update.ts';

const lane: ClaimedLane = {
  key: 'lane',
  party: 'inbox:chn_1',
  workspaceId: 'wsp_1',
  lease: 'lease',
  failures: 0,
  starts: 1,
  watchedTo: 0,
  jobs: [],
};
const job: Job = { seq: 3, kind: 'update', payload: {} };
const update = { receivedOn: '2026-11-25', updateId: 1 };

/** A lane whose update was received at 0. `gapEndsMs` is when the missing one arrives, in that lane or another. */
function arrange(given: { readonly gapEndsMs: number; readonly behind?: number }) {
  const clock = createVirtualClock();
  const moves: object[] = [];
  const deps = {
    store: {
      updates: {
        async readOrder(): Promise<UpdateOrder> {
          const ageMs = clock.monotonicMs();
          const hasGap = ageMs < given.gapEndsMs;
          return { ageMs, hasGap, earlierSeq: hasGap ? null : (given.behind ?? null) };
        },
      },
      lanes: { moveJobAhead: async (_lane: unknown, move: object) => void moves.push(move) },
    },
    clock,
  };
  return { clock, moves, run: () => waitForEarlierUpdate(deps, lane, job, update) };
}

/** Advances the clock until the answer is there. Resolves with the answer and how long it took. */
async function waited({ clock, run }: ReturnType<typeof arrange>) {
  let end: string | null = null;
  const running = run().then((answer) => {
    end = answer;
  });
  for (;;) {
    await Promise.race([running, clock.whenAsleep()]);
    if (end !== null) return { end, ms: clock.monotonicMs() };
    clock.advance(1);
  }
}

describe('an update', () => {
  it('is applied at once if none before it is missing', async () => {
    expect(await waited(arrange({ gapEndsMs: 0 }))).toEqual({ end: 'next', ms: 0 });
  });

  it('waits until the missing one has arrived, in whichever chat', async () => {
    const { end, ms } = await waited(arrange({ gapEndsMs: 60 }));
    expect(end).toBe('next');
    expect(ms).toBeGreaterThanOrEqual(60);
    expect(ms).toBeLessThan(gapWaitMs);
  });

  it('does not wait longer for one that does not arrive', async () => {
    expect(await waited(arrange({ gapEndsMs: Number.POSITIVE_INFINITY }))).toEqual({ end: 'next', ms: gapWaitMs });
  });

  it('lets the one that it overtook go first', async () => {
    const arranged = arrange({ gapEndsMs: 60, behind: 5 });
    expect((await waited(arranged)).end).toBe('reordered');
    expect(arranged.moves).toEqual([{ from: 5, to: 3 }]);
  });
});
