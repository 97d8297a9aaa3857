import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { describe, expect, it } from 'vitest';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { UpdateOrder } from '../../store/updates.ts';
import { createKeepOrder, gapWaitMs } from './wait-for-earlier-update.ts';

const lane: ClaimedLane = { key: 'lane', workspaceId: 'wsp_1', lease: 'lease', failures: 0, jobs: [] };
const job: Job = { seq: 3, kind: 'update', payload: {} };
const update = { receivedOn: '2026-11-25', updateId: 1 };

/** A lane whose update was received at 0; `gapEndsMs` is when what is missing before it comes, in that lane or another. */
function arrange(given: { readonly gapEndsMs: number; readonly behind?: number }) {
  const clock = createVirtualClock();
  const moves: object[] = [];
  const keepOrder = createKeepOrder(
    {
      updates: {
        async readOrder(): Promise<UpdateOrder> {
          const ageMs = clock.monotonicMs();
          const hasGap = ageMs < given.gapEndsMs;
          return { ageMs, hasGap, earlierSeq: hasGap ? null : (given.behind ?? null) };
        },
      },
      lanes: { moveJobAhead: async (_lane, move) => void moves.push(move) },
    },
    clock,
  );
  return { clock, moves, run: () => keepOrder(lane, job, update) };
}

/** Lets time pass until the answer is there; gives how long that took. */
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
  it('waits for nothing where none before it is missing', async () => {
    expect(await waited(arrange({ gapEndsMs: 0 }))).toEqual({ end: 'next', ms: 0 });
  });

  it('waits until the one that is missing has come, to whichever chat', async () => {
    const { end, ms } = await waited(arrange({ gapEndsMs: 60 }));
    expect(end).toBe('next');
    expect(ms).toBeGreaterThanOrEqual(60);
    expect(ms).toBeLessThan(gapWaitMs);
  });

  it('goes on without the one that does not come', async () => {
    expect(await waited(arrange({ gapEndsMs: Number.POSITIVE_INFINITY }))).toEqual({ end: 'next', ms: gapWaitMs });
  });

  it('lets the one that was overtaken go first', async () => {
    const arranged = arrange({ gapEndsMs: 60, behind: 5 });
    expect((await waited(arranged)).end).toBe('reordered');
    expect(arranged.moves).toEqual([{ from: 5, to: 3 }]);
  });
});
