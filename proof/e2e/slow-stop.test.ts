import { expect, it } from 'vitest';
import { openDesk, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { pool } = rig.database;
const started = 'customer: ⁂ (started the bot)';

it('a gateway that stops while an inbox does not answer gives signs of life until its work has ended', async () => {
  const desk = await openDesk(rig, 'intercom');
  const customer = desk.customer();
  await desk.reads(started);
  desk.breakInbox({ kind: 'delay-before', delayMs: 8_000 }, { everything: true, times: 1 });
  rig.sandbox.telegram.text(customer.at, { text: 'Hello' });
  const epoch = await eventually(async () => {
    const { rows } = await pool.query('select epoch from lanes where lease is not null');
    expect(rows).toHaveLength(1);
    return rows[0].epoch;
  });
  const aliveUntil = async () =>
    (await pool.query('select alive_until from processes where epoch = $1', [epoch])).rows[0]?.alive_until;
  const before = await aliveUntil();
  const restarted = rig.restart();
  await eventually(async () => expect((await aliveUntil())?.getTime()).toBeGreaterThan(before.getTime() + 4_000));
  await restarted;
  await desk.reads(started, 'customer: Hello');
  const { rows } = await pool.query('select starts from lanes where starts > 1');
  expect(rows).toEqual([]);
});
