import { readPages } from '@chatferry/testkit/http/read-pages';
import { aSend, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';

const rig = await startRig();
const path = '/api/v1/channels';
const change = (channelId: string, body: unknown) => rig.admin(`${path}/${channelId}`, { method: 'PATCH', body });

describe('a channel', () => {
  it('changes the given fields and keeps the others', async () => {
    const bot = await connectBot(rig);
    const before = await rig.admin(`${path}/${bot.channelId}`);
    expect((await change(bot.channelId, {})).body).toEqual(before.body);
    const { body } = await change(bot.channelId, {
      name: 'Front desk',
      interactive_enabled: false,
      file_root: `${rig.sandbox.url}/telegram/`,
    });
    expect(body).toEqual({
      ...before.body,
      name: 'Front desk',
      interactive_enabled: false,
      file_root: `${rig.sandbox.url}/telegram`,
    });
  });

  it('stops sending while it is disabled', async () => {
    const bot = await connectBot(rig);
    const customer = newCustomer(rig, bot);
    expect((await change(bot.channelId, { state: 'disabled' })).body.state).toBe('disabled');
    expect((await send(rig, bot, aSend(customer.chatId))).body.error_code).toBe(103);
    expect((await change(bot.channelId, { state: 'active' })).body.state).toBe('active');
    expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
  });

  it('refuses the token of another bot and keeps its own', async () => {
    const bot = await connectBot(rig);
    const other = rig.sandbox.telegram.createBot();
    const { status, body } = await change(bot.channelId, { bot_token: other.token });
    expect([status, body.error_code, body.details[0].pointer]).toEqual([400, 4, '/bot_token']);
    expect(body.error).toContain(`@${other.username}`);
    const customer = newCustomer(rig, bot);
    expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
  });

  it('refuses a revoked token, and becomes active with a working one', async () => {
    const bot = await connectBot(rig);
    const customer = newCustomer(rig, bot);
    rig.sandbox.telegram.changeBot(bot.botId, { revoked: true });
    const refused = await change(bot.channelId, { bot_token: bot.token });
    expect([refused.status, refused.body.error_code]).toEqual([400, 5]);
    await send(rig, bot, aSend(customer.chatId));
    await expect.poll(async () => (await rig.admin(`${path}/${bot.channelId}`)).body.state).toBe('broken');
    rig.sandbox.telegram.changeBot(bot.botId, { revoked: false });
    const repaired = await change(bot.channelId, { bot_token: bot.token });
    expect(repaired.body).toMatchObject({ state: 'active', problem: null });
    expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
  });

  it('refuses a webhook on an unreachable gateway', async () => {
    const bot = await connectBot(rig);
    const { status, body } = await change(bot.channelId, { updates: 'webhook' });
    expect([status, body.details[0].pointer]).toEqual([400, '/updates']);
    expect((await rig.admin(`${path}/${bot.channelId}`)).body.updates).toBe('polling');
  });

  it('stores at a change of token that the bot now answers inline queries', async () => {
    const bot = await connectBot(rig);
    rig.sandbox.telegram.changeBot(bot.botId, { supports_inline_queries: true });
    const { body } = await change(bot.channelId, { bot_token: bot.token });
    expect(body.bot.supports_inline_queries).toBe(true);
  });
});

describe('a channel that is deleted', () => {
  it('revokes its keys and frees its bot', async () => {
    const bot = await connectBot(rig);
    const customer = newCustomer(rig, bot);
    const deleted = await rig.admin(`${path}/${bot.channelId}`, { method: 'DELETE' });
    expect([deleted.status, deleted.body]).toEqual([204, null]);
    for (const method of ['GET', 'DELETE']) {
      expect((await rig.admin(`${path}/${bot.channelId}`, { method })).status).toBe(404);
    }
    const refused = await send(rig, bot, aSend(customer.chatId));
    expect([refused.status, refused.body.error_code]).toEqual([400, 6]);
    const { status } = await rig.admin(path, { body: { workspace_id: bot.workspaceId, bot_token: bot.token } });
    expect(status).toBe(201);
  });

  it('gets the answer of a revoked key from a replica that does not know of the deletion yet', async () => {
    const bot = await connectBot(rig);
    const customer = newCustomer(rig, bot);
    const replica = await rig.startAnother();
    const sendThere = async () => {
      const response = await fetch(`${replica.address}/api/v1/telegram/interactive`, {
        method: 'POST',
        headers: { 'x-octopods-auth': bot.key, 'content-type': 'application/json' },
        body: JSON.stringify(aSend(customer.chatId)),
      });
      return { status: response.status, code: ((await response.json()) as { error_code?: number }).error_code };
    };
    // The replica knows the key and has not yet read the channel.
    const known = await fetch(`${replica.address}/api/v1/messages`, { headers: { 'x-octopods-auth': bot.key } });
    expect(known.status).toBe(200);
    await rig.admin(`${path}/${bot.channelId}`, { method: 'DELETE' });
    expect(await sendThere()).toEqual({ status: 400, code: 6 });
  });

  it('may have a token that no longer works', async () => {
    const bot = await connectBot(rig);
    rig.sandbox.telegram.changeBot(bot.botId, { revoked: true });
    expect((await rig.admin(`${path}/${bot.channelId}`, { method: 'DELETE' })).status).toBe(204);
  });

  it.each(['GET', 'PATCH', 'DELETE'])('answers %s like one that never existed', async (method) => {
    const body = method === 'PATCH' ? { body: { name: 'x' } } : {};
    const answer = await rig.admin(`${path}/chn_00000000000000000000000000`, { method, ...body });
    expect([answer.status, answer.body.error_code]).toEqual([404, 104]);
  });
});

describe('the list of channels', () => {
  it('comes in pages, for all workspaces or for one', async () => {
    const bots = [await connectBot(rig), await connectBot(rig), await connectBot(rig)];
    const pages = await readPages(rig.admin, `${path}?limit=2`);
    expect(pages.slice(0, -1).every((page) => page.length === 2)).toBe(true);
    const ids = pages.flat().map(({ id }) => id);
    expect(ids.slice(-3)).toEqual(bots.map(({ channelId }) => channelId));
    expect(new Set(ids).size).toBe(ids.length);
    const { body } = await rig.admin(`${path}?workspace_id=${bots[1]?.workspaceId}`);
    expect(body).toMatchObject({ data: [{ id: bots[1]?.channelId }], next_cursor: null });
  });
});
