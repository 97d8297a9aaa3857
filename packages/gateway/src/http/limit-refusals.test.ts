import { startRig } from '@chatferry/testkit/rigs/rig';
import { expect, it } from 'vitest';

const rig = await startRig({ CHATFERRY_TRUSTED_PROXIES: '127.0.0.1' });

it('strangers who are refused from many networks do not fill the audit log', async () => {
  const claim = (network: number) =>
    rig.call('/api/v1/claim', {
      method: 'POST',
      headers: { 'x-forwarded-for': `2001:db8:${network.toString(16)}::1` },
      body: {
        token: `cfi_${'a'.repeat(32)}${network}`,
        email: 'a@b.test',
        name: 'A',
        password: 'a long enough password',
      },
    });
  const statuses = (await Promise.all(Array.from({ length: 400 }, (_, network) => claim(network)))).map(
    ({ status }) => status,
  );
  expect(new Set(statuses).has(201)).toBe(false);
  const { rows } = await rig.database.pool.query(`select count(*)::int as entries from audit where action = 'claim'`);
  expect(rows[0].entries).toBeGreaterThan(0);
  // One a second is allowed after the first ones. Without a limit there are hundreds.
  expect(rows[0].entries).toBeLessThan(200);
});
