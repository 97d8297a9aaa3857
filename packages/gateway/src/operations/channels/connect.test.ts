import { connectBot, startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';

const rig = await startRig();
const reachable = await startRig({ CHATFERRY_PUBLIC_URL: 'https://gateway.example.com' });
const path = '/api/v1/channels';

async function newWorkspace(on = rig): Promise<string> {
  const { access_token } = on.sandbox.intercom.createWorkspace();
  const { body } = await on.admin('/api/v1/workspaces', {
    body: { name: 'Acme', inbox: { kind: 'intercom', access_token } },
  });
  return body.id;
}

const webhookOf = async (on: typeof rig, token: string): Promise<string> => {
  const response = await fetch(`${on.sandbox.url}/telegram/bot${token}/getWebhookInfo`);
  return ((await response.json()) as { result: { url: string } }).result.url;
};

describe('connecting a bot', () => {
  it('returns the channel, and its key this one time', async () => {
    const bot = rig.sandbox.telegram.createBot({ supports_inline_queries: true });
    const workspaceId = await newWorkspace();
    const { status, body } = await rig.admin(path, { body: { workspace_id: workspaceId, bot_token: bot.token } });
    expect(status).toBe(201);
    const { key, ...channel } = body;
    expect(channel).toMatchObject({
      workspace_id: workspaceId,
      name: `@${bot.username}`,
      bot: { id: String(bot.id), username: bot.username, supports_inline_queries: true },
      updates: 'polling',
      api_root: `${rig.sandbox.url}/telegram`,
      interactive_enabled: true,
      state: 'active',
      problem: null,
    });
    expect(key.secret).toMatch(/^cf_live_/);
    expect((await rig.admin(`${path}/${channel.id}`)).body).toEqual(channel);
    expect((await rig.admin(`/api/v1/keys/${key.id}`)).body).toMatchObject({
      kind: 'channel',
      channel_id: channel.id,
      workspace_id: workspaceId,
      state: 'live',
    });
  });

  it('makes Telegram send updates to a random address of a reachable gateway', async () => {
    const bot = reachable.sandbox.telegram.createBot();
    const workspaceId = await newWorkspace(reachable);
    const { body } = await reachable.admin(path, { body: { workspace_id: workspaceId, bot_token: bot.token } });
    expect(body.updates).toBe('webhook');
    const url = await webhookOf(reachable, bot.token);
    expect(url).toMatch(/^https:\/\/gateway\.example\.com\/hooks\/telegram\/[A-Za-z0-9_-]{32}$/);
    expect(url).not.toContain(bot.token.split(':')[1]);
    const polled = await reachable.admin(`${path}/${body.id}`, { method: 'PATCH', body: { updates: 'polling' } });
    expect([polled.body.updates, await webhookOf(reachable, bot.token)]).toEqual(['polling', '']);
    await reachable.admin(`${path}/${body.id}`, { method: 'PATCH', body: { updates: 'webhook' } });
    expect(await webhookOf(reachable, bot.token)).toBe(url);
    await reachable.admin(`${path}/${body.id}`, { method: 'DELETE' });
    expect(await webhookOf(reachable, bot.token)).toBe('');
  });
});

describe('connecting a bot is refused', () => {
  it('for a webhook on an unreachable gateway, before Telegram is asked', async () => {
    const bot = rig.sandbox.telegram.createBot();
    const workspaceId = await newWorkspace();
    rig.sandbox.telegram.changeBot(bot.id, { revoked: true });
    const { status, body } = await rig.admin(path, {
      body: { workspace_id: workspaceId, bot_token: bot.token, updates: 'webhook' },
    });
    expect([status, body.error_code, body.details[0].pointer]).toEqual([400, 4, '/updates']);
    expect(body.error).toContain('CHATFERRY_PUBLIC_URL');
  });

  it('when HubSpot needs an address to call and there is none, with both remedies', async () => {
    const { client_id, client_secret, refresh_token, app_id, inbox_id, developer_api_key } =
      rig.sandbox.hubspot.createPortal();
    const inbox = { kind: 'hubspot', client_id, client_secret, refresh_token, app_id, inbox_id, developer_api_key };
    const workspace = await rig.admin('/api/v1/workspaces', { body: { name: 'Portal', inbox } });
    const { status, body } = await rig.admin(path, {
      body: { workspace_id: workspace.body.id, bot_token: rig.sandbox.telegram.createBot().token },
    });
    expect([status, body.error_code, body.details[0].pointer]).toEqual([400, 4, '/workspace_id']);
    expect(body.error).toContain('CHATFERRY_PUBLIC_URL');
    expect(body.error).toContain(`inbox.channel_id of the workspace ${workspace.body.id}`);
  });

  it('for a bot token that Telegram does not know, with the place to get one', async () => {
    const { status, body } = await rig.admin(path, {
      body: { workspace_id: await newWorkspace(), bot_token: '123456789:AAnobodysTokenAnobodysTokenAnobody0' },
    });
    expect([status, body.error_code, body.telegram.error_code]).toEqual([400, 5, 401]);
    expect(body.error).toContain('BotFather');
    expect(body.details[0].pointer).toBe('/bot_token');
    expect(JSON.stringify(body)).not.toContain('AAnobodysToken');
  });

  it('for a text that is not a bot token, without asking Telegram or repeating the text', async () => {
    const { status, body } = await rig.admin(path, {
      body: { workspace_id: await newWorkspace(), bot_token: 'hunter2-hunter2-hunter2' },
    });
    expect([status, body.error_code, body.details[0].pointer]).toEqual([400, 4, '/bot_token']);
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('for a bot that is already connected, with the name of its channel in the same workspace only', async () => {
    const bot = await connectBot(rig);
    const again = (workspaceId: string) =>
      rig.admin(path, { body: { workspace_id: workspaceId, bot_token: bot.token } });
    const { status, body } = await again(await newWorkspace());
    expect([status, body.error_code, body.details[0].pointer]).toEqual([409, 111, '/bot_token']);
    expect(JSON.stringify(body)).not.toContain(bot.channelId);
    expect(JSON.stringify(body)).not.toContain(bot.workspaceId);
    expect((await again(bot.workspaceId)).body.error).toContain(bot.channelId);
  });

  it('for all but one of the callers who connect a bot at the same time', async () => {
    const bot = rig.sandbox.telegram.createBot();
    const body = { workspace_id: await newWorkspace(), bot_token: bot.token };
    const answers = await Promise.all(Array.from({ length: 4 }, () => rig.admin(path, { body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect((await rig.admin(`${path}?workspace_id=${body.workspace_id}`)).body.data).toHaveLength(1);
  });

  it('for those who come too late, and the updates go to the one who connected it', async () => {
    const bot = reachable.sandbox.telegram.createBot();
    const body = { workspace_id: await newWorkspace(reachable), bot_token: bot.token };
    const answers = await Promise.all(Array.from({ length: 4 }, () => reachable.admin(path, { body })));
    const [channel] = answers.filter(({ status }) => status === 201);
    const { rows } = await reachable.database.pool.query('select hook_path from channels where id = $1', [
      channel?.body.id,
    ]);
    expect((await webhookOf(reachable, bot.token)).endsWith(`/${rows[0].hook_path}`)).toBe(true);
  });

  it('when Telegram does not take the webhook, and the bot can be connected afterwards', async () => {
    const bot = reachable.sandbox.telegram.createBot();
    const body = { workspace_id: await newWorkspace(reachable), bot_token: bot.token };
    const answer = { status: 500, body: { ok: false, error_code: 500, description: 'Internal' } };
    const effect = { kind: 'answer-before', answer } as const;
    reachable.sandbox.faults.inject({ provider: 'telegram', operation: 'setWebhook', times: 1, effect });
    expect((await reachable.admin(path, { body })).status).toBe(503);
    expect((await reachable.admin(path, { body })).status).toBe(201);
  });

  it('for a workspace that does not exist', async () => {
    const { status, body } = await rig.admin(path, {
      body: { workspace_id: 'wsp_00000000000000000000000000', bot_token: rig.sandbox.telegram.createBot().token },
    });
    expect([status, body.error_code]).toEqual([404, 104]);
  });

  it('temporarily while Telegram is down, and nothing is stored', async () => {
    const bot = rig.sandbox.telegram.createBot();
    const body = { workspace_id: await newWorkspace(), bot_token: bot.token };
    const { status, headers } = await rig.admin(path, { body: { ...body, api_root: 'http://127.0.0.1:1' } });
    expect([status, Number(headers.get('retry-after')) > 0]).toEqual([503, true]);
    expect((await rig.admin(path, { body: { ...body, api_root: `${rig.sandbox.url}/telegram/` } })).status).toBe(201);
  });

  it('when the inbox refuses the bot', async () => {
    const bot = rig.sandbox.telegram.createBot();
    const workspace_id = await newWorkspace();
    rig.sandbox.faults.inject({
      provider: 'intercom',
      operation: '*',
      times: 1,
      effect: { kind: 'answer-before', answer: { status: 401, body: { type: 'error.list', errors: [] } } },
    });
    const { status, body } = await rig.admin(path, { body: { workspace_id, bot_token: bot.token } });
    expect([status, body.error_code, body.details[0].pointer]).toEqual([422, 123, '/workspace_id']);
    expect((await rig.admin(path, { body: { workspace_id, bot_token: bot.token } })).status).toBe(201);
  });

  it('with every problem of the request body', async () => {
    const { status, body } = await rig.admin(path, {
      body: { workspace_id: 7, updates: 'pigeon', api_root: 'ftp://x', token: 'x' },
    });
    expect([status, body.error_code]).toEqual([400, 1]);
    expect(body.details.map((problem: { pointer: string }) => problem.pointer).sort()).toEqual([
      '/api_root',
      '/bot_token',
      '/token',
      '/updates',
      '/workspace_id',
    ]);
  });
});
