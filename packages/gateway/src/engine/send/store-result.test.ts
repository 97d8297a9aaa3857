import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { delivered, startDeliveryRig } from '@chatferry/testkit/rigs/delivery-rig';
import { evenRandom, scriptedKind } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';
import { createChatQueue } from './chat-queue.ts';
import { createPace } from './pace.ts';
import { storeResult } from './store-result.ts';

const { anIntent, store } = await startDeliveryRig();

describe('a result', () => {
  it('counts as stored if the store recorded it and the answer was lost with the connection', async () => {
    const outcome = delivered('7');
    if (outcome.kind !== 'delivered') throw new Error('a delivery was expected');
    const clock = createVirtualClock();
    const intent = await store.intents.record(anIntent());
    if (intent.kind !== 'taken') throw new Error('the chat was expected to be free');
    let isLost = false;
    const deps = {
      store: {
        ...store,
        results: {
          ...store.results,
          async record(row: Parameters<typeof store.results.record>[0]) {
            const stored = await store.results.record(row);
            if (isLost) return stored;
            isLost = true;
            throw new Error('Connection terminated unexpectedly');
          },
        },
      },
      health: { markChannelBroken: async () => undefined },
      resultJournal: { append: async () => false },
      chatQueue: createChatQueue(1),
      pace: createPace({ bot: null, chat: null, group: null }, scriptedKind, clock),
      clock,
      random: evenRandom,
      kind: scriptedKind,
      log: { attempted: () => undefined, failed: () => undefined },
      onResult: () => undefined,
      retryUntilStored: () => undefined,
    };
    const storing = storeResult(deps, intent.flight, outcome, { kind: 'sent', channelMessageId: '7' });
    await clock.whenAsleep();
    clock.advance(50);
    expect(await storing).toBe('stored');
  });
});
