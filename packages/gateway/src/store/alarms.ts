import type { Pool } from 'pg';
import type { Alarm, AlarmFacts, AlarmKind } from '../core/health/alarm.ts';
import { bindQueries } from './database/bind-queries.ts';
import { readGuessedFactors } from './second-factors.ts';

export interface AlarmRecord extends Alarm {
  readonly id: string;
  readonly raisedAt: Date;
  readonly clearedAt: Date | null;
}

/** A late answer often resolves a message that has been unknown for a shorter time. */
const unknownForMinutes = 5;

/** A shorter outage of an inbox needs no person. */
const downForMinutes = 5;

/** Reads everything that may need a person now. */
export async function readAlarmFacts(db: Pool): Promise<AlarmFacts> {
  const [channels, workspaces, seconds, down, letters, unknown, endpoints, guessedFactors] = await Promise.all([
    db.query<{ id: string; workspace_id: string; name: string; problem: string | null }>(
      `select id, workspace_id, name, problem from channels where state = 'broken' order by id`,
    ),
    db.query<{ id: string; name: string; problem: string | null }>(
      `select id, name, problem from workspaces where state = 'broken' order by id`,
    ),
    // The start gives every account its origin, unless another workspace has both.
    db.query<{ id: string; name: string }>(
      `select id, name from workspaces
       where state <> 'deleted' and inbox_account is not null and inbox_origin is null order by id`,
    ),
    db.query<{ id: string; name: string; failing_since: Date; problem: string | null }>(
      `select w.id, w.name, a.failing_since, a.problem from activity a join workspaces w on w.id = a.owner_id
       where a.leg = 'entry' and a.failing_since < now() - interval '${downForMinutes} minutes' and w.state = 'active'
       order by w.id`,
    ),
    db.query<{ workspace_id: string; count: number; oldest: Date }>(
      `select workspace_id, count(*)::int as count, min(created_at) as oldest from dead_letters
       where state = 'waiting' group by workspace_id`,
    ),
    db.query<{ channel_id: string; workspace_id: string; count: number; oldest: Date }>(
      `select u.channel_id, u.workspace_id, count(*)::int as count, min(u.since) as oldest
       from unknown_messages u join channels c on c.id = u.channel_id
       where c.state <> 'deleted' and u.since < now() - interval '${unknownForMinutes} minutes'
       group by u.channel_id, u.workspace_id`,
    ),
    db.query<AlarmFacts['disabledEndpoints'][number]>(
      `select id as "endpointId", workspace_id as "workspaceId", disabled_reason as reason, disabled_at as since,
         last_failure as problem
       from webhook_endpoints where disabled_reason in ('gone', 'failing') order by id`,
    ),
    readGuessedFactors(db),
  ]);
  return {
    brokenChannels: channels.rows.map(({ id, workspace_id, name, problem }) => ({
      channelId: id,
      workspaceId: workspace_id,
      name,
      problem,
    })),
    brokenWorkspaces: workspaces.rows.map(({ id, name, problem }) => ({ workspaceId: id, name, problem })),
    secondWorkspaces: seconds.rows.map(({ id, name }) => ({ workspaceId: id, name })),
    inboxesDown: down.rows.map(({ id, name, failing_since, problem }) => ({
      workspaceId: id,
      name,
      since: failing_since,
      problem,
    })),
    deadLetters: letters.rows.map(({ workspace_id, count, oldest }) => ({ workspaceId: workspace_id, count, oldest })),
    unknownMessages: unknown.rows.map(({ channel_id, workspace_id, count, oldest }) => ({
      channelId: channel_id,
      workspaceId: workspace_id,
      count,
      oldest,
    })),
    disabledEndpoints: endpoints.rows,
    guessedFactors,
  };
}

interface ChangeRow {
  readonly change: 'raised' | 'cleared';
  readonly kind: AlarmKind;
  readonly subject: string;
  readonly workspace_id: string | null;
  readonly detail: string;
  readonly remedy: string;
}

/** The changes of one check: each alarm is raised once and cleared once. */
export interface AlarmChanges {
  readonly raised: readonly Alarm[];
  readonly cleared: readonly Alarm[];
}

/** Makes `alarms` the raised alarms of a source. Its other alarms are cleared. */
export async function replaceAlarms(db: Pool, source: string, alarms: readonly Alarm[]): Promise<AlarmChanges> {
  const { rows } = await db.query<ChangeRow>({
    name: 'replace-alarms',
    text: `
with found as (
  select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    as f(kind, subject, workspace_id, detail, remedy)
), before as (
  select id, kind, subject from alarms where source = $1 and cleared_at is null
), written as (
  insert into alarms (source, kind, subject, workspace_id, detail, remedy)
  select $1, kind, subject, workspace_id, detail, remedy from found
  on conflict (source, kind, subject) where cleared_at is null
  do update set detail = excluded.detail, remedy = excluded.remedy
  where (alarms.detail, alarms.remedy) is distinct from (excluded.detail, excluded.remedy)
  returning id, kind, subject, workspace_id, detail, remedy
), cleared as (
  update alarms a set cleared_at = now() from before b
  where a.id = b.id and not exists (select 1 from found f where f.kind = b.kind and f.subject = b.subject)
  returning a.kind, a.subject, a.workspace_id, a.detail, a.remedy
)
select 'raised' as change, kind, subject, workspace_id, detail, remedy from written
where id not in (select id from before)
union all
select 'cleared', kind, subject, workspace_id, detail, remedy from cleared`,
    values: [
      source,
      alarms.map(({ kind }) => kind),
      alarms.map(({ subject }) => subject),
      alarms.map(({ workspaceId }) => workspaceId),
      alarms.map(({ detail }) => detail),
      alarms.map(({ remedy }) => remedy),
    ],
  });
  const changedTo = (change: ChangeRow['change']): readonly Alarm[] =>
    rows
      .filter((row) => row.change === change)
      .map(({ kind, subject, workspace_id: workspaceId, detail, remedy }) => ({
        kind,
        subject,
        workspaceId,
        detail,
        remedy,
      }));
  return { raised: changedTo('raised'), cleared: changedTo('cleared') };
}

/** Clears the alarms of processes that are no longer registered: no process checks these conditions any more. */
export async function clearAlarmsOfDeadProcesses(db: Pool): Promise<void> {
  await db.query({
    name: 'clear-alarms-of-dead-processes',
    text: `
update alarms set cleared_at = now()
where cleared_at is null and source like 'process:%' and not exists (
  select 1 from processes p where alarms.source = 'process:' || p.epoch)`,
  });
}

interface Row {
  readonly id: string;
  readonly kind: AlarmKind;
  readonly subject: string;
  readonly workspace_id: string | null;
  readonly detail: string;
  readonly remedy: string;
  readonly raised_at: Date;
  readonly cleared_at: Date | null;
}

const columns = 'id::text, kind, subject, workspace_id, detail, remedy, raised_at, cleared_at';

const decode = (row: Row): AlarmRecord => ({
  id: row.id,
  kind: row.kind,
  subject: row.subject,
  workspaceId: row.workspace_id,
  detail: row.detail,
  remedy: row.remedy,
  raisedAt: row.raised_at,
  clearedAt: row.cleared_at,
});

/** The newest first, starting with the one before the id `before`. */
export async function listAlarms(
  db: Pool,
  filter: {
    readonly state: 'raised' | 'cleared' | null;
    readonly workspaceId?: string | undefined;
    readonly before?: string | undefined;
    readonly limit: number;
  },
): Promise<readonly AlarmRecord[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from alarms
     where ($1::text is null or (cleared_at is null) = ($1 = 'raised')) and ($2::text is null or workspace_id = $2)
       and ($3::bigint is null or id < $3)
     order by id desc limit $4`,
    [filter.state, filter.workspaceId ?? null, filter.before ?? null, filter.limit],
  );
  return rows.map(decode);
}

/** The alarms of these ids, by id. For readers of the event log. */
export async function readAlarmsOf(db: Pool, ids: readonly string[]): Promise<ReadonlyMap<string, AlarmRecord>> {
  const { rows } = await db.query<Row>({
    name: 'read-alarms-of',
    text: `select ${columns} from alarms where id = any ($1::bigint[])`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, decode(row)]));
}

/** The queries of `store.alarms`. */
export const alarms = (db: Pool) =>
  bindQueries(db, {
    readFacts: readAlarmFacts,
    replace: replaceAlarms,
    clearOfDeadProcesses: clearAlarmsOfDeadProcesses,
    list: listAlarms,
  });
