import type { Pool } from 'pg';
import { isErrorCode } from '../errors/error-code.ts';
import { bindQueries } from './database/bind-queries.ts';
import { isConflict } from './database/is-conflict.ts';
import { erasureDays } from './erasures.ts';

/** How many days each kind of data is stored. */
export interface Retention {
  readonly messagesDays: number;
  readonly updatesDays: number;
  readonly eventsDays: number;
  readonly contactsDays: number;
}

/** Day partitions are created this far ahead, so that a request never waits for one. */
const daysAhead = 7;
/**
 * Longer than any provider repeats: Telegram stores updates for 24 h, HubSpot retries for 24 h, Telegram allows edits
 * for 48 h.
 */
const fencesDays = 14;
const idempotencyHours = 72;
/**
 * The inbox's id of an agent's reply is the key of its delivery. It is stored as long as an inbox could report the
 * reply again.
 */
const relayKeysDays = 30;
/** Agents reply in a closed conversation for a year at most. */
const pastConversationsDays = 400;
const deleteBatchRows = 10_000;

/**
 * Creates the partitions of the next days. Rejects if today's or tomorrow's is missing afterwards: without it nothing
 * can be stored, so the caller must call again.
 */
export async function ensurePartitions(db: Pool): Promise<void> {
  const tables = ['messages', 'attempts', 'updates', 'events', 'webhook_deliveries'];
  for (const table of tables) {
    await retryAfterRace(() => db.query('select ensure_partitions($1, $2)', [table, daysAhead]));
  }
  const { rows } = await db.query<{ name: string }>(
    `select name from unnest($1::text[]) t, generate_series(0, 1) step,
       lateral (select t || to_char((now() at time zone 'utc')::date + step, '_YYYYMMDD') as name) child
     where to_regclass(name) is null`,
    [tables],
  );
  const missing = rows.map(({ name }) => name).join(', ');
  if (missing !== '')
    throw new Error(`The partitions ${missing} could not be made yet: another session locks their tables.`);
}

/**
 * Deletes all data whose retention has ended. Partitions are dropped; rows of other tables are deleted in batches.
 */
export async function applyRetention(db: Pool, retention: Retention): Promise<void> {
  const partitioned: readonly (readonly [string, number])[] = [
    ['messages', retention.messagesDays],
    ['attempts', retention.messagesDays],
    ['updates', retention.updatesDays],
    ['events', retention.eventsDays],
    ['webhook_deliveries', retention.eventsDays],
  ];
  for (const [table, days] of partitioned) {
    await retryAfterRace(() =>
      db.query(`select drop_partitions($1, (now() at time zone 'utc')::date - $2::int)`, [table, days]),
    );
  }
  await deleteInBatches(db, 'fences', `created_at < now() - interval '${fencesDays} days'`);
  await deleteInBatches(
    db,
    'idempotency_keys',
    `route <> 'relay' and created_at < now() - interval '${idempotencyHours} hours'`,
  );
  await deleteInBatches(
    db,
    'idempotency_keys',
    `route = 'relay' and created_at < now() - interval '${relayKeysDays} days'`,
  );
  await deleteInBatches(
    db,
    'dead_letters',
    `state <> 'waiting' and decided_at < now() - ${retention.messagesDays} * interval '1 day'`,
  );
  await deleteInBatches(db, 'reply_plans', `created_at < now() - interval '${relayKeysDays} days'`);
  await deleteInBatches(db, 'past_conversations', `left_at < now() - interval '${pastConversationsDays} days'`);
  await deleteInBatches(db, 'resends', `created_on < (now() at time zone 'utc')::date - ${retention.messagesDays}`);
  await deleteInBatches(db, 'alarms', `cleared_at < now() - ${retention.messagesDays} * interval '1 day'`);
  await deleteInBatches(
    db,
    'unknown_messages',
    `created_on < (now() at time zone 'utc')::date - ${retention.messagesDays}`,
  );
  await deleteInBatches(db, 'connections', `expires_at < now() - interval '1 day'`);
  await deleteInBatches(
    db,
    'conversations',
    `coalesce(last_entry_at, linked_at, '-infinity') < now() - ${retention.contactsDays} * interval '1 day'
     and not exists (select 1 from chats c
       where c.channel_id = conversations.channel_id and c.chat_id = conversations.chat_id
         and c.seen_at > now() - ${retention.contactsDays} * interval '1 day')
     and ${hasNoMessages('conversations')}`,
  );
  await deleteInBatches(
    db,
    'chats',
    `coalesce(seen_at, '-infinity') < now() - ${retention.contactsDays} * interval '1 day'
     and ${hasNoMessages('chats')}
     and not exists (select 1 from conversations k
       where k.channel_id = chats.channel_id and k.chat_id = chats.chat_id)`,
  );
  await deleteInBatches(db, 'login_failures', `last_at < now() - interval '1 day'`);
  await deleteInBatches(db, 'second_factor_failures', `last_at < now() - interval '30 days'`);
  await deleteInBatches(db, 'second_factor_failures', `person_id is null and last_at < now() - interval '1 hour'`);
  await deleteInBatches(db, 'sessions', `created_at < now() - interval '1 day'`);
  await deleteInBatches(db, 'invitations', `expires_at < now()`);
  await deleteInBatches(db, 'erasures', `erased_at < now() - interval '${erasureDays} days'`);
  await deleteInBatches(db, 'inbox_writes', `created_at < now() - ${retention.messagesDays} * interval '1 day'`);
}

/** No stored message belongs to the chat of the row. */
const hasNoMessages = (table: string): string =>
  `not exists (select 1 from messages m where m.channel_id = ${table}.channel_id and m.chat_id = ${table}.chat_id)`;

async function deleteInBatches(db: Pool, table: string, condition: string): Promise<void> {
  for (;;) {
    const { rowCount } = await db.query(
      `delete from ${table} where ctid in (select ctid from ${table} where ${condition} limit ${deleteBatchRows})`,
    );
    if ((rowCount ?? 0) < deleteBatchRows) return;
  }
}

const racesMax = 10;
/** PostgreSQL: lock_not_available. */
const lockTimeout = '55P03';

/**
 * Another process may create or drop the same partition at the same moment. PostgreSQL then reports that it already
 * exists (42P07, 42710 for its row type, or 23505 in its own catalogue) or no longer exists (42P01, or XX000 if it
 * disappeared from the catalogue during the statement). Another try does the remaining work. A lock timeout means
 * that a session reads the table for a long time (a backup). Dropping is not urgent, so it is left to the next round.
 */
async function retryAfterRace(run: () => Promise<unknown>): Promise<void> {
  for (let races = 0; ; races += 1) {
    try {
      await run();
      return;
    } catch (error) {
      if (isErrorCode(error, lockTimeout)) return;
      const isRace = isErrorCode(error, '42P07', '42710', '42P01', '23505', 'XX000') || isConflict(error);
      if (!isRace || races === racesMax) throw error;
    }
  }
}

/** The queries of `store.retention`. */
export const retention = (db: Pool, retention: Retention) => ({
  ...bindQueries(db, { ensurePartitions }),
  apply: () => applyRetention(db, retention),
});
