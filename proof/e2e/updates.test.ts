import { describe, expect, it } from 'vitest';
import { inboxKinds, openDesk } from './desk.ts';
import { eventually } from './eventually.ts';
import { makeRetriesDue } from './make-retries-due.ts';
import { startRecordedRig } from './recorded-rig.ts';

const { rig, secretOf } = await startRecordedRig();
const { telegram, feed } = rig.sandbox;
const started = 'customer: ⁂ (started the bot)';

/** The path to which Telegram delivers a bot's updates. */
async function hookOf(token: string): Promise<string> {
  const answer = await fetch(`${rig.sandbox.url}/telegram/bot${token}/getWebhookInfo`);
  const { result } = (await answer.json()) as { readonly result: { readonly url: string } };
  return new URL(result.url).pathname;
}

const post = (path: string, body: string, secret?: string) =>
  fetch(`${rig.url}${path}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      ...(secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }),
    },
  });

const storedUpdates = async (channelId: string) => {
  const { rows } = await rig.database.pool.query(
    `select external_id, state, detail from updates where channel_id = $1 order by id`,
    [channelId],
  );
  return rows;
};

describe.each(['webhook', 'polling'] as const)('updates by %s', (updates) => {
  it.each(inboxKinds)('bring the whole conversation into %s once and without loss', async (kind) => {
    const desk = await openDesk(rig, kind, { updates });
    const { at } = desk.customer();
    telegram.text(at, { text: 'one' });
    telegram.text(at, { text: 'two' });
    await desk.reads(started, 'customer: one', 'customer: two');
    telegram.duplicateLastUpdate(at);
    telegram.text(at, { text: 'three' });
    await desk.reads(started, 'customer: one', 'customer: two', 'customer: three');
    const states = (await storedUpdates(desk.bot.channelId)).map(({ state }) => state);
    expect(states).toEqual(['applied', 'applied', 'applied', 'applied']);
  });

  it('continue after a restart with what came while the gateway was stopped', async () => {
    const desk = await openDesk(rig, 'intercom', { updates });
    const { at } = desk.customer();
    await desk.reads(started);
    const restarted = rig.restart();
    telegram.text(at, { text: 'while you were away' });
    await restarted;
    await desk.reads(started, 'customer: while you were away');
  });
});

describe('the update mode of a channel', () => {
  it('can be changed during a conversation', async () => {
    const desk = await openDesk(rig, 'intercom', { updates: 'webhook' });
    const { at } = desk.customer();
    await desk.reads(started);
    const change = (updates: string) =>
      rig.admin(`/api/v1/channels/${desk.bot.channelId}`, { method: 'PATCH', body: { updates } });
    expect((await change('polling')).status).toBe(200);
    telegram.text(at, { text: 'polled' });
    await desk.reads(started, 'customer: polled');
    expect((await change('webhook')).status).toBe(200);
    telegram.text(at, { text: 'pushed' });
    await desk.reads(started, 'customer: polled', 'customer: pushed');
  });
});

describe('a webhook call', () => {
  it('with a wrong secret, without one, or to an unknown path is refused alike, and nothing is stored', async () => {
    const desk = await openDesk(rig, 'intercom', { updates: 'webhook' });
    const path = await hookOf(desk.bot.token);
    const update = JSON.stringify({ update_id: 1, message: { message_id: 1, text: 'forged' } });
    const refusals = await Promise.all([
      post(path, update, 'wrong'),
      post(path, update),
      post('/hooks/telegram/unknown', update, 'wrong'),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual([401, 401, 401]);
    const texts = await Promise.all(refusals.map((refusal) => refusal.text()));
    expect(new Set(texts.map((text) => text.replace(/"request_id":"[^"]*"/, ''))).size).toBe(1);
    expect(await storedUpdates(desk.bot.channelId)).toEqual([]);
  });

  it('with a malformed body is stored and answered 200, so that Telegram continues', async () => {
    const desk = await openDesk(rig, 'intercom', { updates: 'webhook' });
    const { at } = desk.customer();
    await desk.reads(started);
    const path = await hookOf(desk.bot.token);
    const secret = secretOf(path);
    const bodies = [
      'not json',
      '[]',
      '{}',
      '{"update_id":"x"}',
      '{"update_id":7}',
      '{"update_id":8,"of_next_year":{}}',
      '',
    ];
    for (const body of bodies) expect([body, (await post(path, body, secret)).status]).toEqual([body, 200]);
    expect((await post(path, 'not json', secret)).status).toBe(200);
    const ignored = (await storedUpdates(desk.bot.channelId)).filter(({ state }) => state === 'ignored');
    expect(ignored.map(({ detail }) => detail)).toEqual([
      'the body is not a JSON object',
      'the body is not a JSON object',
      'update_id is missing or no integer',
      'update_id is missing or no integer',
      'none',
      'of_next_year',
      'the body is not a JSON object',
    ]);
    telegram.text(at, { text: 'still here' });
    await desk.reads(started, 'customer: still here');
  });

  it('is answered 503 while the database is away, and comes again', async () => {
    const desk = await openDesk(rig, 'intercom', { updates: 'webhook' });
    const { at } = desk.customer();
    await desk.reads(started);
    await rig.database.pool.query('alter table fences rename to fences_away');
    telegram.text(at, { text: 'through thick and thin' });
    const failed = await feed.waitFor(({ name, data }) => name === 'webhook.failed' && data['bot_id'] === at.bot_id);
    await rig.database.pool.query('alter table fences_away rename to fences');
    expect(String(failed.data['error'])).toContain('503');
    await desk.reads(started, 'customer: through thick and thin');
  });
});

describe.each(inboxKinds)('updates that arrive out of order, in %s', (kind) => {
  it('are shown in the order of their update ids', async () => {
    const desk = await openDesk(rig, kind, { updates: 'webhook' });
    const { at } = desk.customer();
    await desk.reads(started);
    const { chat, user } = telegram.transcript(at);
    const path = await hookOf(desk.bot.token);
    const secret = secretOf(path);
    const { rows } = await rig.database.pool.query<{ number: string }>(
      `select max(substr(external_id, 8)::bigint) as number from updates where channel_id = $1`,
      [desk.bot.channelId],
    );
    const next = Number(rows[0]?.number) + 1;
    const tell = (offset: number, update: object) =>
      post(path, JSON.stringify({ update_id: next + offset, ...update }), secret);
    const text = (offset: number, words: string) =>
      tell(offset, { message: { message_id: 900 + offset, date: 1_790_000_000, chat, from: user, text: words } });
    const asked = { message_id: 1, date: 1, chat, text: 'Well?' };
    const tap = (offset: number, data: string) =>
      tell(offset, { callback_query: { id: `${data}`, from: user, chat_instance: '1', data, message: asked } });
    // While the inbox does not answer, nothing is applied, and all of them wait together.
    desk.breakInbox({ kind: 'answer-before', answer: { status: 503, body: {} } });
    await text(0, 'zero');
    await eventually(async () => {
      const { rowCount } = await rig.database.pool.query(
        'select 1 from lanes where failures > 0 and workspace_id = $1',
        [desk.bot.workspaceId],
      );
      expect(rowCount).toBe(1);
    });
    await tap(2, 'two');
    await text(3, 'three');
    await text(1, 'one');
    await tap(4, 'four');
    await makeRetriesDue(rig);
    const tapped = 'customer: ⁂ > Well? | ⁂ (tapped a button whose label is not known)';
    await desk.reads(started, 'customer: zero', 'customer: one', tapped, 'customer: three', tapped);
  });
});
