import { afterEach, describe, expect, it } from 'vitest';
import type { ClaimedLane, Job } from '../store/lanes.ts';
import { evenRandom, startEngineRig } from '../testing/engine-rig.ts';
import { createVirtualClock } from '../testing/virtual-clock.ts';
import type { JobEnd, JobHandler } from './job.ts';
import { createWorker, type LaneStore } from './worker.ts';

const { database, store } = await startEngineRig();
const { pool } = database;
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const closing: (() => Promise<void>)[] = [];

/** Puts a job at the end of a lane, as updates and results do. */
const queue = async (lane: string, ...names: readonly string[]) => {
  for (const name of names) {
    await pool.query(
      `with lane as (
         insert into lanes (key, workspace_id, run_at, tail) values ($1, 'wsp_1', now(), 1)
         on conflict (key) do update set tail = lanes.tail + 1, run_at = coalesce(lanes.run_at, now()) returning tail
       ) insert into jobs (lane_key, seq, workspace_id, kind, payload) select $1, tail, 'wsp_1', 'update', $2 from lane`,
      [lane, JSON.stringify({ name })],
    );
  }
};

const laneRow = async (lane: string) => (await pool.query('select * from lanes where key = $1', [lane])).rows[0];
const dueNow = (lane: string) => pool.query(`update lanes set run_at = now() where key = $1`, [lane]);
const waitingJobs = async (lane: string) =>
  (await pool.query('select payload from jobs where lane_key = $1 order by seq', [lane])).rows.map(
    ({ payload }) => payload.name,
  );
const deadLetters = async () => (await pool.query('select * from dead_letters order by id')).rows;

type Handle = (name: string, lane: ClaimedLane, job: Job) => Promise<JobEnd> | JobEnd;
const done: JobEnd = { kind: 'done' };
const later: JobEnd = { kind: 'later', wishMs: null, detail: 'the inbox is down' };

const forEveryKind = (handle: JobHandler) => ({ mirror: handle, update: handle, 'inbox-event': handle });

/** A worker on the real store, whose every step can be waited for. */
function startWorker(handle: Handle, lanesMax = 8) {
  const clock = createVirtualClock();
  const steps: string[] = [];
  let onlookers: (() => void)[] = [];
  const note = (step: string) => {
    steps.push(step);
    for (const look of onlookers.splice(0)) look();
  };
  const observed: LaneStore = {
    ...store,
    async finishLane(lane, end) {
      const held = await store.finishLane(lane, end);
      note(held ? `finished ${lane.key}` : `lost ${lane.key}`);
      return held;
    },
  };
  const worker = createWorker({
    store: observed,
    handlers: forEveryKind(async (lane, job) => {
      const name = String(job.payload['name']);
      note(`began ${name}`);
      const end = await handle(name, lane, job);
      if (end.kind === 'done') note(name);
      return end;
    }),
    clock,
    random: evenRandom,
    log,
    lanesMax,
  });
  const stopping = new AbortController();
  const running = worker.run(stopping.signal);
  closing.push(async () => {
    stopping.abort();
    await running.catch(() => undefined);
  });
  return {
    clock,
    worker,
    running,
    stop: () => stopping.abort(),
    /** The jobs that were done, in their order. */
    jobsDone: () => steps.filter((step) => !/^(began|finished|lost) /.test(step)),
    steps,
    /** Resolves when this step has been seen so many times. */
    async until(step: string, count = 1) {
      while (steps.filter((seen) => seen === step).length < count) {
        await new Promise<void>((resolve) => {
          onlookers = [...onlookers, resolve];
        });
      }
    },
  };
}

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  await pool.query('truncate lanes, jobs, dead_letters');
});

describe('a lane', () => {
  it('is worked off in its order, more than one claim holds', async () => {
    const names = Array.from({ length: 25 }, (_, at) => `a${at}`);
    await queue('a', ...names);
    const { jobsDone, until } = startWorker(() => done);
    await until('finished a', 3);
    expect(jobsDone()).toEqual(names);
    expect(await laneRow('a')).toBeUndefined();
  });

  it('keeps its order through failures, while others go on', async () => {
    await queue('a', 'a1', 'a2', 'a3', 'a4');
    let refusals = 0;
    const { worker, jobsDone, until } = startWorker((name) => {
      if (name !== 'a2' || refusals === 3) return done;
      refusals += 1;
      return later;
    });
    for (let failures = 1; failures <= 3; failures += 1) {
      await until('finished a', failures);
      expect((await laneRow('a')).failures).toBe(failures);
      expect(await waitingJobs('a')).toEqual(['a2', 'a3', 'a4']);
      await queue('b', `b${failures}`);
      worker.wake();
      await until('finished b', failures);
      await dueNow('a');
      worker.wake();
    }
    await until('finished a', 4);
    expect(jobsDone()).toEqual(['a1', 'b1', 'b2', 'b3', 'a2', 'a3', 'a4']);
  });

  it('waits longer from failure to failure, and as long as the inbox wishes', async () => {
    await queue('a', 'a1');
    let wishMs: number | null = null;
    const { worker, until } = startWorker(() => ({ kind: 'later', wishMs, detail: 'down' }));
    const waits: number[] = [];
    for (const wish of [null, null, null, 90_000]) {
      wishMs = wish;
      if (waits.length > 0) {
        await dueNow('a');
        worker.wake();
      }
      await until('finished a', waits.length + 1);
      const { rows } = await pool.query(`select extract(epoch from run_at - now()) as seconds from lanes`);
      waits.push(Math.round(rows[0].seconds));
    }
    expect(waits).toEqual([1, 5, 30, 120]);
  });

  it('goes on behind a job that a person must look at', async () => {
    await queue('a', 'a1', 'a2');
    const { until, jobsDone } = startWorker((name) => (name === 'a1' ? { kind: 'dead', detail: 'refused' } : done));
    await until('finished a');
    expect(jobsDone()).toEqual(['a2']);
    expect(await deadLetters()).toMatchObject([{ lane_key: 'a', payload: { name: 'a1' }, cause: 'refused' }]);
  });

  it('is one of so many at once', async () => {
    await queue('a', 'a1');
    await queue('b', 'b1');
    await queue('c', 'c1');
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { until, steps, clock } = startWorker(async () => {
      await gate;
      return done;
    }, 2);
    await until('began a1');
    await until('began b1');
    await clock.whenAsleep();
    expect(steps).toEqual(['began a1', 'began b1']);
    release();
    await until('finished c');
  });
});

describe('a job that crashes', () => {
  const crash = () => {
    throw new Error('undefined is not a function');
  };

  it('is tried again, and after the maximum put aside for its lane to go on', async () => {
    await queue('a', 'a1', 'a2');
    const { worker, until, steps, jobsDone } = startWorker((name) => (name === 'a1' ? crash() : done));
    for (let crashes = 1; crashes < 8; crashes += 1) {
      await until('finished a', crashes);
      expect(await deadLetters()).toEqual([]);
      await dueNow('a');
      worker.wake();
    }
    await until('finished a', 8);
    expect(steps.filter((step) => step === 'began a1')).toHaveLength(8);
    expect(await deadLetters()).toMatchObject([
      { payload: { name: 'a1' }, cause: 'failed 8 times: undefined is not a function' },
    ]);
    expect(jobsDone()).toEqual(['a2']);
  });

  it('has as many tries after its lane has waited long for an inbox that was down', async () => {
    await queue('a', 'a1', 'a2');
    await pool.query('update lanes set failures = 50');
    let crashes = 0;
    const { worker, until, jobsDone } = startWorker(() => {
      crashes += 1;
      return crashes <= 2 ? crash() : done;
    });
    await until('finished a');
    await dueNow('a');
    worker.wake();
    await until('finished a', 2);
    await dueNow('a');
    worker.wake();
    await until('finished a', 3);
    expect([jobsDone(), await deadLetters()]).toEqual([['a1', 'a2'], []]);
  });

  it('has as many tries behind others that failed before', async () => {
    await queue('a', 'a1', 'a2');
    await pool.query('update lanes set failures = 7');
    let crashed = false;
    const { worker, until, jobsDone } = startWorker((name) => {
      if (name === 'a1' || crashed) return done;
      crashed = true;
      return crash();
    });
    await until('finished a');
    expect(await deadLetters()).toEqual([]);
    await dueNow('a');
    worker.wake();
    await until('finished a', 2);
    expect(jobsDone()).toEqual(['a1', 'a2']);
  });
});

describe('an idle worker', () => {
  it('finds what nobody told it at its next poll', async () => {
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

  it('that was lost changes nothing', async () => {
    await queue('a', 'a1', 'a2');
    const { until } = startWorker(async (name) => {
      if (name === 'a2') await steal('a');
      return done;
    });
    await until('lost a');
    expect(await waitingJobs('a')).toEqual(['a1', 'a2']);
    expect((await laneRow('a')).lease).not.toBeNull();
  });

  it('that was lost during a long job keeps the next one from being begun', async () => {
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

describe('the end', () => {
  it('waits for the lanes in hand, finishes them, and claims no more', async () => {
    await queue('a', 'a1', 'a2');
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { until, stop, running, steps } = startWorker(async () => {
      await gate;
      return done;
    });
    await until('began a1');
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

  it('comes with an error when the store fails, and what was begun is done again', async () => {
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
