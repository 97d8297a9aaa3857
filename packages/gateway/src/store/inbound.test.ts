import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InboundEvent } from '../core/message/inbound.ts';
import { applyInbound } from './inbound.ts';
import { claimLanes } from './lane-claims.ts';
import { type ClaimedLane, readJob } from './lanes.ts';
import { ensurePartitions } from './retention.ts';
import { storeUpdates } from './updates.ts';

const { pool } = await freshDatabase();

beforeAll(() => ensurePartitions(pool));

/** A tap on a button. Telegram gives it no message id. */
const tap: InboundEvent = {
  chat: { chatId: '7', kind: 'private', title: 'Ada', username: null, topicId: null },
  author: { userId: '7', name: 'Ada', username: null, languageCode: null },
  channelMessageId: null,
  editedAtMs: null,
  happenedAtMs: null,
  answers: null,
  content: { kind: 'tap', label: 'Yes', data: 'yes' },
};

async function takeIn(laneKey: string, ...externalIds: readonly string[]): Promise<ClaimedLane> {
  await storeUpdates(
    pool,
    externalIds.map((externalId) => ({
      workspaceId: 'wsp_1',
      channelId: 'chn_1',
      source: 'telegram' as const,
      ownerId: 'chn_1',
      externalId,
      body: Buffer.from('{}'),
      laneKey,
      jobKind: 'update' as const,
      ignored: null,
    })),
  );
  const [lane] = await claimLanes(pool, 1, { lanesMax: 1, jobsMax: 10, leaseMs: 60_000, order: 'first-due' });
  if (!lane) throw new Error('the lane was not due');
  return lane;
}

describe('an update without a message id', () => {
  it('is applied once, even if a worker that lost its lane applies it again', async () => {
    const lane = await takeIn('inbox:chn_1:7', 'update:1', 'update:2');
    const [first, second] = lane.jobs;
    if (!first || !second) throw new Error('two jobs were expected');
    const { updateId, receivedOn } = first.payload as { updateId: number; receivedOn: string };
    const row = {
      workspaceId: 'wsp_1',
      channelId: 'chn_1',
      update: { receivedOn, updateId },
      event: tap,
      content: tap,
      arrived: tap.content,
    };
    expect((await applyInbound(pool, Buffer.from, lane, first, row))?.kind).toBe('mirror');
    // The first job of the lane is now another update's.
    expect(await applyInbound(pool, Buffer.from, lane, second, row)).toBeNull();
    expect((await pool.query('select 1 from messages')).rowCount).toBe(1);
    const { rows } = await pool.query('select kind from jobs order by seq');
    expect(rows).toEqual([{ kind: 'mirror' }, { kind: 'update' }]);
  });
});

describe('a message that arrives under two update ids', () => {
  it('is applied once, and the second update is ignored', async () => {
    const lane = await takeIn('inbox:chn_1:8', 'update:11', 'update:12');
    const text: InboundEvent = { ...tap, channelMessageId: '501', content: { kind: 'text', text: 'Hello' } };
    const messages = [];
    for (const job of lane.jobs) {
      const update = job.payload as { updateId: number; receivedOn: string };
      const row = {
        workspaceId: 'wsp_1',
        channelId: 'chn_1',
        update,
        event: text,
        content: text,
        arrived: text.content,
      };
      messages.push(await applyInbound(pool, Buffer.from, lane, job, row));
    }
    expect(messages).toEqual([expect.objectContaining({ kind: 'mirror' }), null]);
    const { rows } = await pool.query(
      "select state, detail from updates where external_id like 'update:1_' order by id",
    );
    expect(rows).toEqual([
      { state: 'applied', detail: null },
      { state: 'ignored', detail: 'seen before' },
    ]);
  });
});

describe('a worker that lost its lane', () => {
  it('applies nothing, so the next owner of the lane finds the update unchanged', async () => {
    const lost = await takeIn('inbox:chn_1:9', 'update:21');
    await pool.query("update lanes set run_at = now() where key = 'inbox:chn_1:9'");
    const [holder] = await claimLanes(pool, 2, { lanesMax: 1, jobsMax: 10, leaseMs: 60_000, order: 'first-due' });
    const [job] = lost.jobs;
    if (!holder || !job) throw new Error('the lane was not due');
    const update = job.payload as { updateId: number; receivedOn: string };
    const row = { workspaceId: 'wsp_1', channelId: 'chn_1', update, event: tap, content: tap, arrived: tap.content };
    expect(await applyInbound(pool, Buffer.from, lost, job, row)).toBeNull();
    expect(await applyInbound(pool, Buffer.from, holder, job, row)).toMatchObject({ kind: 'mirror', seq: job.seq });
    expect(await readJob(pool, lost.key, job.seq)).toMatchObject({ kind: 'mirror' });
  });
});
