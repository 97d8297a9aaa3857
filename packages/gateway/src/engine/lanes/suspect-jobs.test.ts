import { done, later, startWorkerRig } from '@chatferry/testkit/rigs/worker-rig';
import { describe, expect, it } from 'vitest';
import { replayDeadLetters } from '../../store/dead-letters.ts';

const rig = await startWorkerRig();
const { pool, queue, waitingJobs, deadLetters, laneRow, dueNow, hang, startWorker, startMortalWorker } = rig;

/** A process in which the job `poison` does not end: it has begun it, and died of it. */
async function dieOf(poison: string) {
  const process = await startMortalWorker((name) => (name === poison ? hang() : done));
  await process.until(`began ${poison}`);
  await process.die();
  return process;
}

describe('a job whose process dies each time', () => {
  it('becomes a dead letter after five starts, and its lane continues', async () => {
    await queue('a', 'a1', 'a2');
    for (const starts of [1, 2, 3, 4, 5]) {
      await dieOf('a1');
      expect((await laneRow('a')).starts).toBe(starts);
      expect(await deadLetters()).toEqual([]);
    }
    const { until, jobsDone, steps } = startWorker(() => done);
    await until('finished a', 2);
    expect(await deadLetters()).toMatchObject([
      { lane_key: 'a', payload: { name: 'a1' }, cause: expect.stringMatching(/started 5 times.*nothing else ran/) },
    ]);
    expect(jobsDone()).toEqual(['a2']);
    expect(steps).not.toContain('began a1');
  });

  it('is found behind other jobs of its lane, which are done', async () => {
    await queue('a', 'a1', 'a2', 'a3', 'a4', 'a5');
    for (const _ of [1, 2, 3, 4, 5, 6]) await dieOf('a4');
    expect(await waitingJobs('a')).toEqual(['a4', 'a5']);
    const { until, jobsDone } = startWorker(() => done);
    await until('finished a', 2);
    expect((await deadLetters()).map(({ payload }) => payload.name)).toEqual(['a4']);
    expect(jobsDone()).toEqual(['a5']);
  });

  it('is begun again when a person replays it', async () => {
    await queue('a', 'a1');
    for (const _ of [1, 2, 3, 4, 5]) await dieOf('a1');
    const { until, worker } = startWorker(() => done);
    await until('finished a');
    expect(await replayDeadLetters(pool, {}, 10)).toBe(1);
    worker.wake();
    await until('a1');
    await until('finished a', 2);
    expect(await laneRow('a')).toBeUndefined();
  });
});

describe('a job that ran in the process when another one ended it', () => {
  /** Two processes died of a1. The job b1 ran in both. */
  async function makeSuspects() {
    await queue('a', 'a1', 'a2');
    await queue('b', 'b1');
    for (const _ of [1, 2]) {
      const process = await startMortalWorker(hang);
      await process.until('began a1');
      await process.until('began b1');
      await process.die();
    }
    await pool.query(`update lanes set run_at = run_at - interval '1 s' where key = 'b'`);
  }

  it('is done while nothing else runs, and is not blamed', async () => {
    await makeSuspects();
    const { until, clock, worker, steps, die } = await startMortalWorker((name) => (name === 'a1' ? hang() : done));
    await until('finished b');
    await queue('c', 'c1');
    worker.wake();
    await until('finished c');
    await clock.whenAsleep();
    clock.advance(2_000);
    await until('began a1');
    await queue('c', 'c2');
    worker.wake();
    await clock.whenAsleep();
    expect(steps).not.toContain('began c2');
    await die();
    for (const _ of [4, 5]) await dieOf('a1');

    const survivor = startWorker(() => done);
    await survivor.until('finished a', 2);
    await survivor.until('finished c');
    expect((await deadLetters()).map(({ payload }) => payload.name)).toEqual(['a1']);
    expect(survivor.jobsDone().sort()).toEqual(['a2', 'c2']);
  });

  it('waits until the jobs that run have ended', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { until, clock, worker, steps } = startWorker(async (name) => {
      if (name === 'c1') await Promise.race([gate, hang()]);
      return done;
    });
    await clock.whenAsleep();
    await queue('c', 'c1');
    worker.wake();
    await until('began c1');
    await clock.whenAsleep();
    await makeSuspects();
    clock.advance(2_000);
    worker.wake();
    await clock.whenAsleep();
    expect(steps.filter((step) => step.startsWith('began'))).toEqual(['began c1']);
    release();
    await until('finished b');
    await clock.whenAsleep();
    clock.advance(2_000);
    await until('finished a', 2);
    expect(await deadLetters()).toEqual([]);
  });

  it('does not wait for a job that never ends', async () => {
    const { until, clock, worker } = startWorker((name) => (name === 'c1' ? hang() : done));
    await queue('c', 'c1');
    worker.wake();
    await until('began c1');
    await clock.whenAsleep();
    await makeSuspects();
    clock.advance(61_000);
    worker.wake();
    await until('finished b');
  });
});

describe('a start', () => {
  const startsOf = async (lane: string) => (await laneRow(lane)).starts;

  it('has ended when the job must wait', async () => {
    await queue('a', 'a1');
    const { until } = startWorker(() => later);
    await until('finished a');
    expect(await startsOf('a')).toBe(0);
  });

  it('does not count when the process lives and its store failed', async () => {
    await queue('a', 'a1');
    const { running } = startWorker(async () => {
      await pool.query('alter table lanes rename to lanes_away');
      return done;
    });
    await expect(running).rejects.toThrow();
    await pool.query('alter table lanes_away rename to lanes');
    expect(await startsOf('a')).toBe(1);
    const { until } = startWorker(() => hang());
    await until('began a1');
    expect(await startsOf('a')).toBe(1);
  });

  it('does not count when its lease ran out in a process that gives signs of life', async () => {
    await queue('a', 'a1');
    const slow = await startMortalWorker(hang);
    await slow.until('began a1');
    await slow.clock.whenAsleep();
    await dueNow('a');
    const { until } = startWorker(() => hang());
    await until('began a1');
    expect(await startsOf('a')).toBe(1);
  });

  it('counts when its lease ran out in a process that gives none', async () => {
    await queue('a', 'a1');
    const silent = await startMortalWorker(hang);
    await silent.until('began a1');
    await silent.clock.whenAsleep();
    await pool.query(`update processes set alive_until = now() - interval '1 s'`);
    await dueNow('a');
    const { until } = startWorker(() => hang());
    await until('began a1');
    expect(await startsOf('a')).toBe(2);
  });
});
