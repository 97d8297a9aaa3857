import { readPages } from '@chatferry/testkit/http/read-pages';
import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig({ CHATFERRY_PUBLIC_URL: 'https://gateway.example.com', CHATFERRY_WATCH_EVERY_SECONDS: '1' });
const { pool } = rig.database;
const path = '/api/v1/alarms';
let bot: ConnectedBot;
let polled: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
  polled = await connectBot(rig, { updates: 'polling' });
});

interface Alarm {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly detail: string;
  readonly remedy: string;
}

const list = async (query = ''): Promise<readonly Alarm[]> => (await rig.admin(`${path}${query}`)).body.data;
const about = async (subject: string, query = '') =>
  (await list(query)).filter((alarm) => alarm.subject === subject).map(({ kind }) => kind);
const untilAbout = (subject: string, kinds: readonly string[]) =>
  expect.poll(() => about(subject), { timeout: 15_000 }).toEqual(kinds);
const logged = (event: string, subject: string) =>
  rig.logLines.filter((line) => line.includes(`"${event}"`) && line.includes(subject)).length;

/** Acts like another system that has the same token. */
const callTelegram = (token: string, method: string, parameters: unknown) =>
  fetch(`${rig.sandbox.url}/telegram/bot${token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(parameters),
  });
const takeUpdates = (token: string) => callTelegram(token, 'setWebhook', { url: 'https://other.example.com/secret' });
const repair = (channelId: string, body: object = {}) => rig.admin(`/api/v1/channels/${channelId}/repair`, { body });
const webhookOf = async (token: string) => {
  const answer = (await (await callTelegram(token, 'getWebhookInfo', {})).json()) as { result: { url: string } };
  return answer.result.url;
};
/** Waits until the guard has seen where the webhook is. */
const untilSeen = (channelId: string, finding: string) =>
  expect
    .poll(
      async () =>
        (await pool.query(`select seen->>'finding' as finding from webhook_watches where channel_id = $1`, [channelId]))
          .rows[0]?.finding,
      { timeout: 15_000 },
    )
    .toBe(finding);

describe('a webhook that another system takes', () => {
  it('raises an alarm that names the system, is repaired by one action, and counts as a fight the second time', async () => {
    await untilSeen(bot.channelId, 'ours');
    const own = await webhookOf(bot.token);
    await takeUpdates(bot.token);
    await untilAbout(bot.channelId, ['webhook-foreign']);
    const [alarm] = await list();
    expect(alarm?.detail).toContain('other.example.com');
    expect(alarm?.detail).not.toContain('secret');

    const { status, body } = await repair(bot.channelId);
    expect([status, body.ok, await webhookOf(bot.token)]).toEqual([200, true, own]);
    await untilAbout(bot.channelId, []);
    expect(await about(bot.channelId, '?state=cleared')).toEqual(['webhook-foreign']);
    expect([logged('alarm.raised', bot.channelId), logged('alarm.cleared', bot.channelId)]).toEqual([1, 1]);

    await takeUpdates(bot.token);
    await untilAbout(bot.channelId, ['webhook-foreign']);
    await expect.poll(async () => (await list())[0]?.detail, { timeout: 15_000 }).toContain('again and again');
    const refused = await repair(bot.channelId);
    expect([refused.status, refused.body.error_code, refused.body.details[0].pointer]).toEqual([400, 4, '/force']);
    expect(await webhookOf(bot.token)).toContain('other.example.com');
    expect((await repair(bot.channelId, { force: true })).body.ok).toBe(true);
    await untilAbout(bot.channelId, []);
  });

  it('is removed from a polled bot', async () => {
    await untilSeen(polled.channelId, 'ours');
    await takeUpdates(polled.token);
    await untilSeen(polled.channelId, 'foreign');
    await expect.poll(() => about(polled.channelId), { timeout: 15_000 }).toContain('webhook-foreign');
    expect((await repair(polled.channelId)).status).toBe(200);
    expect(await webhookOf(polled.token)).toBe('');
    await untilAbout(polled.channelId, []);
  });

  it('is no other system, if the gateway set the address before its public address changed', async () => {
    const own = await connectBot(rig);
    await untilSeen(own.channelId, 'ours');
    const { pathname } = new URL(await webhookOf(own.token));
    await callTelegram(own.token, 'setWebhook', { url: `https://before.example.com${pathname}` });
    await untilSeen(own.channelId, 'former');
    await untilAbout(own.channelId, ['webhook-foreign']);
    const alarm = (await list()).find(({ subject }) => subject === own.channelId);
    expect(alarm?.detail).toContain('before.example.com');
    expect(alarm?.remedy).toContain('before CHATFERRY_PUBLIC_URL changed');
    expect(alarm?.remedy).not.toContain('other system');
    expect((await repair(own.channelId)).body.ok).toBe(true);
    await untilAbout(own.channelId, []);
  });

  it('is reported when it is only removed', async () => {
    await untilSeen(bot.channelId, 'ours');
    await callTelegram(bot.token, 'deleteWebhook', {});
    await untilAbout(bot.channelId, ['webhook-removed']);
    await repair(bot.channelId, { force: true });
    await untilAbout(bot.channelId, []);
  });
});

describe('a webhook that Telegram cannot reach', () => {
  it('raises an alarm with what Telegram says, while updates wait', async () => {
    const own = await connectBot(rig);
    newCustomer(rig, own);
    await untilAbout(own.channelId, ['webhook-failing']);
    const alarm = (await list()).find(({ subject }) => subject === own.channelId);
    expect(alarm?.remedy).toContain('CHATFERRY_PUBLIC_URL');
  });
});

describe('a repair is refused', () => {
  it('for a channel that does not exist', async () => {
    expect((await repair('chn_none')).status).toBe(404);
  });

  it('where Telegram refuses the token, or does not answer', async () => {
    const own = await connectBot(rig);
    const fault = (status: number, description: string) =>
      rig.sandbox.faults.inject({
        provider: 'telegram',
        operation: 'setWebhook',
        times: 1,
        effect: { kind: 'answer-before', answer: { status, body: { ok: false, error_code: status, description } } },
      });
    fault(401, 'Unauthorized');
    expect((await repair(own.channelId)).body.error_code).toBe(5);
    fault(502, 'Bad Gateway');
    const { status, body, headers } = await repair(own.channelId);
    expect([status, body.error_code, headers.get('retry-after')]).toEqual([503, 153, '5']);
  });

  it('for the holder of a send key', async () => {
    const headers = { authorization: `Bearer ${bot.key}` };
    expect((await rig.call(`/api/v1/channels/${bot.channelId}/repair`, { body: {}, headers })).status).toBe(403);
    expect((await rig.call(path, { headers })).status).toBe(403);
  });
});

describe('an alarm', () => {
  it('is raised for a broken channel with what to do, and clears when the channel is active again', async () => {
    const own = await connectBot(rig, { updates: 'polling' });
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'getMe',
      times: Number.MAX_SAFE_INTEGER,
      effect: {
        kind: 'answer-before',
        answer: { status: 401, body: { ok: false, error_code: 401, description: 'Unauthorized' } },
      },
    });
    await pool.query(`update channels set state = 'broken', problem = 'Unauthorized' where id = $1`, [own.channelId]);
    await untilAbout(own.channelId, ['channel-broken']);
    const alarm = (await list()).find(({ subject }) => subject === own.channelId);
    expect(alarm?.detail).toContain('Unauthorized');
    expect(alarm?.remedy).toContain(`chatferry channels check ${own.channelId}`);
    rig.sandbox.faults.clear();
    await rig.admin(`/api/v1/channels/${own.channelId}/check`, { method: 'POST' });
    await untilAbout(own.channelId, []);
  });

  it('is raised for an inbox that refuses its credential', async () => {
    const own = await connectBot(rig, { updates: 'polling' });
    rig.sandbox.faults.inject({
      provider: 'intercom',
      operation: '*',
      times: 1,
      effect: { kind: 'answer-before', answer: { status: 401, body: { errors: [{ code: 'unauthorized' }] } } },
    });
    await send(rig, own, aSend(newCustomer(rig, own).chatId));
    await untilAbout(own.workspaceId, ['inbox-refused']);
    await pool.query('update lanes set run_at = now() where lease is null');
    await untilAbout(own.workspaceId, []);
  });

  it('is raised for an inbox that has accepted nothing for five minutes, and clears when it accepts an entry', async () => {
    const own = await connectBot(rig, { updates: 'polling' });
    const fault = { status: 503, body: { errors: [{ code: 'service_unavailable' }] } };
    rig.sandbox.faults.inject({
      provider: 'intercom',
      operation: '*',
      times: Number.MAX_SAFE_INTEGER,
      effect: { kind: 'answer-before', answer: fault },
    });
    await send(rig, own, aSend(newCustomer(rig, own).chatId));
    const since = `update activity set failing_since = failing_since - interval '6 minutes'
      where owner_id = $1 and leg = 'entry' and failing_since is not null`;
    await expect.poll(async () => (await pool.query(since, [own.workspaceId])).rowCount, { timeout: 15_000 }).toBe(1);
    await untilAbout(own.workspaceId, ['inbox-down']);
    const alarm = (await list()).find(({ subject }) => subject === own.workspaceId);
    expect(alarm?.detail).toContain('Messages are sent, and wait to be copied.');
    rig.sandbox.faults.clear();
    await pool.query('update lanes set run_at = now() where lease is null');
    await untilAbout(own.workspaceId, []);
  });

  it('is raised for dead letters, and clears when they are decided', async () => {
    await pool.query(
      `insert into dead_letters (workspace_id, lane_key, kind, payload, cause, failures)
       values ($1, 'inbox:chn_none:1', 'mirror', '{}', 'for a test', 0)`,
      [bot.workspaceId],
    );
    await untilAbout(bot.workspaceId, ['dead-letters']);
    const [letter] = (await rig.admin('/api/v1/dead-letters')).body.data;
    await rig.admin(`/api/v1/dead-letters/${letter.id}/discard`, { body: { reason: 'no use' } });
    await untilAbout(bot.workspaceId, []);
  });

  it('is raised for messages that stay unknown, and clears when they are decided', async () => {
    const own = await connectBot(rig, { updates: 'polling' });
    const { chatId } = newCustomer(rig, own);
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: chatId,
      times: 1,
      effect: { kind: 'reset-after' },
    });
    const { body } = await send(rig, own, aSend(chatId));
    await pool.query(`update unknown_messages set since = now() - interval '6 minutes' where message_id = $1`, [
      body.message_id,
    ]);
    await untilAbout(own.channelId, ['unknown-messages']);
    await rig.admin(`/api/v1/messages/${body.message_id}/resolve`, { body: { state: 'failed', note: 'not there' } });
    await untilAbout(own.channelId, []);
  });
});

describe('the list of alarms', () => {
  it('is paged, the newest first', async () => {
    const pages = await readPages(rig.admin, `${path}?state=any&limit=2`);
    const ids = pages.flat().map(({ id }) => Number(String(id).slice(4)));
    expect(ids.length).toBeGreaterThan(4);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    expect((await list(`?state=cleared&workspace_id=${bot.workspaceId}`)).length).toBeGreaterThan(0);
    expect(await list('?state=any&workspace_id=wsp_none')).toEqual([]);
  });

  it.each(['?state=loud', '?cursor=nonsense', '?limit=0'])('refuses %s', async (query) => {
    const { status, body } = await rig.admin(`${path}${query}`);
    expect([status, body.error_code]).toEqual([400, 4]);
  });
});
