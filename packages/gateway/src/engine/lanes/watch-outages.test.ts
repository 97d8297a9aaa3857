import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { describe, expect, it } from 'vitest';
import { watchOutages } from './watch-outages.ts';

/** Watches the outages of inboxes over a store with `waiting` lanes in each workspace. */
function arrange(wake: (workspaceId: string) => Promise<number>) {
  const clock = createVirtualClock();
  const woken: string[] = [];
  let due = 0;
  const watch = watchOutages({
    store: {
      lanes: {
        wake: (workspaceId) => {
          woken.push(workspaceId);
          return wake(workspaceId);
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
    watch.recordDown('wsp_1', watch.countAnswers('wsp_1'));
    watch.recordAnswer('wsp_2');
    watch.recordAnswer('wsp_1');
    await settled();
    expect(woken).toEqual(['wsp_1', 'wsp_2', 'wsp_1']);
  });

  it('makes due what began to wait while it was answering again', async () => {
    const { watch, woken, clock } = arrange(async () => 1);
    watch.recordAnswer('wsp_1');
    clock.advance(1_000);
    const before = watch.countAnswers('wsp_1');
    watch.recordAnswer('wsp_1');
    watch.recordDown('wsp_1', before);
    await settled();
    expect(woken).toEqual(['wsp_1', 'wsp_1']);
  });

  it('makes it due less and less often if the inbox is down again at once, again and again', async () => {
    const { watch, woken, clock } = arrange(async () => 1);
    for (let seconds = 0; seconds < 120; seconds += 1) {
      watch.recordDown('wsp_1', watch.countAnswers('wsp_1'));
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
    watch.recordUnanswered('wsp_1');
    watch.recordAnswer('wsp_1');
    expect(woken).toEqual(['wsp_1']);
    watch.recordWrite('wsp_1');
    watch.recordWrite('wsp_1');
    expect(woken).toEqual(['wsp_1', 'wsp_1']);
  });

  it('does not so often make due a job that fails every time while others are accepted', async () => {
    const { watch, woken } = arrange(async () => 1);
    for (let failures = 0; failures < 5; failures += 1) {
      watch.recordUnanswered('wsp_1');
      watch.recordWrite('wsp_1');
    }
    expect(woken).toEqual(['wsp_1']);
  });
});
