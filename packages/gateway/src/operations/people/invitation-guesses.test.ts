import { randomBytes } from 'node:crypto';
import { password, startPeopleRig } from '@chatferry/testkit/rigs/people-rig';
import { afterEach, describe, expect, it } from 'vitest';

// The tests take the part of a proxy, to come from several addresses.
const { claimToken, rig } = await startPeopleRig({ CHATFERRY_TRUSTED_PROXIES: '127.0.0.1' });
rig.database.pool.on('error', () => undefined);
afterEach(() => rig.database.pool.query('alter table invitations_away rename to invitations').catch(() => undefined));

const claimFrom = async (address: string, body: object) =>
  (await rig.call('/api/v1/claim', { headers: { 'x-forwarded-for': address }, body: { password, ...body } })).status;
const guess = () => `cfi_${randomBytes(24).toString('base64url')}`;

describe('a stranger who guesses invitations', () => {
  it('is answered without the database about a token that was unknown a moment ago', async () => {
    const token = guess();
    let host = 0;
    // A change of any process ends the memory, so that one try may come too late.
    const tryTwice = async () => {
      host += 1;
      expect(await claimFrom(`203.0.113.${host}`, { token })).toBe(401);
      await rig.database.pool.query('alter table invitations rename to invitations_away');
      const again = await claimFrom(`203.0.113.${host}`, { token });
      // Without the table, a look-up fails.
      expect(await claimFrom(`203.0.113.${host}`, { token: guess() })).toBe(500);
      await rig.database.pool.query('alter table invitations_away rename to invitations');
      return again;
    };
    await expect.poll(tryTwice).toBe(401);
  });
});

describe('the first owner and an invited person', () => {
  let network = 0;
  /** Each guess comes from another network, until all together have to wait. */
  const guessTogether = async () => {
    for (let round = 0; round < 30; round += 1) {
      const guesses = Array.from({ length: 100 }, () => {
        network += 1;
        return claimFrom(`2001:db8:${network.toString(16)}::1`, { token: guess() });
      });
      if ((await Promise.all(guesses)).includes(429)) return;
    }
    throw new Error('No caller had to wait.');
  };

  it('are let in while networks guess together', async () => {
    await guessTogether();
    const owner = { token: claimToken(), email: 'ada@acme.test', name: 'Ada' };
    const guessing = guessTogether();
    expect(await claimFrom('198.51.100.1', owner)).toBe(201);
    await guessing;
    const person = { email: 'bob@acme.test', name: 'Bob', role: 'member', workspaces: null };
    const { body } = await rig.admin('/api/v1/people', { body: person });
    await guessTogether();
    // The list of the valid ones may be five seconds old.
    await expect.poll(() => claimFrom('198.51.100.1', { token: body.invitation })).toBe(201);
  });
});
