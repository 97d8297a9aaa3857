import { done, startWorkerRig } from '@chatferry/testkit/rigs/worker-rig';
import { describe, expect, it } from 'vitest';

const { pool, queue, laneRow, dueNow, waitingJobs, startWorker } = await startWorkerRig();

describe('an idle worker', () => {
  it('finds work at its next poll if it was not woken for it', async () => {
    const { clock, until } = startWorker(() => done);
    await clock.whenAsleep();
    expect(clock.sleeping()).toEqual([500]);
    await queue('a', 'a1');
    clock.advance(500);
    await until('finished a');
  });

  it('begins at once when it is woken', async () => {
    const { clock, worker, until } = startWorker(() => done);
    await clock.whenAsleep();
    await queue('a', 'a1');
    worker.wake();
    await until('finished a');
    expect(clock.monotonicMs()).toBe(0);
  });

  it('sleeps no longer than until the next lane is due', async () => {
    await queue('a', 'a1');
    await pool.query(`update lanes set run_at = now() + interval '200 ms'`);
    const { clock } = startWorker(() => done);
    await clock.whenAsleep();
    expect(clock.sleeping()[0]).toBeLessThanOrEqual(200);
  });
});

describe('a lease', () => {
  const steal = (lane: string) => pool.query(`update lanes set lease = gen_random_uuid() where key = $1`, [lane]);

  it('has no effect on the lane after it was lost', async () => {
    await queue('a', 'a1', 'a2');
    const { until } = startWorker(async (name) => {
      if (name === 'a2') await steal('a');
      return done;
    });
    await until('lost a');
    expect(await waitingJobs('a')).toEqual(['a1', 'a2']);
    expect((await laneRow('a')).lease).not.toBeNull();
  });

  it('that was lost during a long job prevents the start of the next one', async () => {
    await queue('a', 'a1', 'a2');
    await queue('b', 'b1');
    const { clock, steps, until, worker } = startWorker(async (name) => {
      if (name !== 'a1') return done;
      await steal('a');
      clock.advance(16_000);
      return done;
    });
    await until('a1');
    worker.wake();
    await until('finished b');
    await clock.whenAsleep();
    expect(steps).not.toContain('began a2');
    expect(await waitingJobs('a')).toEqual(['a1', 'a2']);
  });

  it('is renewed between long jobs', async () => {
    await queue('a', 'a1', 'a2');
    const leases: number[] = [];
    const { clock, until } = startWorker(async () => {
      await pool.query(`update lanes set run_at = run_at - interval '30 s'`);
      clock.advance(16_000);
      const { rows } = await pool.query(`select extract(epoch from run_at - now()) as seconds from lanes`);
      leases.push(Math.round(Number(rows[0].seconds) / 10) * 10);
      return done;
    });
    await until('finished a');
    expect(leases).toEqual([30, 30]);
  });
});

describe('the end of a worker', () => {
  it('waits until the claimed lanes are finished, and claims no more', async () => {
    await queue('a', 'a1', 'a2');
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { clock, until, stop, running, steps } = startWorker(async () => {
      await gate;
      return done;
    });
    await until('began a1');
    // No claim is under way now, which could still take lane b.
    await clock.whenAsleep();
    let ended = false;
    void running.then(() => {
      ended = true;
    });
    stop();
    await queue('b', 'b1');
    expect(ended).toBe(false);
    release();
    await running;
    expect(steps).toEqual(['began a1', 'a1', 'began a2', 'a2', 'finished a']);
    expect(await waitingJobs('b')).toEqual(['b1']);
  });

  it('is an error when the store fails, and jobs that were begun are done again', async () => {
    await queue('a', 'a1');
    const { running } = startWorker(async () => {
      await pool.query('alter table lanes rename to lanes_away');
      return done;
    });
    await expect(running).rejects.toThrow();
    await pool.query('alter table lanes_away rename to lanes');
    await dueNow('a');
    const { until } = startWorker(() => done);
    await until('finished a');
    expect(await waitingJobs('a')).toEqual([]);
  });
});
