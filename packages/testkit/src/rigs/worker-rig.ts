import type { JobEnd, JobHandler } from '@chatferry/gateway/internal/engine/lanes/job';
import { createLeaseClock } from '@chatferry/gateway/internal/engine/lanes/lease-clock';
import { leaseMs } from '@chatferry/gateway/internal/engine/lanes/run-lane';
import { createWaits } from '@chatferry/gateway/internal/engine/lanes/waits';
import { watchOutages } from '@chatferry/gateway/internal/engine/lanes/watch-outages';
import { createWorker, type LaneStore } from '@chatferry/gateway/internal/engine/lanes/worker';
import type { ClaimedLane, Job } from '@chatferry/gateway/internal/store/lanes';
import { readSignsOfLife, removeDeadProcesses } from '@chatferry/gateway/internal/store/processes';
import type { StoreSlice } from '@chatferry/gateway/internal/store/store';
import { afterEach } from 'vitest';
import { createVirtualClock } from '../clocks/virtual-clock.ts';
import { evenRandom, startEngineRig } from './engine-rig.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** What a worker and its watch of outages use. */
type RigStore = LaneStore & StoreSlice<{ readonly lanes: 'wake' }>;

export type Handle = (name: string, lane: ClaimedLane, job: Job) => Promise<JobEnd> | JobEnd;
export const done: JobEnd = { kind: 'done' };
export const later: JobEnd = { kind: 'later', wishMs: null, detail: 'the inbox is down' };

const forEveryKind = (handle: JobHandler) => ({
  mirror: handle,
  file: handle,
  update: handle,
  'inbox-event': handle,
  scheduled: handle,
  automatic: handle,
});

/** Workers on the real store, and the queue as tests see it. Call it at the top of the file. */
export async function startWorkerRig() {
  const { database, store, anotherProcess } = await startEngineRig();
  const { pool } = database;
  const closing: (() => Promise<void>)[] = [];
  let test = openGate();

  afterEach(async () => {
    test.pass();
    await Promise.all(closing.splice(0).map((close) => close()));
    test = openGate();
    await pool.query('truncate lanes, jobs, dead_letters');
  });

  return {
    pool,
    /** Adds a job to the end of a lane, as updates and results do. */
    queue: async (lane: string, ...names: readonly string[]) => {
      for (const name of names) await pool.query(addJob, [lane, JSON.stringify({ name })]);
    },
    laneRow: async (lane: string) => (await pool.query('select * from lanes where key = $1', [lane])).rows[0],
    dueNow: (lane: string) => pool.query(`update lanes set run_at = now() where key = $1`, [lane]),
    waitingJobs: async (lane: string) =>
      (await pool.query('select payload from jobs where lane_key = $1 order by seq', [lane])).rows.map(
        ({ payload }) => payload.name,
      ),
    deadLetters: async () => (await pool.query('select * from dead_letters order by id')).rows,
    startWorker: (handle: Handle, lanesMax = 8) => startObservedWorker({ store, closing }, handle, lanesMax),
    /** A job that does not end as long as the test runs. */
    hang: async () => {
      await test.passed;
      return done;
    },
    /** A worker in a process of its own, which dies when it is told to: its jobs do not end, and the others bury it. */
    startMortalWorker: async (handle: Handle) => {
      const { store: own, epoch } = await anotherProcess();
      // What dies does not stop on purpose.
      const mortal = { ...own, lanes: { ...own.lanes, excuse: async () => undefined } };
      const observed = startObservedWorker({ store: mortal, closing }, handle, 8);
      return {
        ...observed,
        async die() {
          // No claim is under way now, which could still take the lane.
          await observed.clock.whenAsleep();
          observed.stop();
          const signs = await readSignsOfLife(pool);
          await removeDeadProcesses(
            pool,
            signs.filter((sign) => sign.epoch === epoch),
          );
        },
      };
    },
  };
}

function openGate() {
  let pass: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    pass = resolve;
  });
  return { passed, pass };
}

const addJob = `with lane as (
    insert into lanes (key, workspace_id, run_at, tail) values ($1, 'wsp_1', now(), 1)
    on conflict (key) do update set tail = lanes.tail + 1, run_at = coalesce(lanes.run_at, now()) returning tail
  ) insert into jobs (lane_key, seq, workspace_id, kind, payload) select $1, tail, 'wsp_1', 'update', $2 from lane`;

/** The steps that a worker has taken, and a way to wait for one. */
function createStepRecorder() {
  const steps: string[] = [];
  let watchers: (() => void)[] = [];
  return {
    steps,
    record(step: string) {
      steps.push(step);
      for (const notify of watchers.splice(0)) notify();
    },
    /** Resolves when this step has been seen `count` times. */
    async until(step: string, count = 1) {
      while (steps.filter((seen) => seen === step).length < count) {
        await new Promise<void>((resolve) => {
          watchers = [...watchers, resolve];
        });
      }
    },
  };
}

/** A worker on the real store, whose every step can be waited for. */
function startObservedWorker(
  { store, closing }: { readonly store: RigStore; readonly closing: (() => Promise<void>)[] },
  handle: Handle,
  lanesMax: number,
) {
  const clock = createVirtualClock();
  const { steps, record, until } = createStepRecorder();
  const finish: LaneStore['lanes']['finish'] = async (lane, end) => {
    const held = await store.lanes.finish(lane, end);
    record(held ? `finished ${lane.key}` : `lost ${lane.key}`);
    return held;
  };
  const waits = createWaits();
  const worker = createWorker({
    store: { ...store, lanes: { ...store.lanes, finish } },
    handlers: forEveryKind(async (lane, job) => {
      const name = String(job.payload['name']);
      record(`began ${name}`);
      const end = await handle(name, lane, job);
      if (end.kind === 'done') record(name);
      return end;
    }),
    clock,
    leases: createLeaseClock(clock, leaseMs, Number.POSITIVE_INFINITY),
    random: evenRandom,
    log,
    lanesMax,
    waits,
    outages: watchOutages({ store, clock, log, onDue: () => undefined }),
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
    waits,
    running,
    stop: () => stopping.abort(),
    /** The jobs that were done, in order. */
    jobsDone: () => steps.filter((step) => !/^(began|finished|lost) /.test(step)),
    steps,
    until,
  };
}
