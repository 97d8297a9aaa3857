import { createBrowser } from '@chatferry/sandbox';
import { describe, expect, it } from 'vitest';
import { beginInstall } from './connect.ts';
import { startPublicRig } from './desk.ts';

const rig = await startPublicRig();
const { hubspot, telegram } = rig.sandbox;

type Portal = ReturnType<typeof hubspot.createPortal>;
const appOf = ({ client_id, client_secret, developer_api_key }: Portal) => ({
  kind: 'hubspot',
  client_id,
  client_secret,
  developer_api_key,
});
const begin = (portal: Portal, change: object = {}) =>
  beginInstall(rig, { name: 'Support', inbox: appOf(portal), ...change });
const connected = async (portal: Portal) => {
  const install = await begin(portal);
  await install.decide(portal.portal_id);
  return String((await install.outcome()).workspace_id);
};

describe('installing the app in a HubSpot portal', () => {
  it('creates a workspace to which a bot can be connected', async () => {
    const portal = hubspot.createPortal();
    const install = await begin(portal);
    const asked = await install.outcome();
    expect(asked).toMatchObject({
      kind: 'hubspot',
      state: 'waiting',
      redirect_url: `${rig.url}/connect/hubspot/callback`,
    });
    expect(asked.scopes).toContain('conversations.custom_channels.write');
    const page = await install.open();
    for (const scope of asked.scopes) expect(page.html).toContain(`<li>${scope}</li>`);
    const shown = await install.decide(portal.portal_id);
    expect([shown.status, shown.html]).toEqual([200, expect.stringContaining('HubSpot is connected')]);
    const done = await install.outcome();
    expect(done).toMatchObject({ state: 'connected', problem: null });
    const { body } = await rig.admin(`/api/v1/workspaces/${done.workspace_id}`);
    expect(body).toMatchObject({ name: 'Support', state: 'active', inbox: { settings: { app_id: portal.app_id } } });
    const channel = await rig.admin('/api/v1/channels', {
      body: { workspace_id: done.workspace_id, bot_token: telegram.createBot().token, updates: 'polling' },
    });
    expect(channel.status).toBe(201);
  });

  it('can be waited for through the API', async () => {
    const portal = hubspot.createPortal();
    const install = await begin(portal);
    const waiting = rig.admin(`/api/v1/connections/${install.id}?wait_seconds=30`);
    await install.decide(portal.portal_id);
    expect((await waiting).body.state).toBe('connected');
  });

  it('shows no secret, and its pages forbid framing and foreign scripts', async () => {
    const portal = hubspot.createPortal();
    const shown = await (await begin(portal)).decide(portal.portal_id);
    expect(shown.html).not.toContain(portal.client_secret);
    const { headers } = await fetch(shown.url, { headers: { accept: 'text/html' } });
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect([headers.get('referrer-policy'), headers.get('cache-control')]).toEqual(['no-referrer', 'no-store']);
  });

  it('deletes the app’s credentials at its end, and logs neither its secret nor a token', async () => {
    const portal = hubspot.createPortal();
    const install = await begin(portal);
    await install.decide(portal.portal_id);
    const { rows } = await rig.database.pool.query('select length(app) as kept from connections where id = $1', [
      install.id,
    ]);
    expect(rows).toEqual([{ kept: 0 }]);
    const { rows: texts } = await rig.database.pool.query(
      'select c::text as text from connections c union all select w::text from workspaces w union all select g::text from grants g',
    );
    const written = `${rig.logLines.join('')}${texts.map(({ text }) => text).join('')}`;
    for (const secret of [portal.client_secret, portal.developer_api_key, 'na1-', 'code=']) {
      expect(written).not.toContain(secret);
    }
  });

  it('asks for the portal and the scopes when the token does not name them', async () => {
    const portal = hubspot.createPortal({ options: { tokenNamesPortal: false } });
    const install = await begin(portal);
    expect((await install.decide(portal.portal_id)).status).toBe(200);
    const { body } = await rig.admin(`/api/v1/workspaces/${(await install.outcome()).workspace_id}`);
    expect(body.inbox.settings.app_id).toBe(portal.app_id);
    expect(body.webhook_url).toBe(`${rig.url}/hooks/hubspot`);
  });

  it('stores the refresh token with which HubSpot replaced the first one', async () => {
    const portal = hubspot.createPortal({ options: { rotateRefreshTokens: true } });
    const workspaceId = await connected(portal);
    const channel = await rig.admin('/api/v1/channels', {
      body: { workspace_id: workspaceId, bot_token: telegram.createBot().token, updates: 'polling' },
    });
    expect(channel.status).toBe(201);
  });
});

describe('an install of HubSpot that fails', () => {
  it('reports that the person refused, and its link cannot be used again', async () => {
    const portal = hubspot.createPortal();
    const install = await begin(portal);
    const shown = await install.decide(portal.portal_id, 'deny');
    expect([shown.status, shown.html]).toEqual([403, expect.stringContaining('was refused')]);
    expect(await install.outcome()).toMatchObject({ state: 'failed', problem: { code: 'denied' }, workspace_id: null });
    expect((await install.open()).status).toBe(409);
  });

  it('names the scopes that the portal did not grant', async () => {
    const portal = hubspot.createPortal({ options: { withheldScopes: ['files'] } });
    const install = await begin(portal);
    const shown = await install.decide(portal.portal_id);
    expect([shown.status, shown.html]).toEqual([409, expect.stringContaining('missing: files')]);
    expect((await install.outcome()).problem.code).toBe('missing_scopes');
  });

  it('says that a portal is connected already, and nothing about its workspace, whose grant can be renewed', async () => {
    const portal = hubspot.createPortal();
    const workspaceId = await connected(portal);
    const second = await begin(portal);
    const shown = await second.decide(portal.portal_id);
    expect([shown.status, shown.html]).toEqual([409, expect.stringContaining('connected only once')]);
    expect(shown.html).not.toContain(workspaceId);
    expect((await second.outcome()).problem.code).toBe('already_connected');
    hubspot.uninstall(portal.portal_id);
    const renewal = await beginInstall(rig, { workspace_id: workspaceId });
    expect((await renewal.decide(portal.portal_id)).status).toBe(200);
    expect(await renewal.outcome()).toMatchObject({ state: 'connected', workspace_id: workspaceId });
  });

  it('refuses another portal for a workspace, and another app than the named one', async () => {
    const portal = hubspot.createPortal();
    const other = hubspot.createPortal({ app_of: portal.portal_id });
    const renewal = await beginInstall(rig, { workspace_id: await connected(portal) });
    expect((await renewal.decide(other.portal_id)).status).toBe(409);
    expect((await renewal.outcome()).problem).toMatchObject({
      code: 'wrong_account',
      message: expect.stringContaining(other.portal_id),
    });
    const misnamed = await begin(portal, { inbox: { ...appOf(portal), app_id: '1' } });
    await misnamed.decide(portal.portal_id);
    expect((await misnamed.outcome()).problem.code).toBe('wrong_app');
  });

  it('reports a wrong secret, and an inbox that the portal does not have', async () => {
    const portal = hubspot.createPortal();
    const wrong = await begin(portal, { inbox: { ...appOf(portal), client_secret: 'not-the-secret' } });
    await wrong.decide(portal.portal_id);
    expect((await wrong.outcome()).problem).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('BAD_CLIENT_SECRET'),
    });
    const elsewhere = await begin(portal, { inbox: { ...appOf(portal), inbox_id: '404' } });
    await elsewhere.decide(portal.portal_id);
    expect((await elsewhere.outcome()).problem).toMatchObject({
      code: 'unfit_setting',
      message: expect.stringContaining(portal.inbox_id),
    });
  });

  it('can be repeated by a reload while HubSpot does not answer', async () => {
    const portal = hubspot.createPortal();
    const install = await begin(portal);
    const effect = { kind: 'answer-before', answer: { status: 503, body: {} } } as const;
    rig.sandbox.faults.inject({ provider: 'hubspot', operation: 'POST /oauth/{version}/token', times: 1, effect });
    const shown = await install.decide(portal.portal_id);
    expect(shown.status).toBe(503);
    expect((await install.browser.open(shown.url)).status).toBe(200);
  });

  it('has to be started again when HubSpot stops answering after the code was used', async () => {
    const portal = hubspot.createPortal();
    const install = await begin(portal, { inbox: { ...appOf(portal), inbox_id: portal.inbox_id } });
    const effect = { kind: 'answer-before', answer: { status: 503, body: {} } } as const;
    const operation = 'GET /conversations/conversations/{version}/inboxes';
    rig.sandbox.faults.inject({ provider: 'hubspot', operation, times: 1, effect });
    const shown = await install.decide(portal.portal_id);
    expect(shown.html).toContain('Begin again');
    expect(shown.html).not.toContain('Reload');
    expect((await install.outcome()).state).toBe('failed');
  });
});

describe('the redirect back to the gateway', () => {
  const callback = `${rig.url}/connect/hubspot/callback`;

  /** Where HubSpot sends the browser back to, which stays where it is. */
  const answerOf = async (portal: { readonly portal_id: string }, page: { readonly url: string }): Promise<string> => {
    const body = new URLSearchParams({ account: portal.portal_id, decision: 'grant' });
    const back = await fetch(page.url, { method: 'POST', body, redirect: 'manual' });
    return back.headers.get('location') ?? '';
  };

  it('succeeds only in the browser that began it, and only once', async () => {
    const portal = hubspot.createPortal();
    const install = await begin(portal);
    const answer = await answerOf(portal, await install.open());
    const stranger = createBrowser();
    expect(await stranger.open(answer)).toMatchObject({ status: 400, html: expect.stringContaining('this browser') });
    await stranger.open(install.startUrl);
    expect((await stranger.open(answer)).status).toBe(400);
    expect((await install.browser.open(answer)).status).toBe(200);
    const workspaces = async () => (await rig.admin('/api/v1/workspaces?limit=200')).body.data.length;
    const before = await workspaces();
    expect(await install.browser.open(answer)).toMatchObject({
      status: 200,
      html: expect.stringContaining('is connected'),
    });
    expect(await workspaces()).toBe(before);
  });

  it('is processed by one request at a time, and again when that request was killed', async () => {
    const portal = hubspot.createPortal();
    const install = await begin(portal);
    const answer = await answerOf(portal, await install.open());
    const claim = (ago: string) =>
      rig.database.pool.query('update connections set claimed_at = now() - $2::interval where id = $1', [
        install.id,
        ago,
      ]);
    await claim('4 minutes');
    expect((await install.browser.open(answer)).status).toBe(409);
    await claim('6 minutes');
    expect((await install.browser.open(answer)).status).toBe(200);
    expect((await install.outcome()).state).toBe('connected');
  });

  it('is refused without a state, with a forged one, and after its time', async () => {
    expect((await createBrowser().open(`${callback}?code=c`)).status).toBe(400);
    const portal = hubspot.createPortal();
    const install = await begin(portal);
    await install.open();
    expect((await install.browser.open(`${callback}?code=c&state=${install.id}.forged`)).status).toBe(400);
    await rig.database.pool.query('update connections set expires_at = now() where id = $1', [install.id]);
    const late = await install.open();
    expect([late.status, late.html]).toEqual([410, expect.stringContaining('expired')]);
    expect((await install.outcome()).state).toBe('expired');
    expect((await createBrowser().open(`${rig.url}/connect/start/no-such-link`)).status).toBe(404);
  });

  it('is answered in JSON to a client that asks for JSON', async () => {
    const { status, body } = await rig.call('/connect/hubspot/callback', { headers: { accept: 'application/json' } });
    expect([status, body.code]).toEqual([400, 'not_begun_here']);
  });
});

describe('starting an install', () => {
  it('reports what is missing, and which settings would provide it', async () => {
    const { status, body } = await rig.admin('/api/v1/connections', { body: { inbox: { kind: 'hubspot' } } });
    expect([status, body.error_code]).toEqual([400, 1]);
    expect(body.details.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/inbox/client_id',
      '/inbox/client_secret',
    ]);
    expect(body.error).toContain('CHATFERRY_HUBSPOT_CLIENT_ID');
    expect((await rig.admin('/api/v1/connections', { body: {} })).body.error_code).toBe(1);
    expect((await rig.admin('/api/v1/connections', { body: { workspace_id: 'wsp_none' } })).status).toBe(404);
    expect((await rig.admin('/api/v1/connections/con_none')).status).toBe(404);
  });
});
