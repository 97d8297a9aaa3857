import { openDatabase } from '@chatferry/testkit/postgres/postgres';
import { silentLog } from '@chatferry/testkit/postgres/temporary-postgres';
import { expect, it } from 'vitest';
import { originOf } from '../ports/secret.ts';
import { migrate, readMigrations } from './database/migrate.ts';

const roots = [
  'https://api.telegram.org',
  'https://API.example:443/x',
  'http://127.0.0.1:8081/telegram',
  'http://files.example:80',
  'https://bots.example:8443/a/b',
];

it('the bots of an earlier version get the origin of their server, and their installs are begun again', async () => {
  const { pool, drop } = await openDatabase('template0');
  const migrations = await readMigrations();
  const named = migrations.findIndex(({ name }) => name === 'account_origins');
  try {
    await migrate(pool, { log: silentLog, migrations: migrations.slice(0, named) });
    await pool.query(`insert into workspaces (id, name, inbox_kind, inbox_settings, inbox_credential, hook_path)
      values ('wsp_1', 'Acme', 'intercom', '{}', '', 'hook')`);
    for (const [index, root] of roots.entries()) {
      await pool.query(
        `insert into channels (id, workspace_id, name, bot_id, bot_username, bot_name, supports_inline_queries, token,
           webhook_secret, hook_path, updates, api_root, file_root)
         values ($1, 'wsp_1', 'Bot', $2, 'bot', 'Bot', false, '', '', $1, 'polling', $3, $3)`,
        [`chn_${index}`, index, root],
      );
    }
    await pool.query(`insert into connections (id, inbox_kind, app, start_path, expires_at)
      values ('con_1', 'hubspot', 'sealed', 'path', now() + interval '1 hour')`);
    await migrate(pool, { log: silentLog, migrations });
    const { rows } = await pool.query<{ bot_origin: string }>('select bot_origin from channels order by id');
    expect(rows.map(({ bot_origin }) => bot_origin)).toEqual(roots.map(originOf));
    expect((await pool.query(`select expires_at <= now() as over, app from connections`)).rows).toEqual([
      { over: true, app: Buffer.from('') },
    ]);
  } finally {
    await drop();
  }
});
