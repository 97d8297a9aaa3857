import { openDatabase } from '@chatferry/testkit/postgres/postgres';
import { silentLog } from '@chatferry/testkit/postgres/temporary-postgres';
import { describe, expect, it } from 'vitest';
import { migrate, readMigrations } from './database/migrate.ts';
import { people } from './people.ts';
import { secondFactors } from './second-factors.ts';

describe('an upgrade from a version that put a begun second factor in place of the old one', () => {
  it('keeps confirmed second factors, ends begun ones, and keeps invitations for the roles that they were made for', async () => {
    const { pool, drop } = await openDatabase('template0');
    try {
      const migrations = await readMigrations();
      const before = migrations.findIndex(({ name }) => name === 'sign_in');
      await migrate(pool, { log: silentLog, migrations: migrations.slice(0, before) });
      await pool.query(
        `insert into people (id, email, name, role, totp_secret, totp_confirmed_at) values
           ('per_done', 'done@acme.test', 'Done', 'member', 'sealed', now()),
           ('per_begun', 'begun@acme.test', 'Begun', 'member', 'sealed', null)`,
      );
      await pool.query(
        `insert into invitations (digest, person_id, expires_at) values ('one', 'per_begun', now() + interval '1 day')`,
      );
      await migrate(pool, { log: silentLog, migrations });
      const store = { people: people(pool), secondFactors: secondFactors(pool) };
      const factorOf = async (id: string) => {
        const person = await store.people.read(id);
        return [person?.totpSecret?.toString(), person?.isTotpConfirmed, await store.secondFactors.readPending(id)];
      };
      expect(await factorOf('per_done')).toEqual(['sealed', true, null]);
      expect(await factorOf('per_begun')).toEqual([undefined, false, null]);
      expect(await store.people.readInvited(Buffer.from('one'))).toMatchObject({ person: { id: 'per_begun' } });
      await store.people.update('per_begun', 'member', { role: 'admin' });
      expect(await store.people.readInvited(Buffer.from('one'))).toBeNull();
    } finally {
      await drop();
    }
  });
});
