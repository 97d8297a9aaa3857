import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLaneGate, LaneFullError, LaneLeftError } from './chat-queue.ts';

/** Lets everything that is ready run. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a lane gate', () => {
  it('admits one at a time, in the order in which they came', async () => {
    const gate = createLaneGate(10);
    const order: number[] = [];
    const leave = await gate.enter('a');
    const others = [1, 2, 3].map(async (who) => {
      const leaveToo = await gate.enter('a');
      order.push(who);
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

  it('keeps lanes apart', async () => {
    const gate = createLaneGate(0);
    await gate.enter('a');
    await expect(gate.enter('b')).resolves.toBeTypeOf('function');
  });

  it('turns away who comes when too many wait, and takes the next again after one has gone in', async () => {
    const gate = createLaneGate(1);
    const leave = await gate.enter('a');
    const second = gate.enter('a');
    await expect(gate.enter('a')).rejects.toThrow(LaneFullError);
    leave();
    await second;
    const third = gate.enter('a');
    (await second)();
    await expect(third).resolves.toBeTypeOf('function');
  });
});

describe('who gives up', () => {
  it('is let go while waiting, and makes room for another', async () => {
    const gate = createLaneGate(1);
    const leave = await gate.enter('a');
    const patience = new AbortController();
    const waiting = gate.enter('a', patience.signal);
    patience.abort();
    await expect(waiting).rejects.toThrow(LaneLeftError);
    const next = gate.enter('a');
    leave();
    await expect(next).resolves.toBeTypeOf('function');
  });

  it('is turned away afterwards', async () => {
    const gate = createLaneGate(1);
    await gate.enter('a');
    await expect(gate.enter('a', AbortSignal.abort())).rejects.toThrow(LaneLeftError);
  });

  it('keeps the lane where the lane was theirs already', async () => {
    const gate = createLaneGate(1);
    const leave = await gate.enter('a');
    const patience = new AbortController();
    const second = gate.enter('a', patience.signal);
    leave();
    patience.abort();
    const leaveSecond = await second;
    const third = gate.enter('a');
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

describe('a lane', () => {
  it('is given back once, however often it is tried', async () => {
    const gate = createLaneGate(2);
    const leave = await gate.enter('a');
    const second = gate.enter('a');
    const third = gate.enter('a');
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

  it('never holds two and loses nobody, whoever gives up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), async (givesUp) => {
        const gate = createLaneGate(100);
        let inside = 0;
        const ends = givesUp.map(async (quits) => {
          const patience = new AbortController();
          const entered = gate.enter('a', patience.signal);
          if (quits) patience.abort();
          try {
            const leave = await entered;
            inside += 1;
            expect(inside).toBe(1);
            await turn();
            inside -= 1;
            leave();
            return 'served';
          } catch (cause) {
            if (cause instanceof LaneLeftError) return 'left';
            throw cause;
          }
        });
        const [first, ...others] = await Promise.all(ends);
        expect(first).toBe('served');
        expect(others).toEqual(givesUp.slice(1).map((quits) => (quits ? 'left' : 'served')));
        await gate.enter('a');
      }),
      { numRuns: 50 },
    );
  });
});
