import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import type { Pool } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { recordDeadLetter } from './dead-letters.ts';
import { claimLanes } from './lane-claims.ts';
import { type ClaimEnd, type ClaimedLane, finishLanes, nextDueInMs, renewLease, wakeLanes } from './lanes.ts';
import { readSignsOfLife, registerProcess, removeDeadProcesses } from './processes.ts';
import { ensurePartitions } from './retention.ts';
import { storeUpdates, type UpdateRow } from './updates.ts';

const { pool } = await freshDatabase();
const claim = { lanesMax: 10, jobsMax: 10, leaseMs: 60_000, order: 'first-due' } as const;
let ids = 0;

beforeAll(() => ensurePartitions(pool));

const anUpdate = (laneKey: string | null, externalId = `update:${++ids}`): UpdateRow => ({
  workspaceId: 'wsp_1',
  channelId: 'chn_1',
  source: 'telegram',
  ownerId: 'chn_1',
  externalId,
  body: Buffer.from(externalId),
  laneKey,
  jobKind: 'update',
  ignored: laneKey === null ? 'poll' : null,
});

async function claimOne(key: string): Promise<ClaimedLane> {
  const lanes = await claimLanes(pool, 1, claim);
  const lane = lanes.find((claimed) => claimed.key === key);
  if (!lane) throw new Error(`lane ${key} was not due`);
  return lane;
}

const bodiesOf = async (lane: ClaimedLane) => {
  const { rows } = await pool.query<{ external_id: string }>(
    `select u.external_id from jobs j join updates u on u.id = (j.payload->>'updateId')::bigint
     where j.lane_key = $1 order by j.seq`,
    [lane.key],
  );
  return rows.map((row) => row.external_id);
};

const finishLane = async (pool: Pool, lane: ClaimedLane, end: ClaimEnd): Promise<boolean | undefined> =>
  (await finishLanes(pool, [{ lane, end }]))[0];

describe('received updates', () => {
  it('are stored and queued in order within a batch and across batches', async () => {
    expect(
      await storeUpdates(pool, [anUpdate('a', 'u1'), anUpdate('b', 'u2'), anUpdate('a', 'u3'), anUpdate(null, 'u4')]),
    ).toEqual([true, true, true, true]);
    expect(await storeUpdates(pool, [anUpdate('a', 'u5')])).toEqual([true]);
    const lane = await claimOne('a');
    expect(await bodiesOf(lane)).toEqual(['u1', 'u3', 'u5']);
    expect(lane.jobs.map((job) => job.seq)).toEqual([1, 2, 3]);
  });

  it('are stored once if an update repeats', async () => {
    expect(await storeUpdates(pool, [anUpdate('c', 'u9')])).toEqual([true]);
    expect(await storeUpdates(pool, [anUpdate('c', 'u9'), anUpdate('c', 'u10')])).toEqual([false, true]);
    expect(await bodiesOf(await claimOne('c'))).toEqual(['u9', 'u10']);
  });
});

describe('lanes under load', () => {
  const inTurn = { ...claim, order: 'in-turn' } as const;
  const keysOf = (lanes: readonly ClaimedLane[]) => lanes.map(({ key }) => key).sort();
  const addLane = (key: string, workspaceId: string, dueForS: number) =>
    pool.query(`insert into lanes (key, workspace_id, run_at, tail) values ($1, $2, now() - $3 * interval '1 s', 0)`, [
      key,
      workspaceId,
      dueForS,
    ]);

  it('are claimed for each workspace in turn, and within a workspace for each bot in turn', async () => {
    await pool.query('delete from lanes');
    for (const chat of [1, 2, 3]) await addLane(`inbox:one:${chat}`, 'large', 90 - chat);
    await addLane('inbox:two:1', 'large', 10);
    await addLane('inbox:small:1', 'small', 1);
    expect(keysOf(await claimLanes(pool, 1, { ...inTurn, lanesMax: 2 }))).toEqual(['inbox:one:1', 'inbox:small:1']);
    expect(keysOf(await claimLanes(pool, 1, { ...inTurn, lanesMax: 2 }))).toEqual(['inbox:one:2', 'inbox:two:1']);
  });

  it('are left out if their bot has its share', async () => {
    await pool.query('delete from lanes');
    await addLane('inbox:one:1', 'large', 90);
    await addLane('inbox:two:1', 'large', 10);
    expect(keysOf(await claimLanes(pool, 1, { ...inTurn, without: ['inbox:one'] }))).toEqual(['inbox:two:1']);
  });

  it('are claimed only for agents’ replies if only those have room', async () => {
    await pool.query('delete from lanes');
    await addLane('inbox:one:1', 'large', 90);
    await addLane('relay:large:c', 'large', 10);
    expect(keysOf(await claimLanes(pool, 1, { ...claim, order: 'replies' }))).toEqual(['relay:large:c']);
  });

  it('of a workspace that wait for its inbox are due at once when it answers, and keep their failures', async () => {
    await pool.query('delete from lanes');
    await addLane('inbox:one:1', 'large', 0);
    await addLane('inbox:one:2', 'large', 0);
    await addLane('inbox:other:1', 'other', 0);
    const end = { doneSeq: null, delayMs: 600_000, waitsFor: 'inbox' } as const;
    const lanes = await claimLanes(pool, 1, claim);
    for (const lane of lanes) await finishLane(pool, lane, lane.key.endsWith('2') ? { ...end, waitsFor: null } : end);
    expect(await wakeLanes(pool, 'large', ['inbox-answer'])).toBe(0);
    expect(await wakeLanes(pool, 'large')).toBe(1);
    expect((await claimLanes(pool, 1, claim)).map(({ key, failures }) => ({ key, failures }))).toEqual([
      { key: 'inbox:one:1', failures: 1 },
    ]);
  });
});

describe('a lane', () => {
  it('is claimed by one worker at a time', async () => {
    await storeUpdates(pool, [anUpdate('d')]);
    const [first, second] = await Promise.all([claimLanes(pool, 1, claim), claimLanes(pool, 1, claim)]);
    const claims = [...first, ...second].filter((lane) => lane.key === 'd');
    expect(claims).toHaveLength(1);
    expect((await claimLanes(pool, 1, claim)).filter((lane) => lane.key === 'd')).toEqual([]);
  });

  it('is deleted when it is empty, and created again with the next job', async () => {
    await storeUpdates(pool, [anUpdate('e')]);
    const lane = await claimOne('e');
    expect(await finishLane(pool, lane, { doneSeq: 1, delayMs: null })).toBe(true);
    expect((await pool.query(`select 1 from lanes where key = 'e'`)).rowCount).toBe(0);
    await storeUpdates(pool, [anUpdate('e')]);
    expect((await claimOne('e')).jobs.map((job) => job.seq)).toEqual([1]);
  });

  it('is due at once if a job arrived during the work', async () => {
    await storeUpdates(pool, [anUpdate('f')]);
    const lane = await claimOne('f');
    await storeUpdates(pool, [anUpdate('f', 'later')]);
    await finishLane(pool, lane, { doneSeq: 1, delayMs: null });
    expect(await bodiesOf(await claimOne('f'))).toEqual(['later']);
  });

  it('waits after a failure, keeps its order, counts the failures, and reports when it is due', async () => {
    await pool.query('delete from lanes');
    await storeUpdates(pool, [anUpdate('g', 'g1'), anUpdate('g', 'g2'), anUpdate('g', 'g3')]);
    const lane = await claimOne('g');
    await finishLane(pool, lane, { doneSeq: 1, delayMs: 30_000 });
    expect(await claimLanes(pool, 1, claim)).toEqual([]);
    expect(await nextDueInMs(pool)).toBeGreaterThan(25_000);
    await pool.query(`update lanes set run_at = now() where key = 'g'`);
    const again = await claimOne('g');
    expect(again.failures).toBe(1);
    expect(await bodiesOf(again)).toEqual(['g2', 'g3']);
    await finishLane(pool, again, { doneSeq: null, delayMs: 30_000 });
    await pool.query(`update lanes set run_at = now() where key = 'g'`);
    expect((await claimOne('g')).failures).toBe(2);
  });

  it('that does not exist is not due', async () => {
    await pool.query('delete from lanes');
    expect(await nextDueInMs(pool)).toBeNull();
  });

  it('that was lost to another claim can be neither finished nor renewed', async () => {
    await storeUpdates(pool, [anUpdate('h')]);
    const lost = await claimOne('h');
    await pool.query(`update lanes set run_at = now() where key = 'h'`);
    const holder = await claimOne('h');
    expect(await renewLease(pool, lost, 1_000)).toBe(false);
    expect(await finishLane(pool, lost, { doneSeq: 1, delayMs: null })).toBe(false);
    expect(await bodiesOf(holder)).toHaveLength(1);
    expect(await renewLease(pool, holder, 1_000)).toBe(true);
    expect(await finishLane(pool, holder, { doneSeq: 1, delayMs: null })).toBe(true);
  });

  it('that was lost to another claim cannot lose a job to the dead letters', async () => {
    await storeUpdates(pool, [anUpdate('put-aside')]);
    const lost = await claimOne('put-aside');
    await pool.query(`update lanes set run_at = now() where key = 'put-aside'`);
    const holder = await claimOne('put-aside');
    const [job] = holder.jobs;
    if (!job) throw new Error('the lane has no job');
    expect(await recordDeadLetter(pool, lost, job, 'late')).toBe(false);
    expect(await bodiesOf(holder)).toHaveLength(1);
    expect(await recordDeadLetter(pool, holder, job, 'in time')).toBe(true);
    expect(await bodiesOf(holder)).toEqual([]);
  });

  it('of a removed process is due at once, and later calls of that process do not change it', async () => {
    const dead = await registerProcess(pool, false);
    await storeUpdates(pool, [anUpdate('of-the-dead')]);
    const [theirs] = (await claimLanes(pool, dead, claim)).filter(({ key }) => key === 'of-the-dead');
    const ours = async () => (await claimLanes(pool, 1, claim)).filter(({ key }) => key === 'of-the-dead');
    expect(await ours()).toEqual([]);
    expect(
      await removeDeadProcesses(
        pool,
        (await readSignsOfLife(pool)).filter(({ epoch }) => epoch === dead),
      ),
    ).toEqual([dead]);
    const [taken] = await ours();
    expect(taken?.jobs).toEqual(theirs?.jobs);
    if (!theirs || !taken) throw new Error('the lane was not claimed');
    expect(await renewLease(pool, theirs, 60_000)).toBe(false);
    expect(await finishLane(pool, theirs, { doneSeq: 1, delayMs: null })).toBe(false);
    expect(await finishLane(pool, taken, { doneSeq: 1, delayMs: null })).toBe(true);
  });
});
