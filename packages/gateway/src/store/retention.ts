import type { Pool } from 'pg';
import { isErrorCode } from '../errors/error-code.ts';
import { bindQueries } from './database/bind-queries.ts';
import { isConflict } from './database/transaction.ts';
import { erasureDays } from './erasures.ts';

/** How many days each kind of data is kept. */
export interface Retention {
  readonly messagesDays: number;
  readonly updatesDays: number;
  readonly contactsDays: number;
}

/** Day partitions are made this far ahead, so that a request never waits for one. */
const daysAhead = 7;
/** Telegram keeps updates 24 h, HubSpot retries for 24 h; message fences repeat edits for 48 h (Telegram's edit window). */
const fencesDays = 14;
const idempotencyHours = 72;
/** The inbox's id of an agent's reply is the key of its delivery: kept as long as an inbox could show it to us again. */
const relayKeysDays = 30;
/** Agents look back into a closed conversation, and answer there, for a year at most. */
const pastConversationsDays = 400;
const deleteBatchRows = 10_000;

/**
 * Makes the partitions of the days to come. Rejects where today's or tomorrow's is missing afterwards: without it nothing can
 * be stored, so that whoever asked has to ask again.
 */
export async function ensurePartitions(db: Pool): Promise<void> {
  const tables = ['messages', 'attempts', 'updates'];
  for (const table of tables) {
    await evenIfOutrun(() => db.query('select ensure_partitions($1::regclass, $2)', [table, daysAhead]));
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

/** Drops what is past its retention. Partitions go whole; the narrow tables in batches. */
export async function applyRetention(db: Pool, retention: Retention): Promise<void> {
  const keep: readonly (readonly [string, number])[] = [
    ['messages', retention.messagesDays],
    ['attempts', retention.messagesDays],
    ['updates', retention.updatesDays],
  ];
  for (const [table, days] of keep) {
    await evenIfOutrun(() =>
      db.query(`select drop_partitions($1::regclass, (now() at time zone 'utc')::date - $2::int)`, [table, days]),
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
     and not exists (select 1 from chats c where c.channel_id = conversations.channel_id and c.chat_id = conversations.chat_id
       and c.seen_at > now() - ${retention.contactsDays} * interval '1 day')
     and ${isQuiet('conversations')}`,
  );
  await deleteInBatches(
    db,
    'chats',
    `coalesce(seen_at, '-infinity') < now() - ${retention.contactsDays} * interval '1 day' and ${isQuiet('chats')}
     and not exists (select 1 from conversations k where k.channel_id = chats.channel_id and k.chat_id = chats.chat_id)`,
  );
  await deleteInBatches(db, 'login_failures', `last_at < now() - interval '1 day'`);
  await deleteInBatches(db, 'sessions', `created_at < now() - interval '1 day'`);
  await deleteInBatches(db, 'invitations', `expires_at < now()`);
  await deleteInBatches(db, 'erasures', `erased_at < now() - interval '${erasureDays} days'`);
  await deleteInBatches(db, 'inbox_writes', `created_at < now() - ${retention.messagesDays} * interval '1 day'`);
}

/** Nothing of the chat is kept that would need it. */
const isQuiet = (table: string): string =>
  `not exists (select 1 from messages m where m.channel_id = ${table}.channel_id and m.chat_id = ${table}.chat_id)`;

async function deleteInBatches(db: Pool, table: string, condition: string): Promise<void> {
  for (;;) {
    const { rowCount } = await db.query(
      `delete from ${table} where ctid in (select ctid from ${table} where ${condition} limit ${deleteBatchRows})`,
    );
    if ((rowCount ?? 0) < deleteBatchRows) return;
  }
}

const outrunsMax = 10;
/** PostgreSQL: lock_not_available. */
const lockTimeout = '55P03';

/**
 * Another process may make or drop the same partition in the same moment. PostgreSQL then says that it exists already (42P07, 42710
 * for its row type, or 23505 in its own catalogue) or no longer (42P01, or XX000 where it vanished from the catalogue in the
 * middle); another look finds what is left to do. Where somebody reads the table for long (a backup), dropping is left to the next
 * round: it is not urgent.
 */
async function evenIfOutrun(run: () => Promise<unknown>): Promise<void> {
  for (let outruns = 0; ; outruns += 1) {
    try {
      await run();
      return;
    } catch (error) {
      if (isErrorCode(error, lockTimeout)) return;
      const isOutrun = isErrorCode(error, '42P07', '42710', '42P01', '23505', 'XX000') || isConflict(error);
      if (!isOutrun || outruns === outrunsMax) throw error;
    }
  }
}

/** The queries of `store.retention`. */
export const retention = (db: Pool, retention: Retention) => ({
  ...bindQueries(db, { ensurePartitions }),
  apply: () => applyRetention(db, retention),
});
