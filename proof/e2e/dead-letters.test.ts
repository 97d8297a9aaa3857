import { describe, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import { inboxKinds, shown, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { keyboardRemoval } from './keyboard-removal.ts';
import { waitUntilNoJobs } from './wait-until-no-jobs.ts';

const rig = await startPublicRig();
const { pool } = rig.database;
const { telegram } = rig.sandbox;

/** What the customer and the agent see. */
const seen = (desk: AgentsDesk, chatId: number) => ({
  inTelegram: telegram.sent({ bot_id: desk.bot.botId, chat_id: chatId }).length,
  inTheInbox: desk.conversations().flatMap(({ entries }) => entries.map(shown)),
});

/** Turns every finished job into a dead letter, as if its end had not been recorded. */
async function putEverythingAside(jobs: readonly object[]): Promise<void> {
  await pool.query(`update messages set mirror = 'dead' where mirror = 'done'`);
  await pool.query(`update updates set state = 'dead' where state = 'applied'`);
  await pool.query(
    `insert into dead_letters (workspace_id, lane_key, kind, payload, cause, failures)
     select workspace_id, lane_key, kind, payload, 'for a test', 8
     from jsonb_to_recordset($1) as j(workspace_id text, lane_key text, kind text, payload jsonb)`,
    [JSON.stringify(jobs)],
  );
}

describe.each(inboxKinds)('every job of a gateway with %s', (kind) => {
  it('can be replayed twice without a second effect: mirror, update, inbox event, automatic answer', async () => {
    await pool.query('truncate done_jobs').catch(() =>
      pool.query(`
        create table done_jobs (workspace_id text, lane_key text, kind text, payload jsonb);
        create function note_job() returns trigger language plpgsql security definer as $$
          begin insert into done_jobs values (new.workspace_id, new.lane_key, new.kind, new.payload); return null; end $$;
        create trigger note_job after insert or update on jobs for each row execute function note_job()`),
    );
    const desk = await openAgentsDesk(rig, kind);
    await rig.admin(`/api/v1/channels/${desk.bot.channelId}`, {
      method: 'PATCH',
      body: { options: { welcome: 'Welcome' } },
    });
    const customer = desk.customer();
    const started = 'customer: ⁂ (started the bot)';
    await desk.reads(started, 'teammate: Welcome | ⁂ (automatic welcome)');
    await desk.writes(customer, 'Hello');
    await desk.send(customer, keyboardRemoval('Hi'));
    await eventually(() => expect(seen(desk, customer.at.chat_id).inTheInbox).toHaveLength(4));
    await desk.answer('How can I help?');
    await eventually(() => expect(seen(desk, customer.at.chat_id).inTelegram).toBe(3));
    await waitUntilNoJobs(rig);
    const before = seen(desk, customer.at.chat_id);
    const { rows: jobs } = await pool.query('select * from done_jobs');
    expect(new Set(jobs.map((job) => job.kind))).toEqual(new Set(['mirror', 'update', 'inbox-event', 'automatic']));

    for (let round = 1; round <= 2; round += 1) {
      await putEverythingAside(jobs);
      const { body } = await rig.admin('/api/v1/dead-letters/replay', { body: {} });
      expect(body).toEqual({ replayed: jobs.length, remaining: 0 });
      await waitUntilNoJobs(rig);
      expect(seen(desk, customer.at.chat_id)).toEqual(before);
    }
    expect((await rig.admin('/api/v1/dead-letters')).body.data).toEqual([]);
  });
});
