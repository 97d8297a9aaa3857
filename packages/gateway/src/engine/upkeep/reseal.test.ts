import { randomBytes } from 'node:crypto';
import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { beforeAll, describe, expect, it } from 'vitest';
import { createVault } from '../../secrets/sealed.ts';
import { sealedColumns } from '../../store/sealed-columns.ts';
import { sealedValues } from '../../store/sealed-values.ts';
import { type ResealStore, resealAll } from './reseal.ts';

const { pool } = await freshDatabase();
const keyNamed = (id: string) => ({ id, key: randomBytes(32) });
const [before, now] = [keyNamed('before'), keyNamed('now')];
const old = createVault({ primary: before, others: [] });
const vault = createVault({ primary: now, others: [before] });

const store: ResealStore = { sealedValues: sealedValues(pool) };
const { listSealedWithOtherKeys, replace } = store.sealedValues;

const { answer, app } = sealedColumns;
const apps = Array.from({ length: 3 }, (_, n) => `con_${n}`);

async function sealEverythingWithTheOldKey() {
  await pool.query('truncate connections, idempotency_keys cascade');
  for (const id of apps) {
    await pool.query(
      `insert into connections (id, inbox_kind, app, start_path, expires_at) values ($1, 'intercom', $2, $1, now())`,
      [id, old.seal(`app of ${id}`, app.contextOf(id))],
    );
  }
  for (const [scope, sealed] of [
    ['admin', old.seal('answer', answer.contextOf('admin', 'POST /', 'k'))],
    // What the relay stores there is no secret, and is not sealed.
    ['wsp_1', Buffer.from('the customer blocked the bot')],
  ] as const) {
    await pool.query(
      `insert into idempotency_keys (scope, route, key, fingerprint, request_id, epoch, answer)
       values ($1, 'POST /', 'k', '', gen_random_uuid(), 1, $2)`,
      [scope, sealed],
    );
  }
}

async function everySecret(): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string; app: Buffer }>('select id, app from connections order by id');
  const { rows: answers } = await pool.query<{ answer: Buffer }>(
    `select answer from idempotency_keys where scope = 'admin'`,
  );
  return [
    ...rows.map((row) => vault.open(row.app, app.contextOf(row.id))),
    ...answers.map((row) => vault.open(row.answer, answer.contextOf('admin', 'POST /', 'k'))),
  ];
}
const secrets = [...apps.map((id) => `app of ${id}`), 'answer'];

beforeAll(sealEverythingWithTheOldKey);

describe('the change of the master key', () => {
  it('loses nothing if it is interrupted before or after any of its steps, and the next start finishes it', async () => {
    let cuts = 0;
    for (let cutAt = 0; ; cutAt += 1) {
      await sealEverythingWithTheOldKey();
      let step = 0;
      const cut = async <T>(call: () => Promise<T>): Promise<T> => {
        if (step++ === cutAt) throw new Error('killed');
        const result = await call();
        if (step++ === cutAt) throw new Error('killed');
        return result;
      };
      const dying: ResealStore = {
        sealedValues: {
          listSealedWithOtherKeys: (keyId, limit) => cut(() => listSealedWithOtherKeys(keyId, limit)),
          replace: (value, sealed) => cut(() => replace(value, sealed)),
        },
      };
      const died = await resealAll(dying, vault, now.id).then(
        () => false,
        () => true,
      );
      expect(await everySecret()).toEqual(secrets);
      if (!died) break;
      cuts += 1;
      await resealAll(store, vault, now.id);
      expect(await everySecret()).toEqual(secrets);
      expect(await listSealedWithOtherKeys(now.id, 10)).toEqual([]);
    }
    // Two reads and four values, before and after each.
    expect(cuts).toBe(12);
  });

  it('seals each value once if two processes do it at the same time', async () => {
    await sealEverythingWithTheOldKey();
    const counts = await Promise.all([resealAll(store, vault, now.id), resealAll(store, vault, now.id)]);
    expect(counts[0] + counts[1]).toBe(secrets.length);
    expect(await everySecret()).toEqual(secrets);
  });

  it('does not overwrite a value that was written during it', async () => {
    await sealEverythingWithTheOldKey();
    const id = 'con_0';
    let isFirst = true;
    const overtaken: ResealStore = {
      sealedValues: {
        ...store.sealedValues,
        async replace(value, sealed) {
          if (value.key[0] === id && isFirst) {
            isFirst = false;
            const fresh = old.seal('entered during it', app.contextOf(id));
            await pool.query('update connections set app = $2 where id = $1 and app = $3', [id, fresh, value.sealed]);
          }
          return replace(value, sealed);
        },
      },
    };
    // Three apps and the answer were sealed, and the first app once more.
    expect(await resealAll(overtaken, vault, now.id)).toBe(4);
    expect(await everySecret()).toEqual(['entered during it', ...secrets.slice(1)]);
  });
});

describe('the list of sealed columns', () => {
  it('has every column of bytes except those that contain no secret', async () => {
    const { rows } = await pool.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
       where table_schema = current_schema() and data_type = 'bytea' and not exists (
         select 1 from pg_inherits where inhrelid = format('%I', table_name)::regclass)`,
    );
    const notSealed = [
      'admin_tokens.digest',
      'audit.hash',
      'erasures.digest',
      'file_chunks.content',
      'grants.made_with',
      'idempotency_keys.fingerprint',
      'inbox_writes.text_hash',
      'invitations.digest',
      'keys.digest',
      'sessions.digest',
      'updates.body',
    ];
    const sealed = Object.values(sealedColumns).map(({ table, column }) => `${table}.${column}`);
    expect(rows.map(({ name }) => name).sort()).toEqual([...sealed, ...notSealed].sort());
  });
});
