import type { ChannelOptions } from '@chatferry/contract';
import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { scriptedChannel, scriptedKind, startEngineRig } from '@chatferry/testkit/rigs/engine-rig';
import { afterEach, describe, expect, it } from 'vitest';
import type { CallOutcome, PolledUpdates } from '../../ports/channel.ts';
import { createDirectory } from '../directory/directory.ts';
import { createMarkHealth } from '../directory/mark-health.ts';
import { createSupervisor } from '../lanes/supervisor.ts';
import { createPollers } from './pollers.ts';

const rig = await startEngineRig();
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const closing: (() => Promise<void>)[] = [];

interface Poll {
  readonly offset: string | null;
  readonly signal: AbortSignal;
  answer(outcome: CallOutcome<PolledUpdates>): void;
}

const updates = (nextOffset: string, ...raw: readonly string[]): CallOutcome<PolledUpdates> => ({
  kind: 'ok',
  value: { updates: raw.map((body, at) => ({ updateId: String(at), raw: Buffer.from(body) })), nextOffset },
});

/** The pollers of one process. Every poll waits until the test answers it or the process ends it. */
function startPollers(store = rig.store, storeUpdates = async () => undefined) {
  const clock = createVirtualClock();
  const polls: Poll[] = [];
  let waiting: (() => void)[] = [];
  const channel = scriptedChannel({
    poll: (offset, signal) =>
      new Promise((answer) => {
        signal.addEventListener('abort', () => answer({ kind: 'ok', value: { updates: [], nextOffset: offset } }));
        polls.push({ offset, signal, answer });
        const waiters = waiting;
        waiting = [];
        for (const notify of waiters) notify();
      }),
  });
  const openInbox = () => {
    throw new Error('a poller needs no inbox');
  };
  const received: string[] = [];
  const receivedWith: ChannelOptions[] = [];
  const polling = createPollers({
    channelWords: scriptedKind,
    store,
    health: createMarkHealth({ store, log, onChange: () => undefined }),
    directory: createDirectory(
      { store, sharedOriginOf: () => '', openChannel: () => channel, openInbox },
      clock,
      () => 5_000,
    ),
    async receiveUpdates({ record }, raw) {
      await storeUpdates();
      receivedWith.push(record.options);
      received.push(...raw.map(String));
    },
    clock,
    log,
  });
  const supervisor = createSupervisor(clock, log);
  supervisor.start(polling);
  closing.push(supervisor.stop);
  return {
    clock,
    received,
    receivedWith,
    polls,
    lookAround: polling.lookAround,
    alarms: polling.alarms,
    stop: supervisor.stop,
    /** The poll with this number, from 0; waits for it. */
    async poll(number: number): Promise<Poll> {
      for (;;) {
        const found = polls[number];
        if (found) return found;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
  };
}

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  await rig.database.pool.query(`update channels set state = 'deleted'`);
});

describe('polling', () => {
  it('confirms what it received, and asks for what follows', async () => {
    const { id } = await rig.addChannel();
    const process = startPollers();
    const first = await process.poll(0);
    expect(first.offset).toBeNull();
    first.answer(updates('43', 'one', 'two'));
    expect((await process.poll(1)).offset).toBe('43');
    expect(process.received).toEqual(['one', 'two']);
    expect(await rig.store.channels.readPollOffset(id)).toBe('43');
  });

  it('receives updates with the options of now, not with those from the start of the poll', async () => {
    const { id, options } = await rig.addChannel();
    const { clock, poll, receivedWith } = startPollers();
    const waiting = await poll(0);
    await rig.store.channels.update(id, { options: { ...options, tap: { toast: 'Noted', after: 'mark' } } });
    clock.advance(5_000);
    waiting.answer(updates('43', 'a tap'));
    await poll(1);
    expect(receivedWith.map(({ tap }) => tap)).toEqual([{ toast: 'Noted', after: 'mark' }]);
  });

  it('asks again for updates that could not be stored', async () => {
    await rig.addChannel();
    const { clock, poll, polls } = startPollers(rig.store, () => Promise.reject(new Error('the store is away')));
    (await poll(0)).answer(updates('43', 'one'));
    // The poll has ended. One of the next rounds starts it again.
    for (let looks = 0; polls.length === 1 && looks < 100; looks += 1) {
      await clock.whenAsleep();
      clock.advance(2_000);
    }
    expect((await poll(1)).offset).toBeNull();
  });

  it('waits as long as Telegram asks, else three seconds', async () => {
    await rig.addChannel();
    const { clock, poll } = startPollers();
    (await poll(0)).answer({ kind: 'unavailable', retryAfterMs: 17_000, detail: 'Too Many Requests' });
    await clock.whenAsleep(2);
    expect(clock.sleeping()).toContain(17_000);
    clock.advance(17_000);
    (await poll(1)).answer({ kind: 'refused', broken: false, providerCode: 409, detail: 'Conflict' });
    await clock.whenAsleep(2);
    expect(clock.sleeping()).toContain(3_000);
  });

  it('polls less often while another system polls the same bot, and raises an alarm until that ends', async () => {
    const { id } = await rig.addChannel();
    const { clock, poll, alarms } = startPollers();
    const conflict = { kind: 'refused', broken: false, providerCode: 409, detail: 'terminated by other' } as const;
    for (const [number, waitMs] of [3_000, 3_000, 30_000, 30_000].entries()) {
      expect(alarms().length).toBe(number > 2 ? 1 : 0);
      (await poll(number)).answer(conflict);
      await clock.whenAsleep(2);
      expect(clock.sleeping()).toContain(waitMs);
      clock.advance(waitMs);
    }
    const last = await poll(4);
    expect(alarms()).toMatchObject([{ kind: 'polling-conflict', subject: id }]);
    last.answer(updates('43'));
    await poll(5);
    expect(alarms()).toEqual([]);
  });

  it('marks a channel whose token is refused, and stops polling it', async () => {
    const { id } = await rig.addChannel();
    const { clock, poll, polls } = startPollers();
    (await poll(0)).answer({ kind: 'refused', broken: true, providerCode: 401, detail: 'Unauthorized' });
    const isBroken = async () => (await rig.store.channels.read(id))?.state === 'broken';
    for (let looks = 0; !(await isBroken()) && looks < 1_000; looks += 1);
    for (let round = 0; round < 3; round += 1) {
      await clock.whenAsleep();
      clock.advance(2_000);
    }
    await clock.whenAsleep();
    expect(polls).toHaveLength(1);
    expect(await rig.store.channels.read(id)).toMatchObject({ state: 'broken', problem: 'Unauthorized' });
  });

  it('finds a new channel when it is told to look', async () => {
    const { clock, poll, lookAround } = startPollers();
    await clock.whenAsleep();
    await rig.addChannel();
    lookAround();
    expect((await poll(0)).offset).toBeNull();
  });

  it('is done by one process, and by another after that one ends', async () => {
    await rig.addChannel();
    const first = startPollers();
    await first.poll(0);
    const second = startPollers((await rig.anotherProcess()).store);
    await second.clock.whenAsleep();
    expect(second.polls).toEqual([]);
    await first.stop();
    // The second process may not have heard yet that the lease was taken. Then it asks again one round later.
    while (second.polls.length === 0) {
      second.clock.advance(2_000);
      await second.clock.whenAsleep();
    }
  });

  it('continues after the list of channels could not be read once', async () => {
    await rig.addChannel();
    const { clock, poll } = startPollers();
    const first = await poll(0);
    await clock.whenAsleep();
    await rig.database.pool.query('alter table channels rename to channels_away');
    clock.advance(2_000);
    await clock.whenAsleep();
    expect([first.signal.aborted, clock.sleeping()]).toEqual([true, [250]]);
    await rig.database.pool.query('alter table channels_away rename to channels');
    await rig.addChannel();
    clock.advance(250);
    expect((await Promise.all([poll(1), poll(2)])).map(({ offset }) => offset)).toEqual([null, null]);
  });
});
