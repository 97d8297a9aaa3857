import { startPeopleRig } from '@chatferry/testkit/rigs/people-rig';
import { describe, expect, it } from 'vitest';

const { join, rig, signIn } = await startPeopleRig();
const forwarded = (name = 'x-forwarded-for', value = '203.0.113.7') => ({ [name]: value });
const headers = ['x-forwarded-for', 'forwarded', 'x-real-ip'];
const warnings = () => rig.logLines.filter((line) => line.includes('"proxy.undeclared"'));
const alarms = async () =>
  (await rig.admin('/api/v1/alarms')).body.data.filter(({ kind }: { kind: string }) => kind === 'proxy-undeclared');

describe('a proxy that the settings do not name', () => {
  it('is reported once in the log and as an alarm, with what to do', async () => {
    expect(warnings()).toEqual([]);
    for (let calls = 0; calls < 3; calls += 1) await rig.call('/healthz', { headers: forwarded() });
    expect(warnings()).toEqual([expect.stringContaining('CHATFERRY_TRUSTED_PROXIES')]);
    await expect.poll(alarms, { timeout: 30_000 }).toMatchObject([
      {
        subject: '127.0.0.1',
        workspace_id: null,
        detail: expect.stringContaining('count as one address'),
        remedy: expect.stringContaining('add it to CHATFERRY_TRUSTED_PROXIES'),
      },
    ]);
  }, 60_000);

  it.each(headers)('does not lock out other callers when one fails through it, by %s', async (header) => {
    const email = `owner-${header}@acme.test`;
    await join(email, 'owner');
    const through = forwarded(header);
    for (let guess = 0; guess < 25; guess += 1)
      await signIn({ email: `stranger-${header}-${guess}@acme.test` }, through);
    expect((await signIn({ email }, through)).status).toBe(201);
  });

  it('still limits the guesses at one account', async () => {
    await join('guessed@acme.test', 'member');
    const guess = () => signIn({ email: 'guessed@acme.test', password: 'not the password' }, forwarded());
    for (let failures = 0; failures < 5; failures += 1) expect((await guess()).status).toBe(401);
    expect((await guess()).status).toBe(429);
  });

  it('is no longer reported once the settings name it, and its callers count by their own address', async () => {
    const before = warnings().length;
    await rig.reconfigure({ CHATFERRY_TRUSTED_PROXIES: '127.0.0.0/8' });
    const fail = (address: string, guess: number) =>
      signIn({ email: `other-${guess}@acme.test` }, forwarded('x-forwarded-for', address));
    for (let guess = 0; guess < 20; guess += 1) await fail('203.0.113.8', guess);
    expect([(await fail('203.0.113.8', 20)).status, (await fail('203.0.113.9', 20)).status]).toEqual([429, 401]);
    expect(warnings()).toHaveLength(before);
    await expect.poll(alarms, { timeout: 30_000 }).toEqual([]);
  }, 60_000);
});
