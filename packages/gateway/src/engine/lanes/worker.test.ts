import { done, later, startWorkerRig } from '@chatferry/testkit/rigs/worker-rig';
import { describe, expect, it } from 'vitest';
import type { JobEnd } from './job.ts';

const { pool, queue, laneRow, dueNow, waitingJobs, deadLetters, startWorker, hang } = await startWorkerRig();

describe('a lane', () => {
  it('is worked through in order, even if it has more jobs than one claim', async () => {
    const names = Array.from({ length: 25 }, (_, at) => `a${at}`);
    await queue('a', ...names);
    const { jobsDone, until } = startWorker(() => done);
    await until('finished a', 3);
    expect(jobsDone()).toEqual(names);
    expect(await laneRow('a')).toBeUndefined();
  });

  it('keeps its order through failures, while other lanes continue', async () => {
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

  it('waits longer after each failure, and at least as long as the inbox asks', async () => {
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

  it('continues behind a job that becomes a dead letter', async () => {
    await queue('a', 'a1', 'a2');
    const { until, jobsDone } = startWorker((name) => (name === 'a1' ? { kind: 'dead', detail: 'refused' } : done));
    await until('finished a');
    expect(jobsDone()).toEqual(['a2']);
    expect(await deadLetters()).toMatchObject([{ lane_key: 'a', payload: { name: 'a1' }, cause: 'refused' }]);
  });

  it('waits while the worker has the maximum of lanes', async () => {
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

describe('a lane under load', () => {
  it('begins although as many as the worker may have wait for something outside', async () => {
    await queue('a', 'a1');
    await queue('b', 'b1');
    const { until, steps, waits } = startWorker((name) => (name === 'b1' ? done : waits.during(hang())), 1);
    await until('finished b');
    expect(steps).not.toContain('finished a');
  });

  it('of agents’ replies begins although the worker has as many lanes as it may', async () => {
    await queue('inbox:chn_1:1', 'entry');
    await queue('inbox:chn_1:2', 'second entry');
    const { worker, until, steps } = startWorker((name) => (name === 'reply' ? done : hang()), 1);
    await until('began entry');
    await queue('relay:wsp_1:c', 'reply');
    worker.wake();
    await until('finished relay:wsp_1:c');
    expect(steps).not.toContain('began second entry');
  });

  it('does not wait for all the lanes of another bot that became due before it', async () => {
    for (let chat = 0; chat < 60; chat += 1) await queue(`inbox:busy:${chat}`, `busy ${chat}`);
    await queue('inbox:quiet:1', 'quiet');
    const { until, jobsDone } = startWorker(() => done, 8);
    await until('finished inbox:quiet:1');
    expect(jobsDone().indexOf('quiet')).toBeLessThan(50);
    await until('finished inbox:busy:59');
  });

  it('begins although all lanes of another bot wait, and it has its share of them', async () => {
    await pool.query(manyLanes, ['busy', 1_400]);
    await queue('inbox:quiet:1', 'quiet');
    const { until, steps, waits, clock } = startWorker((name) => (name === 'quiet' ? done : waits.during(hang())), 8);
    await until('finished inbox:quiet:1');
    // It takes no more lanes of the other bot, although there is room.
    await clock.whenAsleep();
    expect(steps.filter((step) => step === 'began busy').length).toBeLessThan(1_400);
  });
});

const manyLanes = `with lane as (
    insert into lanes (key, workspace_id, run_at, tail)
    select 'inbox:' || $1::text || ':' || chat, 'wsp_1', now() - interval '1 minute', 1 from generate_series(1, $2) chat
    returning key
  ) insert into jobs (lane_key, seq, workspace_id, kind, payload)
    select key, 1, 'wsp_1', 'update', jsonb_build_object('name', $1::text) from lane`;

describe('a wait that the provider asked for', () => {
  it('is no failure: the next wait is no longer because of it', async () => {
    await queue('a', 'a1');
    let end: JobEnd = { kind: 'later', wishMs: 7_000, exactly: true, detail: 'asked to wait' };
    const { worker, until } = startWorker(() => end);
    for (let waits = 1; waits <= 4; waits += 1) {
      await until('finished a', waits);
      if (waits === 4) end = later;
      await dueNow('a');
      worker.wake();
    }
    await until('finished a', 5);
    const { rows } = await pool.query(`select failures, extract(epoch from run_at - now()) as seconds from lanes`);
    expect(rows[0].failures).toBe(1);
    expect(Number(rows[0].seconds)).toBeLessThan(2);
  });
});

describe('a job that crashes', () => {
  const crash = () => {
    throw new Error('undefined is not a function');
  };

  it('is tried again, and becomes a dead letter after eight crashes so that its lane continues', async () => {
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

  it('gets all its tries even if its lane has waited long for an inbox that was down', async () => {
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

  it('gets all its tries even if jobs before it failed', async () => {
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

describe('a job that the inbox gives no answer to', () => {
  const unanswered = { kind: 'later', wishMs: null, detail: 'it answered 500', unanswered: true } as const;
  const wrote = { kind: 'done', wrote: true } as const;

  it('becomes a dead letter after the inbox accepted others eight times, and its lane continues', async () => {
    await queue('a', 'a1', 'a2');
    const { worker, until, jobsDone } = startWorker((name) => (name === 'a1' ? unanswered : wrote));
    await until('finished a');
    for (let others = 1; others <= 8; others += 1) {
      expect(await deadLetters()).toEqual([]);
      await queue('b', `b${others}`);
      worker.wake();
      await until('finished b', others);
      await dueNow('a');
      worker.wake();
      await until('finished a', others + 1);
    }
    expect(await deadLetters()).toMatchObject([
      { payload: { name: 'a1' }, cause: 'the inbox did not accept it 8 times, and accepted others: it answered 500' },
    ]);
    expect(jobsDone()).toContain('a2');
  });

  it('waits as long as the inbox accepts nothing at all', async () => {
    await queue('a', 'a1', 'a2');
    const { worker, until, jobsDone } = startWorker((name) => (name === 'a1' ? unanswered : wrote));
    for (let tries = 1; tries <= 20; tries += 1) {
      await until('finished a', tries);
      await dueNow('a');
      worker.wake();
    }
    expect([jobsDone(), await deadLetters()]).toEqual([[], []]);
  });
});
