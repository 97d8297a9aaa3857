import { describe, expect, it } from 'vitest';
import type { SendOutcome } from '../core/outcome.ts';
import {
  type Answer,
  delivered,
  idOf,
  limited,
  notWritten,
  rejected,
  startDeliveryRig,
} from '../testing/delivery-rig.ts';

const { anIntent, anotherProcess, database, isFree, message, startProcess } = await startDeliveryRig();

/** The store cannot do what this table is needed for, until it is back. */
const awayWith = (table: string) => database.pool.query(`alter table ${table} rename to ${table}_away`);
const backWith = (table: string) => database.pool.query(`alter table ${table}_away rename to ${table}`);

/** The store goes away while the message is on the wire. */
const storeGoes =
  (outcome: SendOutcome): Answer =>
  async () => {
    await awayWith('flights');
    return outcome;
  };

describe('a result that the store does not take at once', () => {
  it('is kept until it does, and the caller is told what is durable', async () => {
    const { deliver, clock, sleepThrough, sent } = startProcess(storeGoes(delivered('7')));
    const intent = anIntent();
    const delivering = deliver(intent);
    await sleepThrough(50);
    await sleepThrough(200);
    await clock.whenAsleep();
    await backWith('flights');
    await sleepThrough(1_000);
    const delivery = await delivering;
    expect(delivery).toMatchObject({ kind: 'sent', channelMessageId: '7' });
    expect(await message(delivery)).toMatchObject({ state: 'sent', attempts: [{ outcome: 'delivered' }] });
    expect([sent.length, await isFree(intent)]).toEqual([1, true]);
  });

  it.each<[string, SendOutcome, string, string]>([
    ['sent', delivered(), 'unknown', 'sent'],
    ['a refusal', rejected('refused'), 'unknown', 'failed'],
    ['unknown', { kind: 'uncertain', detail: 'reset' }, 'unknown', 'unknown'],
    ['surely not sent', notWritten, 'failed', 'failed'],
    ['not sent for long', limited(60_000), 'failed', 'failed'],
  ])('is not lost where that takes long: %s', async (_what, outcome, toldMeanwhile, stateAfterwards) => {
    const { deliver, sleepThrough, sent, clock, supervisor } = startProcess(storeGoes(outcome), delivered());
    const intent = anIntent();
    const delivering = deliver(intent);
    for (const waitMs of [50, 200, 1_000, 2_000]) await sleepThrough(waitMs);
    const delivery = await delivering;
    expect(delivery.kind).toBe(toldMeanwhile);
    await sleepThrough(250);
    await clock.whenAsleep();
    expect(supervisor.ailing()).toEqual([`result of message ${idOf(delivery)}`]);
    await backWith('flights');
    await sleepThrough(500);
    for (let looks = 0; (await message(delivery))?.state !== stateAfterwards && looks < 1_000; looks += 1);
    expect((await message(delivery))?.state).toBe(stateAfterwards);
    for (let looks = 0; !(await isFree(intent)) && looks < 1_000; looks += 1);
    expect((await deliver(intent)).kind).toBe('sent');
    expect(sent).toHaveLength(2);
  });
});

describe('a message that is surely not sent', () => {
  it('frees its chat even where giving it up fails at first', async () => {
    // Giving up also writes the pause, and that fails; the result before it did not.
    const { deliver, clock, sleepThrough } = startProcess(async () => {
      await awayWith('chats');
      return limited(60_000);
    });
    const intent = anIntent();
    const delivery = await deliver(intent);
    expect(delivery).toMatchObject({ kind: 'failed', failure: { name: 'RATE_LIMITED' } });
    expect(await message(delivery)).toMatchObject({ state: 'pending' });
    await clock.whenAsleep();
    await backWith('chats');
    await sleepThrough(250);
    for (let looks = 0; !(await isFree(intent)) && looks < 1_000; looks += 1);
    expect(await message(delivery)).toMatchObject({ state: 'failed', failure: { name: 'RATE_LIMITED' } });
  });

  it('is abandoned where its next try cannot be stored, and not sent later', async () => {
    const { deliver, clock, sent, sleepThrough } = startProcess(notWritten, delivered());
    const intent = anIntent();
    const delivering = deliver(intent);
    await clock.whenAsleep();
    await awayWith('flights');
    clock.advance(300);
    const delivery = await delivering;
    expect(delivery).toMatchObject({ kind: 'failed', failure: { name: 'UNAVAILABLE' } });
    await clock.whenAsleep();
    await backWith('flights');
    await sleepThrough(250);
    for (let looks = 0; !(await isFree(intent)) && looks < 1_000; looks += 1);
    expect(await message(delivery)).toMatchObject({ state: 'failed', failure: { name: 'UNAVAILABLE' } });
    expect(sent).toHaveLength(1);
    expect((await deliver(intent)).kind).toBe('sent');
  });
});

describe('a chat that another process writes to', () => {
  const holdElsewhere = async () => {
    const other = await anotherProcess();
    const intent = anIntent();
    const taken = await other.store.recordIntent({ ...intent, epoch: other.epoch });
    if (taken.kind !== 'taken') throw new Error('the lane was not free');
    const row = { state: 'sent', outcome: 'delivered', channelMessageId: '1', failure: null, detail: null } as const;
    return { intent, finish: () => other.store.recordResult({ ...row, flight: taken.flight }) };
  };

  it('is waited for', async () => {
    const { deliver, clock, sent, sleepThrough } = startProcess(delivered());
    const { intent, finish } = await holdElsewhere();
    const delivering = deliver(intent);
    await sleepThrough(25);
    await clock.whenAsleep();
    expect(sent).toEqual([]);
    await finish();
    await sleepThrough(25);
    expect((await delivering).kind).toBe('sent');
  });

  it('is waited for as long as the caller waits, and then nothing was sent', async () => {
    const { deliver, clock, sent, sleepThrough } = startProcess();
    const { intent } = await holdElsewhere();
    const delivering = deliver(intent, { deadlineMs: clock.monotonicMs() + 40 });
    await sleepThrough(25);
    await sleepThrough(25);
    expect(await delivering).toMatchObject({ kind: 'shed', retryAfterMs: 1_000 });
    expect(sent).toEqual([]);
  });

  it('is not asked for any more when the caller leaves', async () => {
    const { deliver, clock } = startProcess();
    const { intent } = await holdElsewhere();
    const patience = new AbortController();
    const delivering = deliver(intent, { deadlineMs: null, signal: patience.signal });
    await clock.whenAsleep();
    patience.abort();
    expect((await delivering).kind).toBe('shed');
  });

  it('is left to a later try where nobody waits', async () => {
    const { deliver, clock } = startProcess();
    const { intent } = await holdElsewhere();
    const delivering = deliver(intent, { deadlineMs: null });
    await clock.whenAsleep();
    clock.advance(5_000);
    expect(await delivering).toMatchObject({ kind: 'shed', retryAfterMs: 1_000 });
  });
});
