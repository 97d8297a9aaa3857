import { describe, expect, it } from 'vitest';
import { delivered, startDeliveryRig } from '../testing/delivery-rig.ts';
import { evenRandom, scriptedKind } from '../testing/engine-rig.ts';
import { createVirtualClock } from '../testing/virtual-clock.ts';
import { createLaneGate } from './lane-gate.ts';
import { createPace } from './pace.ts';
import { storeResult } from './settle.ts';

const { anIntent, store } = await startDeliveryRig();

describe('a result', () => {
  it('that was stored while the answer got lost with the connection counts as stored', async () => {
    const outcome = delivered('7');
    if (outcome.kind !== 'delivered') throw new Error('a delivery was expected');
    const clock = createVirtualClock();
    const intent = await store.recordIntent(anIntent());
    if (intent.kind !== 'taken') throw new Error('the lane was expected to be free');
    let isLost = false;
    const deps = {
      store: {
        ...store,
        markChannelBroken: async () => undefined,
        async recordResult(row: Parameters<typeof store.recordResult>[0]) {
          const stored = await store.recordResult(row);
          if (isLost) return stored;
          isLost = true;
          throw new Error('Connection terminated unexpectedly');
        },
      },
      results: { keep: async () => false },
      gate: createLaneGate(1),
      pace: createPace({ bot: null, chat: null, group: null }, clock),
      clock,
      random: evenRandom,
      kind: scriptedKind,
      log: { attempted: () => undefined, failed: () => undefined },
      onResult: () => undefined,
      insist: () => undefined,
    };
    const storing = storeResult(deps, intent.flight, outcome, { kind: 'sent', channelMessageId: '7' });
    await clock.whenAsleep();
    clock.advance(50);
    expect(await storing).toBe('stored');
  });
});
