import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { describe, expect, it } from 'vitest';
import type { WaitsFor } from '../../store/lanes.ts';
import { watchOutages } from './watch-outages.ts';

/** Watches the outages of inboxes over a store with `waiting` lanes in each workspace. */
function arrange(wake: (workspaceId: string, waits: readonly WaitsFor[]) => Promise<number>) {
  const clock = createVirtualClock();
  const woken: string[] = [];
  let due = 0;
  const watch = watchOutages({
    store: {
      lanes: {
        wake: (workspaceId, waits) => {
          woken.push(workspaceId);
          return wake(workspaceId, waits ?? []);
        },
      },
    },
    clock,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    onDue: () => {
      due += 1;
    },
  });
  return { watch, woken, clock, due: () => due };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('an inbox that answers', () => {
  it('makes due, once, what a process before this one may have left waiting', async () => {
    const { watch, woken, due } = arrange(async () => 3);
    watch.recordAnswer('wsp_1');
    watch.recordAnswer('wsp_1');
    await settled();
    expect([woken, due()]).toEqual([['wsp_1'], 1]);
  });

  it('makes due what waited for it after each outage, and nothing of another workspace', async () => {
    const { watch, woken, clock } = arrange(async () => 1);
    for (const id of ['wsp_1', 'wsp_2']) watch.recordAnswer(id);
    clock.advance(1_000);
    watch.recordDown('wsp_1', watch.look('wsp_1'));
    watch.recordAnswer('wsp_2');
    watch.recordAnswer('wsp_1');
    await settled();
    expect(woken).toEqual(['wsp_1', 'wsp_2', 'wsp_1']);
  });

  it('makes due what began to wait while it was answering again', async () => {
    const { watch, woken, clock } = arrange(async () => 1);
    watch.recordAnswer('wsp_1');
    clock.advance(1_000);
    const before = watch.look('wsp_1');
    watch.recordAnswer('wsp_1');
    watch.recordDown('wsp_1', before);
    await settled();
    expect(woken).toEqual(['wsp_1', 'wsp_1']);
  });

  it('makes due a write that it left without an answer, if the write was tried while it was down', async () => {
    const { watch, woken, clock } = arrange(async () => 1);
    watch.recordDown('wsp_1', watch.look('wsp_1'));
    const before = watch.look('wsp_1');
    watch.recordAnswer('wsp_1');
    clock.advance(20_000);
    watch.recordUnanswered('wsp_1', before);
    await settled();
    expect(woken).toEqual(['wsp_1', 'wsp_1']);
  });

  it('makes due for a while what another process sets aside, which knows it as down for longer', async () => {
    const waits: (readonly WaitsFor[])[] = [];
    const { watch, clock } = arrange(async (_workspaceId, one) => waits.push(one));
    watch.recordDown('wsp_1', watch.look('wsp_1'));
    watch.recordAnswer('wsp_1');
    const first = waits.length;
    for (let rounds = 0; rounds < 600; rounds += 1) {
      clock.advance(500);
      watch.wakeAgain();
      await settled();
    }
    expect(waits.slice(first, first + 3)).toEqual([['inbox-answer'], ['inbox-answer'], ['inbox-answer']]);
    // At least every four seconds for a minute and a half, and no longer.
    expect(waits.length - first).toBeGreaterThanOrEqual(22);
    expect(waits.length - first).toBeLessThanOrEqual(26);
  });

  it('makes nothing due any more when it is down again', async () => {
    const { watch, woken, clock } = arrange(async () => 1);
    watch.recordDown('wsp_1', watch.look('wsp_1'));
    watch.recordAnswer('wsp_1');
    await settled();
    watch.recordDown('wsp_1', watch.look('wsp_1'));
    clock.advance(10_000);
    watch.wakeAgain();
    await settled();
    expect(woken).toEqual(['wsp_1']);
  });

  it('makes it due less and less often if the inbox is down again at once, again and again', async () => {
    const { watch, woken, clock } = arrange(async () => 1);
    for (let seconds = 0; seconds < 120; seconds += 1) {
      watch.recordDown('wsp_1', watch.look('wsp_1'));
      watch.recordAnswer('wsp_1');
      clock.advance(1_000);
    }
    expect(woken.length).toBeLessThan(10);
  });

  it('makes it due with its next answer if the store failed at this one', async () => {
    let isDown = true;
    const { watch, woken, clock, due } = arrange(async () => {
      if (isDown) throw new Error('Connection terminated unexpectedly');
      return 1;
    });
    watch.recordAnswer('wsp_1');
    await settled();
    isDown = false;
    clock.advance(1_000);
    watch.recordAnswer('wsp_1');
    await settled();
    expect([woken, due()]).toEqual([['wsp_1', 'wsp_1'], 1]);
  });
});

describe('an inbox that answers what is read, and fails at what is written', () => {
  it('makes due what waited with the first write that it accepts', async () => {
    const { watch, woken } = arrange(async () => 1);
    watch.recordAnswer('wsp_1');
    watch.recordUnanswered('wsp_1', watch.look('wsp_1'));
    watch.recordAnswer('wsp_1');
    expect(woken).toEqual(['wsp_1']);
    watch.recordWrite('wsp_1');
    watch.recordWrite('wsp_1');
    expect(woken).toEqual(['wsp_1', 'wsp_1']);
  });

  it('does not so often make due a job that fails every time while others are accepted', async () => {
    const { watch, woken } = arrange(async () => 1);
    for (let failures = 0; failures < 5; failures += 1) {
      watch.recordUnanswered('wsp_1', watch.look('wsp_1'));
      watch.recordWrite('wsp_1');
    }
    expect(woken).toEqual(['wsp_1']);
  });
});
