import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { scriptedKind, startEngineRig } from '@chatferry/testkit/rigs/engine-rig';
import { afterEach, expect, it } from 'vitest';
import type { Alarm } from '../../core/health/alarm.ts';
import { loopDown, raiseAlarms } from './raise-alarms.ts';

const rig = await startEngineRig();
const { pool } = rig.database;
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  await pool.query('truncate alarms, leases');
});

/** The alarms of one process, one round at a time. */
function startAlarms({ store, epoch }: Pick<typeof rig, 'store' | 'epoch'>) {
  const clock = createVirtualClock();
  const logged: string[] = [];
  const record = (event: string) => void logged.push(event);
  let own: readonly Alarm[] = [];
  const log = { debug: record, info: record, warn: record, error: record };
  const alarms = raiseAlarms({ channelWords: scriptedKind, store, clock, log, epoch, ownAlarms: () => own });
  const stopping = new AbortController();
  const running = alarms.run(stopping.signal);
  closing.push(() => {
    stopping.abort();
    return running;
  });
  return {
    logged,
    setOwn(next: readonly Alarm[]) {
      own = next;
    },
    async look() {
      await clock.whenAsleep();
      clock.advance(5_000);
      await clock.whenAsleep();
    },
  };
}

const raised = async () =>
  (await rig.store.alarms.list({ state: 'raised', limit: 10 })).map(({ kind, subject }) => `${kind} ${subject}`);

it('an alarm that only one process sees is logged once and cleared by that process', async () => {
  const other = await rig.anotherProcess();
  const [first, second] = [startAlarms(rig), startAlarms(other)];
  await second.look();
  first.setOwn([loopDown(rig.epoch, 'worker')]);
  for (let looks = 0; looks < 3; looks += 1) await first.look();
  await second.look();
  expect(await raised()).toEqual([`loop-down process ${rig.epoch}: worker`]);
  first.setOwn([]);
  await first.look();
  expect([await raised(), first.logged, second.logged]).toEqual([[], ['alarm.raised', 'alarm.cleared'], []]);
});

it('an alarm of a dead process is cleared by the others', async () => {
  const other = await rig.anotherProcess();
  await other.store.alarms.replace(`process:${other.epoch}`, [loopDown(other.epoch, 'worker')]);
  const alarms = startAlarms(rig);
  await alarms.look();
  expect(await raised()).toHaveLength(1);
  await pool.query('delete from processes where epoch = $1', [other.epoch]);
  await alarms.look();
  expect(await raised()).toEqual([]);
});

it('an alarm is raised and cleared once, even if two processes look at the same time', async () => {
  await rig.addChannel();
  await pool.query(`update channels set state = 'broken'`);
  const processes = [startAlarms(rig), startAlarms(await rig.anotherProcess())];
  for (let looks = 0; looks < 2; looks += 1) await Promise.all(processes.map(({ look }) => look()));
  await pool.query(`update channels set state = 'active'`);
  for (let looks = 0; looks < 2; looks += 1) await Promise.all(processes.map(({ look }) => look()));
  expect(processes.flatMap(({ logged }) => logged)).toEqual(['alarm.raised', 'alarm.cleared']);
});
