import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChatQueue, createChatQueue } from './chat-queue.ts';

/** Lets everything that is ready run. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Enters the queue and must be admitted. Resolves with the function that ends the turn. */
async function enter(queue: ChatQueue, chat = 'a', signal?: AbortSignal): Promise<() => void> {
  const entry = await queue.enter(chat, signal);
  if (entry.kind !== 'admitted') throw new Error(`not admitted: ${entry.kind}`);
  return entry.leave;
}

describe('a chat queue', () => {
  it('admits one caller at a time, first come, first served', async () => {
    const queue = createChatQueue(10);
    const order: number[] = [];
    const leave = await enter(queue);
    const others = [1, 2, 3].map(async (number) => {
      const leaveToo = await enter(queue);
      order.push(number);
      return leaveToo;
    });
    await turn();
    expect(order).toEqual([]);
    leave();
    for (const other of others) {
      const leaveToo = await other;
      expect(order).toHaveLength(others.indexOf(other) + 1);
      leaveToo();
    }
    expect(order).toEqual([1, 2, 3]);
  });

  it('lets callers of different chats in at the same time', async () => {
    const queue = createChatQueue(0);
    await enter(queue, 'a');
    await expect(enter(queue, 'b')).resolves.toBeTypeOf('function');
  });

  it('is full when the maximum waits, and accepts another caller after one was admitted', async () => {
    const queue = createChatQueue(1);
    const leave = await enter(queue);
    const second = enter(queue);
    expect(await queue.enter('a')).toEqual({ kind: 'full', waiting: 1 });
    leave();
    await second;
    const third = enter(queue);
    (await second)();
    await expect(third).resolves.toBeTypeOf('function');
  });
});

describe('a caller who gives up', () => {
  it('leaves the queue and makes room for another caller', async () => {
    const queue = createChatQueue(1);
    const leave = await enter(queue);
    const patience = new AbortController();
    const waiting = queue.enter('a', patience.signal);
    patience.abort();
    expect(await waiting).toEqual({ kind: 'left' });
    const next = enter(queue);
    leave();
    await expect(next).resolves.toBeTypeOf('function');
  });

  it('does not join the queue afterwards', async () => {
    const queue = createChatQueue(1);
    await enter(queue);
    expect(await queue.enter('a', AbortSignal.abort())).toEqual({ kind: 'left' });
  });

  it('still has the turn if it was admitted before', async () => {
    const queue = createChatQueue(1);
    const leave = await enter(queue);
    const patience = new AbortController();
    const second = enter(queue, 'a', patience.signal);
    leave();
    patience.abort();
    const leaveSecond = await second;
    const third = enter(queue);
    let admitted = false;
    void third.then(() => {
      admitted = true;
    });
    await turn();
    expect(admitted).toBe(false);
    leaveSecond();
    await third;
  });
});

describe('a turn', () => {
  it('ends once, however often the caller ends it', async () => {
    const queue = createChatQueue(2);
    const leave = await enter(queue);
    const second = enter(queue);
    const third = enter(queue);
    leave();
    leave();
    leave();
    await second;
    let admitted = false;
    void third.then(() => {
      admitted = true;
    });
    await turn();
    expect(admitted).toBe(false);
  });

  it('belongs to one caller, and every caller who stays gets one, whichever others give up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), async (givesUp) => {
        const queue = createChatQueue(100);
        let inside = 0;
        const ends = givesUp.map(async (quits) => {
          const patience = new AbortController();
          const entered = queue.enter('a', patience.signal);
          if (quits) patience.abort();
          const entry = await entered;
          if (entry.kind !== 'admitted') return entry.kind;
          inside += 1;
          expect(inside).toBe(1);
          await turn();
          inside -= 1;
          entry.leave();
          return 'served';
        });
        const [first, ...others] = await Promise.all(ends);
        expect(first).toBe('served');
        expect(others).toEqual(givesUp.slice(1).map((quits) => (quits ? 'left' : 'served')));
        await enter(queue);
      }),
      { numRuns: 50 },
    );
  });
});
