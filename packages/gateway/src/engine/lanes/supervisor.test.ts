import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { describe, expect, it } from 'vitest';
import type { EngineLog } from '../../ports/log.ts';
import { createSupervisor } from './supervisor.ts';

function supervised() {
  const clock = createVirtualClock();
  const failures: unknown[] = [];
  const log: EngineLog = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (event, fields) => void failures.push([event, fields?.['loop'], fields?.['restartMs']]),
  };
  return { clock, failures, supervisor: createSupervisor(clock, log) };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('a supervisor', () => {
  it('starts a failed loop again, after growing waits and without end', async () => {
    const { clock, failures, supervisor } = supervised();
    let runs = 0;
    supervisor.start({
      name: 'mirror',
      run: async () => {
        runs += 1;
        throw new Error('the store is away');
      },
    });
    const waits: number[] = [];
    for (let restart = 0; restart < 30; restart += 1) {
      await clock.whenAsleep();
      const [waitMs = 0] = clock.sleeping();
      waits.push(waitMs);
      clock.advance(waitMs);
    }
    expect(waits.slice(0, 8)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    await clock.whenAsleep();
    expect(runs).toBe(31);
    expect(failures[0]).toEqual(['loop.failed', 'mirror', 250]);
    await supervisor.stop();
  });

  it('starts with the short wait again after a loop has run for a while', async () => {
    const { clock, supervisor } = supervised();
    let isWell = false;
    supervisor.start({
      name: 'worker',
      run: async () => {
        if (isWell) await clock.sleep(60_000);
        throw new Error('again');
      },
    });
    for (const waitMs of [250, 500, 1_000]) {
      await clock.whenAsleep();
      expect(clock.sleeping()).toEqual([waitMs]);
      isWell = waitMs === 1_000;
      clock.advance(waitMs);
    }
    await clock.whenAsleep();
    clock.advance(60_000);
    await clock.whenAsleep();
    expect(clock.sleeping()).toEqual([250]);
    isWell = false;
    await supervisor.stop();
  });

  it('reports which loops have failed, until they run again', async () => {
    const { clock, supervisor } = supervised();
    let failing = true;
    supervisor.start({ name: 'well', run: untilAborted });
    supervisor.start({
      name: 'ill',
      run: async (signal) => {
        if (failing) throw new Error('down');
        await untilAborted(signal);
      },
    });
    await clock.whenAsleep();
    expect(supervisor.failingLoops()).toEqual(['ill']);
    failing = false;
    clock.advance(250);
    await Promise.resolve();
    expect(supervisor.failingLoops()).toEqual([]);
    await supervisor.stop();
  });

  it('does not start a loop again that ended by itself', async () => {
    const { clock, supervisor } = supervised();
    let runs = 0;
    supervisor.start({
      name: 'once',
      run: async () => {
        runs += 1;
      },
    });
    await Promise.resolve();
    clock.advance(60_000);
    await supervisor.stop();
    expect(runs).toBe(1);
  });
});

describe('stopping a supervisor', () => {
  it('stops every loop, waits until each has ended, wakes failed ones, and starts none afterwards', async () => {
    const { clock, supervisor } = supervised();
    let release: () => void = () => undefined;
    const lastWork = new Promise<void>((resolve) => {
      release = resolve;
    });
    let runs = 0;
    const lateRuns: string[] = [];
    supervisor.start({
      name: 'slow',
      run: async (signal) => {
        await untilAborted(signal);
        await lastWork;
      },
    });
    supervisor.start({
      name: 'down',
      run: async () => {
        runs += 1;
        throw new Error('down');
      },
    });
    await clock.whenAsleep();
    let stopped = false;
    const stopping = supervisor.stop().then(() => {
      stopped = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([stopped, clock.sleeping()]).toEqual([false, []]);
    release();
    await stopping;
    clock.advance(60_000);
    supervisor.start({ name: 'late', run: async () => void lateRuns.push('late') });
    await Promise.resolve();
    expect([runs, lateRuns]).toEqual([1, []]);
  });

  it('counts a loop that fails during the stop as ended', async () => {
    const { failures, supervisor } = supervised();
    supervisor.start({
      name: 'sulking',
      run: async (signal) => {
        await untilAborted(signal);
        throw new Error('the connection was closed');
      },
    });
    await supervisor.stop();
    expect(failures).toEqual([]);
  });
});
