import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
const reachable = await startRig({ CHATFERRY_PUBLIC_URL: 'https://gateway.example.com' });
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const check = async (on: typeof rig, channelId: string) => {
  const { status, body } = await on.admin(`/api/v1/channels/${channelId}/check`, { method: 'POST' });
  expect(status).toBe(200);
  const legs: Record<string, { ok: boolean; detail: string }> = Object.fromEntries(
    body.legs.map((leg: { name: string }) => [leg.name, leg]),
  );
  return { ok: body.ok, legs, broken: Object.keys(legs).filter((name) => !legs[name]?.ok) };
};

/** Acts like another system that has the same token. */
const callTelegram = (on: typeof rig, token: string, method: string, parameters: unknown) =>
  fetch(`${on.sandbox.url}/telegram/bot${token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(parameters),
  });

const failInbox = (status: number, body: unknown) =>
  rig.sandbox.faults.inject({
    provider: 'intercom',
    operation: '*',
    times: 1,
    effect: { kind: 'answer-before', answer: { status, body } },
  });

describe('the check of a channel', () => {
  it('finds that every leg works', async () => {
    const { ok, legs } = await check(rig, bot.channelId);
    expect(ok).toBe(true);
    expect(Object.keys(legs)).toEqual(['telegram_out', 'telegram_in', 'grant', 'inbox_out', 'inbox_in']);
    expect(legs['telegram_in']?.detail).toContain('polled');
  });

  it('mentions the webhook of a channel that has one', async () => {
    const own = await connectBot(reachable);
    const { ok, legs } = await check(reachable, own.channelId);
    expect([ok, legs['telegram_in']?.detail]).toEqual([true, expect.stringContaining('webhook')]);
  });

  it('recommends the webhook for a channel that polls on a reachable gateway, and for no other', async () => {
    const hint = 'set updates to webhook';
    const own = await connectBot(reachable, { updates: 'polling' });
    const { ok, legs } = await check(reachable, own.channelId);
    expect([ok, legs['telegram_in']?.detail]).toEqual([true, expect.stringContaining(hint)]);
    expect((await check(rig, bot.channelId)).legs['telegram_in']?.detail).not.toContain(hint);
  });

  it('says that Telegram refuses the token, and where to get another one', async () => {
    const own = await connectBot(rig);
    rig.sandbox.telegram.changeBot(own.botId, { revoked: true });
    const { ok, legs, broken } = await check(rig, own.channelId);
    expect([ok, broken]).toEqual([false, ['telegram_out', 'telegram_in']]);
    expect(legs['telegram_out']?.detail).toContain('BotFather');
    expect(JSON.stringify(legs)).not.toContain(own.token);
  });

  it('marks a channel active whose token works again, and says how sends are answered until then', async () => {
    const own = await connectBot(rig);
    const customer = newCustomer(rig, own);
    const stateOf = async () => (await rig.admin(`/api/v1/channels/${own.channelId}`)).body;
    rig.sandbox.telegram.changeBot(own.botId, { revoked: true });
    await expect.poll(async () => (await stateOf()).state, { timeout: 10_000 }).toBe('broken');
    const broken = await check(rig, own.channelId);
    expect(broken.legs['telegram_out']?.detail).toContain('sends answer 403');
    expect(broken.legs['telegram_out']?.detail).toContain(`chatferry channels update ${own.channelId} --state active`);
    const refused = await send(rig, own, aSend(customer.chatId));
    expect([refused.status, refused.body.error]).toEqual([
      403,
      expect.stringContaining(`chatferry channels check ${own.channelId}`),
    ]);

    rig.sandbox.telegram.changeBot(own.botId, { revoked: false });
    const repaired = await check(rig, own.channelId);
    expect([repaired.ok, repaired.legs['telegram_out']?.detail]).toEqual([
      true,
      expect.stringContaining('active again'),
    ]);
    expect(await stateOf()).toMatchObject({ state: 'active', problem: null });
    expect((await send(rig, own, aSend(customer.chatId))).status).toBe(201);
    expect((await check(rig, own.channelId)).legs['telegram_out']?.detail).not.toContain('again');
  });

  it('marks a workspace active whose inbox accepts the credential again, but not one that a person disabled', async () => {
    const own = await connectBot(rig);
    const stateOf = async () => (await rig.admin(`/api/v1/workspaces/${own.workspaceId}`)).body.state;
    rig.sandbox.faults.inject({
      provider: 'intercom',
      operation: '*',
      times: 1_000,
      effect: { kind: 'answer-before', answer: { status: 401, body: { type: 'error.list', errors: [] } } },
    });
    expect((await send(rig, own, aSend(newCustomer(rig, own).chatId))).status).toBe(201);
    await expect.poll(stateOf, { timeout: 10_000 }).toBe('broken');
    rig.sandbox.faults.clear();
    expect((await check(rig, own.channelId)).legs['inbox_out']?.detail).toContain('active again');
    expect(await stateOf()).toBe('active');
    await rig.admin(`/api/v1/workspaces/${own.workspaceId}`, { method: 'PATCH', body: { state: 'disabled' } });
    await check(rig, own.channelId);
    expect(await stateOf()).toBe('disabled');
  });

  it('says that another system took the updates of a polling channel', async () => {
    const own = await connectBot(rig);
    await callTelegram(rig, own.token, 'setWebhook', { url: 'https://elsewhere.example.com/secret-path' });
    const { ok, legs, broken } = await check(rig, own.channelId);
    expect([ok, broken]).toEqual([false, ['telegram_in']]);
    expect(legs['telegram_in']?.detail).toContain('elsewhere.example.com');
    expect(legs['telegram_in']?.detail).not.toContain('secret-path');
  });

  it('says that this gateway set the address itself, if only its public address changed, and how to move it', async () => {
    const own = await connectBot(reachable);
    const info = await (await callTelegram(reachable, own.token, 'getWebhookInfo', {})).text();
    const { pathname } = new URL(JSON.parse(info).result.url);
    await callTelegram(reachable, own.token, 'setWebhook', { url: `https://before.example.com${pathname}` });
    const detail = (await check(reachable, own.channelId)).legs['telegram_in']?.detail;
    expect(detail).toContain('updates go to before.example.com. This gateway set that address before');
    expect(detail).toContain(
      `CHATFERRY_PUBLIC_URL changed. Move the updates to the new one: chatferry channels repair`,
    );
    expect(detail).not.toContain('other system');
    const repaired = await reachable.admin(`/api/v1/channels/${own.channelId}/repair`, { body: {} });
    expect([repaired.status, repaired.body.ok]).toEqual([200, true]);
  });

  it('says that the webhook is gone, which setting the updates again repairs', async () => {
    const own = await connectBot(reachable);
    await callTelegram(reachable, own.token, 'deleteWebhook', {});
    const { legs, broken } = await check(reachable, own.channelId);
    expect([broken, legs['telegram_in']?.detail]).toEqual([
      ['telegram_in'],
      expect.stringContaining('no webhook is registered'),
    ]);
    await reachable.admin(`/api/v1/channels/${own.channelId}`, { method: 'PATCH', body: { updates: 'webhook' } });
    expect((await check(reachable, own.channelId)).ok).toBe(true);
  });

  it('says that the inbox refuses its credential', async () => {
    failInbox(401, { type: 'error.list', errors: [{ code: 'unauthorized', message: 'Access Token Invalid' }] });
    const { ok, legs, broken } = await check(rig, bot.channelId);
    expect([ok, broken]).toEqual([false, ['grant', 'inbox_out']]);
    expect(legs['grant']?.detail).toContain(`chatferry workspaces update ${bot.workspaceId}`);
  });

  it('says that the inbox is down and that another try may succeed', async () => {
    failInbox(503, {});
    const { broken, legs } = await check(rig, bot.channelId);
    expect([broken, legs['inbox_out']?.detail]).toEqual([['inbox_out'], expect.stringContaining('Try again')]);
    expect((await check(rig, bot.channelId)).ok).toBe(true);
  });

  it('answers 404 for a channel that does not exist, and 403 to the key of a channel', async () => {
    const path = '/api/v1/channels/chn_00000000000000000000000000/check';
    expect((await rig.admin(path, { method: 'POST' })).status).toBe(404);
    const asBackend = { method: 'POST', headers: { authorization: `Bearer ${bot.key}` } };
    expect((await rig.call(`/api/v1/channels/${bot.channelId}/check`, asBackend)).status).toBe(403);
  });
});

const activityOf = async (channelId: string) => (await reachable.admin(`/api/v1/channels/${channelId}`)).body.activity;

describe('the legs of a channel', () => {
  it('show since when they work, and say what to do where no event of the inbox was ever received', async () => {
    const own = await connectBot(reachable, { updates: 'polling' });
    const nothing = { last_update_at: null, last_sent_at: null, last_entry_at: null, last_inbox_event_at: null };
    expect(await activityOf(own.channelId)).toEqual(nothing);
    const before = await check(reachable, own.channelId);
    expect([before.ok, before.legs['inbox_in']?.detail]).toEqual([true, expect.stringContaining('Developer Hub')]);

    const customer = newCustomer(reachable, own);
    expect((await send(reachable, own, aSend(customer.chatId))).status).toBe(201);
    await expect
      .poll(() => activityOf(own.channelId), { timeout: 10_000 })
      .toMatchObject({
        last_sent_at: expect.stringMatching(/Z$/),
        last_entry_at: expect.stringMatching(/Z$/),
        last_inbox_event_at: null,
      });
    const silent = await check(reachable, own.channelId);
    expect(silent.broken).toEqual(['inbox_in']);
    const { body: workspace } = await reachable.admin(`/api/v1/workspaces/${own.workspaceId}`);
    expect(silent.legs['inbox_in']?.detail).toContain(
      `subscribe these topics: ${workspace.webhook_topics.join(', ')}, to this address: ${workspace.webhook_url}.`,
    );

    const { pathname } = new URL(workspace.webhook_url);
    reachable.sandbox.intercom.subscribe(own.intercomId, { url: `${reachable.url}${pathname}`, topics: ['ping'] });
    reachable.sandbox.intercom.ping(own.intercomId);
    await expect.poll(async () => (await check(reachable, own.channelId)).ok, { timeout: 10_000 }).toBe(true);
    const { last_inbox_event_at: lastEvent } = await activityOf(own.channelId);
    expect((await check(reachable, own.channelId)).legs['inbox_in']?.detail).toContain(lastEvent);
  });

  it('are also in the list of channels, for each channel its own', async () => {
    const own = await connectBot(rig);
    rig.sandbox.telegram.text(newCustomer(rig, own).at, { text: 'Hello' });
    const listed = async () => {
      const { body } = await rig.admin('/api/v1/channels?limit=200');
      const updates = body.data.map((channel: { id: string; activity: { last_update_at: string | null } }) => [
        channel.id,
        channel.activity.last_update_at !== null,
      ]);
      return Object.fromEntries(updates);
    };
    await expect.poll(listed, { timeout: 10_000 }).toMatchObject({ [own.channelId]: true, [bot.channelId]: false });
  });
});
