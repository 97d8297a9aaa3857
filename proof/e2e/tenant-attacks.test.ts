import { createHmac } from 'node:crypto';
import { scopes as hubspotScopes } from '@chatferry/gateway/internal/adapters/hubspot/scopes';
import { startCanaryServer } from '@chatferry/testkit/http/canary-server';
import { connectHubspotBot } from '@chatferry/testkit/rigs/connect-hubspot-bot';
import { type ConnectedBot, connectBot } from '@chatferry/testkit/rigs/rig';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const canary = await startCanaryServer(hubspotScopes);
/** The other server: no workspace was moved to it with the secret. */
const elsewhere = await startCanaryServer(hubspotScopes);
afterAll(() => Promise.all([canary.close(), elsewhere.close()]));
beforeEach(() => canary.forget());

const operatorsSecret = 'client-secret-of-the-operator';
const developerKey = 'developer-api-key-of-the-operator';
const rig = await startPublicRig({
  CHATFERRY_HUBSPOT_CLIENT_ID: 'app-of-the-operator',
  CHATFERRY_HUBSPOT_CLIENT_SECRET: operatorsSecret,
  CHATFERRY_HUBSPOT_DEVELOPER_API_KEY: developerKey,
  CHATFERRY_HUBSPOT_APP_ID: '4242',
  CHATFERRY_ALLOWED_PRIVATE_ORIGINS: `${canary.url},${elsewhere.url}`,
  CHATFERRY_PROVIDER_SERVERS: `canary=${canary.url}/listed`,
});
const { hubspot, intercom, telegram } = rig.sandbox;

const api = '/api/v1';
const patch = (body: object) => ({ method: 'PATCH', body });

async function manageKeyOf(workspaceId: string) {
  const body = { kind: 'workspace', workspace_id: workspaceId, scopes: ['read', 'manage'] };
  const { secret } = (await rig.admin(`${api}/keys`, { body })).body;
  return (path: string, options: { readonly method?: string; readonly body: object }) =>
    rig.call(path, { ...options, headers: { authorization: `Bearer ${secret}` } });
}

/** A tenant, and its calls with a key that may manage its workspace. */
async function newTenant() {
  const bot = await connectBot(rig);
  return { bot, call: await manageKeyOf(bot.workspaceId) };
}

/** A HubSpot portal's configuration. */
const inboxOf = (portal: ReturnType<typeof hubspot.createPortal>) => {
  const { client_id, client_secret, refresh_token, app_id, developer_api_key, inbox_id } = portal;
  return { kind: 'hubspot', client_id, client_secret, refresh_token, app_id, developer_api_key, inbox_id };
};

const expectSilence = () => expect(canary.heard()).toEqual([]);

describe('the app secret of the operator', () => {
  it('cannot be had by a tenant who begins an install at a server of its own', async () => {
    const { bot, call } = await newTenant();
    for (const kind of ['hubspot', 'intercom']) {
      const body = { workspace_id: bot.workspaceId, inbox: { kind, base_url: canary.url } };
      const { status, body: answer } = await call(`${api}/connections`, { body });
      expect([status, answer.error_code, answer.details[0].pointer]).toEqual([403, 102, '/inbox/base_url']);
      expect(answer.error).toContain('canary');
    }
    expectSilence();
  });

  it('is not sent to a server that the operator names, who must supply another one for it', async () => {
    const begin = (inbox: object) => rig.admin(`${api}/connections`, { body: { inbox } });
    const refused = await begin({ kind: 'hubspot', base_url: canary.url });
    expect([refused.status, refused.body.error_code, refused.body.details[0].pointer]).toEqual([
      400,
      1,
      '/inbox/client_id',
    ]);
    const app = { client_id: 'app-of-the-operator', client_secret: 'another' };
    const begun = await begin({ kind: 'hubspot', base_url: canary.url, ...app });
    expect(begun.status).toBe(201);
    await finish(begun.body.start_url);
    const heard = canary.heard().join('\n');
    expect(heard).toContain('client_secret=another');
    expect(heard).not.toContain(operatorsSecret);
    expect(heard).not.toContain(developerKey);
  });
});

/** The browser's part of an install: it comes back with a code. */
async function finish(startUrl: string): Promise<{ readonly status: number; readonly text: string }> {
  const started = await fetch(startUrl, { redirect: 'manual' });
  const cookie = started.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = new URL(started.headers.get('location') ?? '');
  const query = new URLSearchParams({ code: 'a-code', state: page.searchParams.get('state') ?? '' });
  const ended = await fetch(`${page.searchParams.get('redirect_uri')}?${query}`, { headers: { cookie } });
  return { status: ended.status, text: await ended.text() };
}

describe('the token of a bot', () => {
  it.each(['api_root', 'file_root'])('cannot be had by a tenant who changes %s', async (field) => {
    const { bot, call } = await newTenant();
    const { status, body } = await call(`${api}/channels/${bot.channelId}`, patch({ [field]: `${canary.url}/x` }));
    expect([status, body.error_code, body.details[0].pointer]).toEqual([403, 102, `/${field}`]);
    expectSilence();
  });

  it.each(['api_root', 'file_root'])('must be supplied again with a change of %s to another origin', async (field) => {
    const { bot } = await newTenant();
    const change = (body: object) => rig.admin(`${api}/channels/${bot.channelId}`, patch(body));
    const refused = await change({ [field]: canary.url });
    expect([refused.status, refused.body.error_code, refused.body.details[0].pointer]).toEqual([400, 1, '/bot_token']);
    expectSilence();
    canary.claim({ portalId: '1', appId: '1', intercomId: 'x', botId: bot.botId });
    const root = { [field]: canary.url, bot_token: bot.token };
    expect((await change(root)).body).toMatchObject({ [field]: canary.url });
    expect(canary.heard().length).toBeGreaterThan(0);
  });

  it('goes with a listed server only in the request that carries it', async () => {
    const { bot, call } = await newTenant();
    const change = (body: object) => call(`${api}/channels/${bot.channelId}`, patch(body));
    for (const server of ['canary', `${canary.url}/listed`, `${canary.url}/listed/`]) {
      expect((await change({ api_root: server })).body.details[0].pointer).toBe('/bot_token');
    }
    expectSilence();
    expect((await change({ api_root: 'unlisted', bot_token: bot.token })).body.error_code).toBe(4);
    canary.claim({ portalId: '1', appId: '1', intercomId: 'x', botId: bot.botId });
    expect((await change({ api_root: 'canary', bot_token: bot.token })).body).toMatchObject({
      api_root: `${canary.url}/listed`,
      file_root: `${canary.url}/listed`,
    });
  });

  it('and the secret of its webhook are not known to both servers after a change', async () => {
    const { bot } = await newTenant();
    canary.claim({ portalId: '1', appId: '1', intercomId: 'x', botId: bot.botId });
    const before = await rig.database.pool.query('select webhook_secret from channels where id = $1', [bot.channelId]);
    await rig.admin(`${api}/channels/${bot.channelId}`, patch({ api_root: canary.url, bot_token: bot.token }));
    const after = await rig.database.pool.query('select webhook_secret from channels where id = $1', [bot.channelId]);
    expect(after.rows[0].webhook_secret.equals(before.rows[0].webhook_secret)).toBe(false);
  });
});

describe('an account', () => {
  it('cannot be claimed by a tenant through a server of its own', async () => {
    const victim = await connectHubspotBot(rig);
    const attacker = await connectHubspotBot(rig);
    canary.claim({ portalId: victim.portalId, appId: '4242', intercomId: 'x', botId: 1 });
    const call = await manageKeyOf(attacker.workspaceId);
    const inbox = { ...inboxOf(hubspot.createPortal()), base_url: canary.url };
    const { status, body } = await call(`${api}/workspaces/${attacker.workspaceId}`, patch({ inbox }));
    expect([status, body.error_code]).toEqual([403, 102]);
    expectSilence();
  });

  it('that another server claims is not the one of the shared page and of the shared webhook', async () => {
    const attacker = await connectHubspotBot(rig);
    const portal = hubspot.createPortal();
    canary.claim({ portalId: portal.portal_id, appId: portal.app_id, intercomId: 'x', botId: 1 });
    const name = 'A workspace of the attacker';
    // Only the operator may name a server; even so it vouches for nothing but its own accounts.
    const inbox = { ...inboxOf(portal), inbox_id: undefined, base_url: canary.url, client_secret: 'a-stolen-secret' };
    const moved = await rig.admin(`${api}/workspaces/${attacker.workspaceId}`, patch({ name, inbox }));
    expect(moved.status).toBe(200);
    expect(moved.body.webhook_url).not.toBe(`${rig.url}/hooks/hubspot`);
    const page = new URLSearchParams({
      accountToken: 't',
      channelId: '1',
      inboxId: '1',
      portalId: portal.portal_id,
      redirectUrl: 'https://app.hubspot.com/x',
    });
    const form = `${rig.url}/connect/hubspot/channel?${page}`;
    expect(await (await fetch(form)).text()).not.toContain(name);
    const botOfOwner = telegram.createBot();
    const entered = await fetch(form, {
      method: 'POST',
      body: new URLSearchParams({ bot_token: botOfOwner.token }),
      redirect: 'manual',
    });
    expect(entered.status).toBe(409);
    const { body: channels } = await rig.admin(`${api}/channels`);
    expect(JSON.stringify(channels)).not.toContain(botOfOwner.username);
    const event = { type: 'OUTGOING_CHANNEL_MESSAGE_CREATED', portalId: Number(portal.portal_id), eventId: 'e1' };
    expect(await callSharedWebhook(event, 'a-stolen-secret')).toBe(401);
    const owner = await rig.admin(`${api}/workspaces`, { body: { name: 'The owner', inbox: inboxOf(portal) } });
    expect(owner.status).toBe(201);
    expect(await callSharedWebhook(event, portal.client_secret)).toBe(200);
    const { rows } = await rig.database.pool.query('select distinct workspace_id from updates where external_id = $1', [
      'event:e1',
    ]);
    expect(rows).toEqual([{ workspace_id: owner.body.id }]);
  });

  it('can be connected once, and a second claimant learns nothing about the first', async () => {
    const portal = hubspot.createPortal();
    const create = (name: string) => rig.admin(`${api}/workspaces`, { body: { name, inbox: inboxOf(portal) } });
    const answers = await Promise.all([create('The first of them'), create('The first of them')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const [first] = answers.filter(({ status }) => status === 201);
    const [second] = answers.filter(({ status }) => status === 409);
    expect(second?.body).toMatchObject({ error_code: 111, details: [{ pointer: '/inbox' }] });
    for (const fact of [first?.body.id, 'The first of them']) expect(JSON.stringify(second?.body)).not.toContain(fact);
    const other = await connectHubspotBot(rig);
    const taken = await rig.admin(`${api}/workspaces/${other.workspaceId}`, patch({ inbox: inboxOf(portal) }));
    expect([taken.status, JSON.stringify(taken.body).includes(first?.body.id)]).toEqual([409, false]);
    await rig.admin(`${api}/workspaces/${first?.body.id}`, { method: 'DELETE' });
    expect((await create('After it was deleted')).status).toBe(201);
  });
});

async function callSharedWebhook(event: object, secret: string): Promise<number> {
  const body = JSON.stringify(event);
  const timestamp = String(Date.now());
  const signed = `POST${rig.url}/hooks/hubspot${body}${timestamp}`;
  const { status } = await fetch(`${rig.url}/hooks/hubspot`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hubspot-signature-v3': createHmac('sha256', secret).update(signed).digest('base64'),
      'x-hubspot-request-timestamp': timestamp,
    },
    body,
  });
  return status;
}

describe('a stored secret', () => {
  const problemOf = async ({ workspaceId }: Pick<ConnectedBot, 'workspaceId'>) =>
    (await rig.admin(`${api}/workspaces/${workspaceId}`)).body;

  it('is not sent to the server that a changed row names', async () => {
    const { bot } = await newTenant();
    const portal = await connectHubspotBot(rig);
    const { pool } = rig.database;
    await pool.query('update channels set api_root = $1, file_root = $1 where id = any ($2)', [
      elsewhere.url,
      [bot.channelId, portal.channelId],
    ]);
    await pool.query(
      `update workspaces set inbox_settings = inbox_settings || jsonb_build_object('base_url', $1::text) where id = any ($2)`,
      [elsewhere.url, [bot.workspaceId, portal.workspaceId]],
    );
    await rig.restart();
    for (const { channelId } of [bot, portal]) {
      const { body } = await rig.admin(`${api}/channels/${channelId}/check`, { body: {} });
      expect([channelId, body.ok, JSON.stringify(body)]).toEqual([
        channelId,
        false,
        expect.stringContaining('not called'),
      ]);
    }
    expect(elsewhere.heard()).toEqual([]);
  });

  it('is not sent to the server that changed settings name: its workspace becomes broken, and says what to do', async () => {
    const { bot } = await newTenant();
    const portal = await connectHubspotBot(rig);
    const home = {
      CHATFERRY_INTERCOM_BASE_URL: `${rig.sandbox.url}/intercom`,
      CHATFERRY_HUBSPOT_BASE_URL: `${rig.sandbox.url}/hubspot`,
    };
    await rig.reconfigure({ CHATFERRY_INTERCOM_BASE_URL: elsewhere.url, CHATFERRY_HUBSPOT_BASE_URL: elsewhere.url });
    const chat = telegram.createChat({ bot_id: bot.botId, user: { first_name: 'Grace' } });
    telegram.text({ bot_id: bot.botId, chat_id: chat.chat_id }, { text: 'Hello' });
    const broken = await eventually(async () => {
      const shown = await problemOf(bot);
      expect(shown.state).toBe('broken');
      return shown;
    });
    expect(broken.problem).toContain('supply it again');
    const renewal = await rig.admin(`${api}/connections`, { body: { workspace_id: portal.workspaceId } });
    expect([renewal.status, renewal.body.details[0].pointer]).toEqual([400, '/inbox/client_secret']);
    expect(elsewhere.heard()).toEqual([]);
    await rig.reconfigure(home);
    await rig.admin(`${api}/channels/${bot.channelId}/check`, { body: {} });
    expect((await problemOf(bot)).state).toBe('active');
    expect(intercom.listWorkspaces().length).toBeGreaterThan(0);
  });
});
