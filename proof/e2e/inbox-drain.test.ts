import { describe, expect, it } from 'vitest';
import { inboxKinds, openDesk, shown, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { makeRetriesDue } from './make-retries-due.ts';

const rig = await startPublicRig();
const { telegram, faults } = rig.sandbox;

const customersMax = 40;
const started = 'customer: ⁂ (started the bot)';

describe.each(inboxKinds)('many conversations that wait for %s', (kind) => {
  it('try one at a time whether it is back, and are then all written, each in order', async () => {
    const desk = await openDesk(rig, kind);
    const customers = Array.from({ length: customersMax }, (_, index) => desk.customer({ first_name: `C${index}` }));
    await eventually(() => expect(desk.conversations()).toHaveLength(customersMax));
    const faultsMax = 10_000;
    desk.breakInbox(
      { kind: 'answer-before', answer: { status: 503, body: {} } },
      { everything: true, times: faultsMax },
    );
    for (const { at } of customers) for (const text of ['one', 'two']) telegram.text(at, { text });
    const waiting = async () =>
      (await rig.database.pool.query('select count(*)::int as count from lanes where waits_for is not null')).rows[0]
        .count;
    await eventually(async () => expect(await waiting()).toBe(customersMax));
    // Every conversation comes back again and again, and hardly one asks.
    for (let rounds = 0; rounds < 3; rounds += 1) {
      await makeRetriesDue(rig);
      await eventually(async () => {
        const { rows } = await rig.database.pool.query(
          'select count(*)::int as count from lanes where run_at <= now() or lease is not null',
        );
        expect(rows[0].count).toBe(0);
      });
    }
    const asked = faultsMax - (faults.list()[0]?.times ?? 0);
    expect(asked).toBeLessThan(2 * customersMax);
    faults.clear();
    await eventually(async () => {
      await makeRetriesDue(rig);
      const read = desk.conversations().map(({ entries }) => entries.map(shown));
      expect(read).toEqual(customers.map(() => [started, 'customer: one', 'customer: two']));
    });
  });
});
