import {
  type Answer,
  delivered,
  idOf,
  limited,
  notWritten,
  rejected,
  startDeliveryRig,
} from '@chatferry/testkit/rigs/delivery-rig';
import { describe, expect, it } from 'vitest';
import type { SendOutcome } from '../../core/delivery/outcome.ts';
import { unregisterProcess } from '../../store/processes.ts';
import type { Delivery } from './delivery.ts';

const { anIntent, anotherProcess, database, disk, fullDisk, isFree, message, startProcess, startProcessOn, store } =
  await startDeliveryRig();

/** Until the table is back, the store fails at everything that needs it. */
const awayWith = (table: string) => database.pool.query(`alter table ${table} rename to ${table}_away`);
const backWith = (table: string) => database.pool.query(`alter table ${table}_away rename to ${table}`);

/** The store goes away while the message is on the wire. */
const storeGoes =
  (outcome: SendOutcome): Answer =>
  async () => {
    await awayWith('flights');
    return outcome;
  };

/** Looks until it is true. The process needs no virtual time for what it does by itself. */
const until = async (isSo: () => Promise<boolean>) => {
  for (let looks = 0; !(await isSo()) && looks < 1_000; looks += 1);
  expect(await isSo()).toBe(true);
};
const stateOf = async (delivery: Delivery) => (await message(delivery))?.state;

const outcomes: readonly [string, SendOutcome, Delivery['kind'], string][] = [
  ['sent', delivered(), 'sent', 'sent'],
  ['a refusal', rejected('refused'), 'failed', 'failed'],
  ['unknown', { kind: 'uncertain', detail: 'reset' }, 'unknown', 'unknown'],
  ['surely not sent', notWritten, 'failed', 'failed'],
  ['not sent for long', limited(60_000), 'failed', 'failed'],
];

describe('a result that the store does not accept at once', () => {
  it('is offered once more before it is written to the disk', async () => {
    const { deliver, clock, sleepThrough, sent } = startProcessOn(fullDisk(), [storeGoes(delivered('7'))]);
    const intent = anIntent();
    const delivering = deliver(intent);
    await clock.whenAsleep();
    await backWith('flights');
    await sleepThrough(50);
    const delivery = await delivering;
    expect(delivery).toMatchObject({ kind: 'sent', channelMessageId: '7' });
    expect(await message(delivery)).toMatchObject({ state: 'sent', attempts: [{ outcome: 'delivered' }] });
    expect([sent.length, await isFree(intent)]).toEqual([1, true]);
  });

  it.each(outcomes)(
    'is flushed to the disk, reported as it is, and stored when the store is back: %s',
    async (_what, outcome, told, state) => {
      const { deliver, sleepThrough, sent, clock, supervisor } = startProcess(storeGoes(outcome), delivered());
      const intent = anIntent();
      const delivering = deliver(intent);
      await sleepThrough(50);
      const delivery = await delivering;
      expect(delivery.kind).toBe(told);
      await clock.whenAsleep();
      expect(supervisor.failingLoops()).toEqual([`result of message ${idOf(delivery)}`]);
      await backWith('flights');
      await sleepThrough(250);
      await until(() => isFree(intent));
      expect(await stateOf(delivery)).toBe(state);
      expect((await deliver(intent)).kind).toBe('sent');
      expect(sent).toHaveLength(2);
    },
  );

  it.each(outcomes)('is not lost when its process ends: %s', async (_what, outcome, _told, state) => {
    const dead = await anotherProcess();
    const machine = disk();
    const { deliver, sleepThrough, supervisor } = startProcessOn(machine, [storeGoes(outcome)]);
    const intent = anIntent(dead.epoch);
    const delivering = deliver(intent);
    await sleepThrough(50);
    const delivery = await delivering;
    await supervisor.stop();
    await backWith('flights');
    expect(await stateOf(delivery)).toBe('sending');
    await unregisterProcess(database.pool, dead.epoch);
    await machine.replay();
    expect(await store.flights.recover()).toEqual({ unknown: 0, abandoned: 0 });
    expect([await stateOf(delivery), await isFree(intent)]).toEqual([state, true]);
  });

  it.each(outcomes)(
    'is reported as unknown if neither the store nor the disk accepts it, and is stored later: %s',
    async (_what, outcome, told, state) => {
      const { deliver, sleepThrough, clock } = startProcessOn(fullDisk(), [storeGoes(outcome)]);
      const intent = anIntent();
      const delivering = deliver(intent);
      for (const waitMs of [50, 200, 1_000, 2_000]) await sleepThrough(waitMs);
      const delivery = await delivering;
      // A message that surely was not sent may be reported as failed.
      expect(delivery.kind).toBe(outcome.kind === 'deferred' ? told : 'unknown');
      await clock.whenAsleep();
      await backWith('flights');
      await sleepThrough(250);
      await until(() => isFree(intent));
      expect(await stateOf(delivery)).toBe(state);
    },
  );

  it('still counts if another process, which cannot read this disk, has judged the message', async () => {
    const dead = await anotherProcess();
    const machine = disk();
    const { deliver, sleepThrough, supervisor } = startProcessOn(machine, [storeGoes(delivered('7'))]);
    const delivering = deliver(anIntent(dead.epoch));
    await sleepThrough(50);
    const delivery = await delivering;
    expect(delivery.kind).toBe('sent');
    await supervisor.stop();
    await backWith('flights');
    await unregisterProcess(database.pool, dead.epoch);
    expect(await store.flights.recover()).toEqual({ unknown: 1, abandoned: 0 });
    expect(await stateOf(delivery)).toBe('unknown');
    await machine.replay();
    expect(await message(delivery)).toMatchObject({ state: 'sent', channelMessageId: '7' });
    await machine.replay();
    expect(await stateOf(delivery)).toBe('sent');
  });
});

describe('a message that surely was not sent', () => {
  it('releases its chat even if abandoning it fails at first', async () => {
    // Abandoning also stores the pause, and that fails. Storing the result before it did not.
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

  it('is abandoned if its next attempt cannot be stored, and not sent later', async () => {
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

describe('a chat that another process sends to', () => {
  const sendElsewhere = async () => {
    const other = await anotherProcess();
    const intent = anIntent();
    const taken = await other.store.intents.record({ ...intent, epoch: other.epoch });
    if (taken.kind !== 'taken') throw new Error('the lane was not free');
    const row = { state: 'sent', outcome: 'delivered', channelMessageId: '1', failure: null, detail: null } as const;
    return { intent, finish: () => other.store.results.record({ ...row, flight: taken.flight }) };
  };

  it('is waited for until the other send has ended', async () => {
    const { deliver, clock, sent, sleepThrough } = startProcess(delivered());
    const { intent, finish } = await sendElsewhere();
    const delivering = deliver(intent);
    await sleepThrough(25);
    await clock.whenAsleep();
    expect(sent).toEqual([]);
    await finish();
    await sleepThrough(25);
    expect((await delivering).kind).toBe('sent');
  });

  it('is waited for until the caller’s deadline, and then nothing is sent', async () => {
    const { deliver, clock, sent, sleepThrough } = startProcess();
    const { intent } = await sendElsewhere();
    const delivering = deliver(intent, { deadlineMs: clock.monotonicMs() + 40 });
    await sleepThrough(25);
    await sleepThrough(25);
    expect(await delivering).toMatchObject({ kind: 'not-sent', because: 'rate-limited', retryAfterMs: 1_000 });
    expect(sent).toEqual([]);
  });

  it('is not waited for any more when the caller leaves', async () => {
    const { deliver, clock } = startProcess();
    const { intent } = await sendElsewhere();
    const patience = new AbortController();
    const delivering = deliver(intent, { deadlineMs: null, signal: patience.signal });
    await clock.whenAsleep();
    patience.abort();
    expect((await delivering).kind).toBe('not-sent');
  });

  it('is left to a later try if no caller waits', async () => {
    const { deliver, clock } = startProcess();
    const { intent } = await sendElsewhere();
    const delivering = deliver(intent, { deadlineMs: null });
    await clock.whenAsleep();
    clock.advance(5_000);
    expect(await delivering).toMatchObject({ kind: 'not-sent', because: 'rate-limited', retryAfterMs: 1_000 });
  });
});
