import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { beforeAll, describe, expect, it } from 'vitest';
import { readChangeVersion } from '../../store/changes.ts';
import { ensurePartitions } from '../../store/retention.ts';
import { watchChanges } from './watch-changes.ts';

const { pool } = await freshDatabase();

beforeAll(async () => {
  await ensurePartitions(pool);
  await pool.query(`insert into workspaces (id, name, inbox_kind, inbox_settings, inbox_credential, hook_path)
    values ('wsp_1', 'Acme', 'intercom', '{}', '', 'hook')`);
  await pool.query(`insert into channels (id, workspace_id, name, bot_id, bot_username, bot_name, supports_inline_queries, token,
      webhook_secret, hook_path, updates, api_root, file_root, bot_origin)
    values ('chn_1', 'wsp_1', 'Bot', 1, 'bot', 'Bot', false, '', '', 'hook', 'polling', 'http://x', 'http://x', '')`);
  await pool.query(`insert into keys (id, workspace_id, name, digest, prefix, rate_per_second, rate_burst)
    values ('key_1', 'wsp_1', 'Key', 'd', 'cf', 1, 1)`);
});

async function movesBy(change: string): Promise<number> {
  const before = await readChangeVersion(pool);
  await pool.query(change);
  return (await readChangeVersion(pool)) - before;
}

describe('the version of changes', () => {
  it.each([
    `update channels set state = 'disabled' where id = 'chn_1'`,
    `update keys set revoked_at = now() where id = 'key_1'`,
    `update workspaces set default_sender = '7' where id = 'wsp_1'`,
    `delete from keys where id = 'key_1'`,
  ])('increases with: %s', async (change) => {
    expect(await movesBy(change)).toBe(1);
  });

  it.each([
    `update channels set poll_offset = 7 where id = 'chn_1'`,
    `update keys set last_used_at = now() where id = 'key_1'`,
  ])('does not change with what happens all the time: %s', async (change) => {
    expect(await movesBy(change)).toBe(0);
  });
});

describe('the cache of a process', () => {
  it('is trusted for ten minutes while the version is the same, and briefly while the version is unknown', async () => {
    const clock = createVirtualClock();
    const stop = new AbortController();
    let version = 1;
    let changes = 0;
    const watch = watchChanges({
      readChangeVersion: () => Promise.resolve(version),
      onChange: () => {
        changes += 1;
      },
      clock: {
        ...clock,
        sleep: async (delayMs) => {
          clock.advance(delayMs);
          if (clock.monotonicMs() === 4_000) version = 2;
          if (clock.monotonicMs() === 8_000) stop.abort();
        },
      },
    });
    expect(watch.ttlMs()).toBeLessThan(5_000);
    await watch.run(stop.signal);
    expect(changes).toBe(2);
    expect(watch.ttlMs()).toBe(600_000);
    clock.advance(4_000);
    expect(watch.ttlMs()).toBeLessThan(5_000);
  });
});
