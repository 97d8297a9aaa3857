import { readFile } from 'node:fs/promises';
import { freshDatabase, openDatabase } from '@chatferry/testkit/postgres/postgres';
import { expect, it } from 'vitest';
import { schemaSnapshot } from './schema-snapshot.ts';

const { pool } = await freshDatabase();

it('schema.sql is equal to the schema that the migrations create', async () => {
  const committed = await readFile(new URL('../schema.sql', import.meta.url), 'utf8');
  expect(await schemaSnapshot(pool), 'store/schema.sql is out of date; regenerate it with: npm run gen:schema').toBe(
    committed,
  );
});

it('a snapshot contains tables, constraints, indexes, triggers, functions, policies and sequences, but no partitions', async () => {
  const database = await openDatabase('template0');
  try {
    await database.pool.query(`
      create sequence numbers;
      create type mood as enum ('good', 'bad');
      create table parents (id bigint primary key default nextval('numbers'), mood mood not null, note text check (note <> ''));
      create table days (day date not null, parent_id bigint references parents) partition by range (day);
      create table days_1 partition of days for values from ('2026-01-01') to ('2026-01-02');
      create index days_parent on days (parent_id) where parent_id > 0;
      create function refuse() returns trigger language plpgsql as 'begin raise exception ''no''; end';
      create trigger refusal before delete on parents for each row execute function refuse();
      alter table parents enable row level security, force row level security;
      create policy own on parents for select using (note = current_user);
      create view good as select id from parents where mood = 'good';
    `);
    const text = await schemaSnapshot(database.pool);
    for (const part of [
      'create sequence numbers as bigint start 1 increment 1',
      "create type mood as enum ('good', 'bad');",
      "id bigint default nextval('numbers'::regclass) not null",
      "constraint parents_note_check CHECK ((note <> ''::text))",
      'partition by RANGE (day);',
      'CREATE INDEX days_parent ON ONLY public.days USING btree (parent_id) WHERE (parent_id > 0);',
      'CREATE TRIGGER refusal BEFORE DELETE ON public.parents',
      'FUNCTION public.refuse()',
      'alter table parents force row level security;',
      'create policy own on parents as permissive for select to public using ((note = CURRENT_USER));',
      'create view good as',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('days_1');
    expect(await schemaSnapshot(database.pool)).toBe(text);
  } finally {
    await database.drop();
  }
});
