import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { describe, expect, it } from 'vitest';
import { createPersonCredentials } from '../../adapters/credentials/person-credentials.ts';
import { loginFailures } from '../../store/login-failures.ts';
import { ApiError } from '../api-error.ts';
import type { Door } from './door.ts';
import { limitHashing } from './limit-hashing.ts';
import { createThrottle } from './throttle.ts';

const { pool } = await freshDatabase();
const knownOf = (personId: string, id = 'device:1'): Door => ({ kind: 'known', id, personId, address: '203.0.113.7' });
const known = knownOf('per_ada');
const strangerFrom = (host: number): Door => ({
  kind: 'stranger',
  address: `203.0.113.${host}`,
  sharesAddress: false,
  account: 'ada@acme.test',
});

/** Digests that take until `finish`. */
function startSlowDigests() {
  let finish = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let running = 0;
  const credentialsFor = limitHashing({
    ...createPersonCredentials(1),
    isPasswordOf: async () => {
      running += 1;
      await promise;
      return true;
    },
  });
  return {
    check: (door: Door) => credentialsFor(door).isPasswordOf(null, ''),
    finish: () => finish(),
    running: () => running,
  };
}

const nameOf = (cause: unknown) => (cause instanceof ApiError ? cause.error : cause);

describe('a person with many sessions', () => {
  it('has five passwords checked at a time, while another person is served', async () => {
    const { check, finish } = startSlowDigests();
    const crowd = Array.from({ length: 5 }, (_, session) => check(knownOf('per_eve', `session:${session}`)));
    await expect(check(knownOf('per_eve', 'session:6')).catch(nameOf)).resolves.toBe('RATE_LIMITED');
    const other = check(known);
    finish();
    expect(await Promise.all([...crowd, other])).toEqual([true, true, true, true, true, true]);
    await expect(check(knownOf('per_eve'))).resolves.toBe(true);
  });
});

describe('a crowd of strangers from everywhere', () => {
  it('is sent away when forty of them wait, and a known browser need not wait for them', async () => {
    const { check, finish, running } = startSlowDigests();
    const crowd = Array.from({ length: 40 }, (_, host) => check(strangerFrom(host)));
    await expect(check(strangerFrom(41)).catch(nameOf)).resolves.toBe('RATE_LIMITED');
    expect(running()).toBe(2);
    const first = check(known);
    expect(running()).toBe(3);
    finish();
    await Promise.all([...crowd, first]);
    await expect(check(strangerFrom(41))).resolves.toBe(true);
  });

  it('may try again, because what it gave was not judged', async () => {
    const throttle = createThrottle({ loginFailures: loginFailures(pool, Buffer.from) });
    const sendAway = async () => {
      throw new ApiError('RATE_LIMITED');
    };
    for (let tries = 0; tries < 25; tries += 1) await throttle(strangerFrom(1), sendAway).catch(nameOf);
    expect(await throttle(strangerFrom(1), async () => true)).toBe(true);
    for (let failures = 0; failures < 5; failures += 1)
      expect(await throttle(strangerFrom(1), async () => null)).toBeNull();
    await expect(throttle(strangerFrom(1), async () => true).catch(nameOf)).resolves.toBe('RATE_LIMITED');
  });
});
