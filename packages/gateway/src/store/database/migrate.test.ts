import { openDatabase } from '@chatferry/testkit/postgres/postgres';
import { describe, expect, it } from 'vitest';
import type { StoreLog } from '../../ports/log.ts';
import { type Migration, migrate, parseMigration, planMigrations, readMigrations } from './migrate.ts';

const first = parseMigration(
  '0001_init.sql',
  '-- 0001 (compatible with 0001+): first\ncreate table things (id int);\n',
  1,
);
const second = parseMigration(
  '0002_more.sql',
  '-- 0002 (compatible with 0001+): more\ncreate table more (id int);\n',
  2,
);
const breaking = parseMigration('0003_new.sql', '-- 0003 (compatible with 0003+): new\ndrop table more;\n', 3);

function recordingLog(): StoreLog & { readonly events: [string, object][] } {
  const events: [string, object][] = [];
  const note = (fields: object, event: string): void => {
    events.push([event, fields]);
  };
  return { events, info: note, warn: note };
}

async function withDatabase(
  run: (
    migrateTo: (migrations: readonly Migration[]) => Promise<number[]>,
    query: (sql: string) => Promise<unknown[]>,
  ) => Promise<void>,
): Promise<void> {
  const { pool, drop } = await openDatabase('template0');
  try {
    await run(
      (migrations) => migrate(pool, { log: recordingLog(), migrations }),
      async (sql) => (await pool.query(sql)).rows,
    );
  } finally {
    await drop();
  }
}

describe('migrations', () => {
  it('are applied once, in order, and recorded with their checksum', async () => {
    await withDatabase(async (migrateTo, query) => {
      expect(await migrateTo([first])).toEqual([1]);
      expect(await migrateTo([first, second, breaking])).toEqual([2, 3]);
      expect(await migrateTo([first, second, breaking])).toEqual([]);
      expect(await query('select number, name, checksum, compatible_with from schema_migrations order by 1')).toEqual([
        { number: 1, name: 'init', checksum: first.checksum, compatible_with: 1 },
        { number: 2, name: 'more', checksum: second.checksum, compatible_with: 1 },
        { number: 3, name: 'new', checksum: breaking.checksum, compatible_with: 3 },
      ]);
    });
  });

  it('are applied once by replicas that start together', async () => {
    await withDatabase(async (migrateTo) => {
      const applied = await Promise.all([1, 2, 3, 4].map(() => migrateTo([first, second])));
      expect(applied.flat().sort()).toEqual([1, 2]);
    });
  });

  it('that fail leave nothing behind, and those before them stay applied', async () => {
    const bad = parseMigration(
      '0002_bad.sql',
      '-- 0002 (compatible with 0001+): bad\ncreate table half (id int);\nselect 1/0;',
      2,
    );
    await withDatabase(async (migrateTo, query) => {
      await expect(migrateTo([first, bad])).rejects.toThrow(
        'Migration 0002_bad failed and was rolled back: division by zero',
      );
      expect(await query('select number from schema_migrations')).toEqual([{ number: 1 }]);
      expect(await query("select to_regclass('half') as half")).toEqual([{ half: null }]);
      expect(await migrateTo([first, second])).toEqual([2]);
    });
  });

  it('are refused if an applied one was edited', async () => {
    const edited = parseMigration(
      '0001_init.sql',
      '-- 0001 (compatible with 0001+): first\ncreate table other (id int);\n',
      1,
    );
    await withDatabase(async (migrateTo) => {
      await migrateTo([first]);
      await expect(migrateTo([edited])).rejects.toThrow('0001_init was applied to this database with other contents');
    });
  });

  it('let an older gateway run on a compatible newer schema with a warning, and refuse a breaking one', async () => {
    const { pool, drop } = await openDatabase('template0');
    try {
      const log = recordingLog();
      await migrate(pool, { log, migrations: [first, second] });
      expect(await migrate(pool, { log, migrations: [first] })).toEqual([]);
      expect(log.events.at(-1)).toEqual(['migrations.newer_in_database', { newer: ['0002_more'] }]);
      await migrate(pool, { log, migrations: [first, second, breaking] });
      await expect(migrate(pool, { log, migrations: [first] })).rejects.toThrow('newer gateway (0003_new)');
    } finally {
      await drop();
    }
  });

  it('break only the gateways that are older than the header says', () => {
    const applied = [first, second, { ...breaking, compatibleWith: 2 }];
    expect(planMigrations([first, second], applied)).toMatchObject({ kind: 'ready', pending: [] });
    expect(planMigrations([first], applied)).toMatchObject({ kind: 'refused' });
  });

  it('have the same checksum with CRLF and LF line ends', () => {
    expect(parseMigration('0001_init.sql', first.sql.replaceAll('\n', '\r\n'), 1)).toEqual(first);
  });

  it('must be numbered without a gap and have a header with their compatibility', () => {
    expect(() => parseMigration('0003_x.sql', '-- 0003 (compatible with 0001+): x', 2)).toThrow('should be number 2');
    for (const header of [
      '',
      '-- 0002: x',
      '-- 0001 (compatible with 0001+): x',
      '-- 0002 (compatible with 0003+): x',
    ]) {
      expect(() => parseMigration('0002_x.sql', header, 2)).toThrow('must begin with the line "-- 0002 (compatible');
    }
  });

  it('are part of the gateway, and a missing folder is an error', async () => {
    expect((await readMigrations())[0]).toMatchObject({ number: 1 });
    await expect(readMigrations('/nowhere')).rejects.toThrow('no migrations in /nowhere');
  });
});

it('every migration of a database in use gives up a lock that a long reader holds, and changes nothing', async () => {
  const migrations = await readMigrations();
  const changes = migrations.slice(1);
  expect(changes.filter(({ sql }) => !/^set local lock_timeout = '15s';$/m.test(sql))).toEqual([]);
  const { pool, drop } = await openDatabase('template0');
  try {
    await migrate(pool, { log: recordingLog(), migrations: migrations.slice(0, 1) });
    const hasty = migrations.map((one) => ({
      ...one,
      sql: one.sql.replace("lock_timeout = '15s'", "lock_timeout = '50ms'"),
    }));
    const reader = await pool.connect();
    try {
      await reader.query('begin');
      await reader.query('select from people');
      await expect(migrate(pool, { log: recordingLog(), migrations: hasty })).rejects.toThrow('lock timeout');
    } finally {
      await reader.query('rollback');
      reader.release();
    }
    expect(await migrate(pool, { log: recordingLog(), migrations: hasty })).toEqual(
      changes.map(({ number }) => number),
    );
  } finally {
    await drop();
  }
});
