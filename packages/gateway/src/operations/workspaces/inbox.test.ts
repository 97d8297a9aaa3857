import { aSend, connectBot, newCustomer, type Rig, send, startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';

const rig = await startRig();
const path = '/api/v1/workspaces';
const intercom = (given: Parameters<Rig['sandbox']['intercom']['createWorkspace']>[0] = {}) =>
  rig.sandbox.intercom.createWorkspace(given);
const countWorkspaces = async () => (await rig.admin(`${path}?limit=200`)).body.data.length;

const answerOnce = (status: number, body: unknown) =>
  rig.sandbox.faults.inject({
    provider: 'intercom',
    operation: '*',
    times: 1,
    effect: { kind: 'answer-before', answer: { status, body } },
  });

describe('connecting an inbox', () => {
  it('connects a HubSpot portal and shows its settings without its secrets', async () => {
    const { client_id, client_secret, refresh_token, app_id, inbox_id, developer_api_key } =
      rig.sandbox.hubspot.createPortal();
    const { status, body } = await rig.admin(path, {
      body: {
        name: 'Portal',
        inbox: { kind: 'hubspot', client_id, client_secret, refresh_token, app_id, inbox_id, developer_api_key },
      },
    });
    expect(status).toBe(201);
    expect(body.inbox).toEqual({
      kind: 'hubspot',
      settings: {
        client_id,
        app_id,
        channel_id: null,
        inbox_id,
        base_url: null,
        contact_matching: null,
        has_developer_api_key: true,
      },
    });
  });

  it('refuses an inbox and a property that the portal does not have, and a developer key that HubSpot refuses, each with its field', async () => {
    const before = await countWorkspaces();
    const portal = rig.sandbox.hubspot.createPortal();
    const { client_id, client_secret, refresh_token, app_id } = portal;
    const inbox = { kind: 'hubspot', client_id, client_secret, refresh_token, app_id };
    const contact_matching = { create: true, property: 'no_such_property', identifier: 'user_id' };
    const { status, body } = await rig.admin(path, {
      body: {
        name: 'Portal',
        inbox: { ...inbox, inbox_id: '404', developer_api_key: 'not-the-key-0123', contact_matching },
      },
    });
    expect([status, body.error_code]).toEqual([400, 4]);
    expect(body.details.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/inbox/inbox_id',
      '/inbox/contact_matching/property',
      '/inbox/developer_api_key',
    ]);
    expect(body.error).toContain(portal.inbox_id);
    expect(JSON.stringify(body)).not.toContain('not-the-key-0123');
    expect(await countWorkspaces()).toBe(before);
    const made = await rig.admin(path, { body: { name: 'Portal', inbox: { ...inbox, inbox_id: portal.inbox_id } } });
    expect(made.status).toBe(201);
    const changed = await rig.admin(`${path}/${made.body.id}`, {
      method: 'PATCH',
      body: { inbox: { ...inbox, inbox_id: '405' } },
    });
    expect([changed.status, changed.body.details[0].pointer]).toEqual([400, '/inbox/inbox_id']);
  });

  it('accepts the inbox unchecked when the app may not list inboxes, and asks to try again while HubSpot is down', async () => {
    const { client_id, client_secret, refresh_token, app_id } = rig.sandbox.hubspot.createPortal();
    const inbox = { kind: 'hubspot', client_id, client_secret, refresh_token, app_id, inbox_id: '404' };
    const answerList = (status: number) =>
      rig.sandbox.faults.inject({
        provider: 'hubspot',
        operation: 'GET /conversations/conversations/{version}/inboxes',
        times: 1,
        effect: { kind: 'answer-before', answer: { status, body: { category: 'MISSING_SCOPES', message: 'no' } } },
      });
    answerList(503);
    expect((await rig.admin(path, { body: { name: 'Portal', inbox } })).status).toBe(503);
    answerList(403);
    expect((await rig.admin(path, { body: { name: 'Portal', inbox } })).status).toBe(201);
  });

  it.each([
    ['GET /conversations/conversations/{version}/threads', 'the Conversations API in version 2026-09'],
    ['GET /crm/owners/{version}', 'the Owners API in version 2026-03'],
    ['GET /files/{version}/files/search', 'the Files API in version 2026-03'],
    ['GET /crm/objects/{version}/contacts', 'the Contacts API in version 2026-03'],
    ['GET /crm/properties/{version}/contacts', 'the Properties API in version 2026-03'],
    ['GET /conversations/custom-channels/{version}', 'the Custom channels API in version 2026-03'],
    ['POST /oauth/{version}/token', 'the OAuth API in version 2026-03'],
  ])('names the API that HubSpot does not serve, and what to do: %s', async (operation, name) => {
    const { client_id, client_secret, refresh_token, app_id, developer_api_key } = rig.sandbox.hubspot.createPortal();
    const app = { kind: 'hubspot', client_id, client_secret, refresh_token, app_id, developer_api_key };
    const inbox = {
      ...app,
      contact_matching: { property: 'telegram_user_id', identifier: 'user_id', create: true },
    };
    const answer = { status: 404, body: '<html><title>Error 404 Not Found</title></html>' };
    const effect = { kind: 'answer-before', answer } as const;
    rig.sandbox.faults.inject({ provider: 'hubspot', operation, times: 1, effect });
    const { status, body } = await rig.admin(path, { body: { name: 'Portal', inbox } });
    expect([status, body.error_code, body.details[0].pointer]).toEqual([400, 4, '/inbox']);
    expect(body.error).toContain(`does not serve ${name}`);
    expect(body.error).toContain('update Chatferry');
  });

  it('refuses a credential that the inbox refuses, with the inbox’s reason, and stores nothing', async () => {
    const before = await countWorkspaces();
    const { status, body } = await rig.admin(path, {
      body: { name: 'Wrong', inbox: { kind: 'intercom', access_token: 'dG9rOm5vYm9keQ==' } },
    });
    expect([status, body.error_code, body.details[0].pointer]).toEqual([422, 123, '/inbox']);
    expect(body.error).toMatch(
      /Intercom refuses this credential: .*401.*Developer Hub of Intercom: your app, Authentication/,
    );
    expect(JSON.stringify(body)).not.toContain('dG9rOm5vYm9keQ==');
    expect(await countWorkspaces()).toBe(before);
  });

  it('refuses an address at which no inbox answers', async () => {
    const { status, body } = await rig.admin(path, {
      body: {
        name: 'Elsewhere',
        inbox: { kind: 'intercom', access_token: 'dG9rOm5vYm9keQ==', base_url: `${rig.sandbox.url}/nowhere` },
      },
    });
    expect([status, body.error_code, body.details[0].pointer]).toEqual([400, 4, '/inbox']);
  });

  it('asks to try again while the inbox is down, and stores nothing', async () => {
    const before = await countWorkspaces();
    answerOnce(503, {});
    const { status, body, headers } = await rig.admin(path, {
      body: { name: 'Later', inbox: { kind: 'intercom', access_token: intercom().access_token } },
    });
    expect([status, body.error_code]).toEqual([503, 153]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await countWorkspaces()).toBe(before);
  });

  it('refuses a default sender who is not a teammate, and accepts a teammate', async () => {
    const made = intercom({ admins: [{ name: 'Ada', email: 'ada@acme.test' }] });
    const inbox = { kind: 'intercom', access_token: made.access_token };
    const refused = await rig.admin(path, { body: { name: 'Acme', inbox, default_sender: '404' } });
    expect([refused.status, refused.body.details[0].pointer]).toEqual([400, '/default_sender']);
    const ada = made.admins.find(({ name }) => name === 'Ada')?.id;
    const taken = await rig.admin(path, { body: { name: 'Acme', inbox, default_sender: ada } });
    expect([taken.status, taken.body.default_sender]).toEqual([201, ada]);
  });
});

describe('changing the inbox of a workspace', () => {
  it('refuses another kind of inbox', async () => {
    const bot = await connectBot(rig);
    const { body } = await rig.admin(`${path}/${bot.workspaceId}`, {
      method: 'PATCH',
      body: {
        inbox: {
          kind: 'hubspot',
          client_id: 'c',
          client_secret: 's',
          refresh_token: 'r',
          app_id: '1',
          inbox_id: '2',
        },
      },
    });
    expect([body.error_code, body.details[0].pointer]).toEqual([4, '/inbox/kind']);
  });

  it('keeps the old credential when the new one is refused', async () => {
    const bot = await connectBot(rig);
    const refused = await rig.admin(`${path}/${bot.workspaceId}`, {
      method: 'PATCH',
      body: { inbox: { kind: 'intercom', access_token: 'dG9rOm5vYm9keQ==' } },
    });
    expect([refused.status, refused.body.error_name]).toEqual([422, 'INBOX_REFUSED']);
    const check = await rig.admin(`/api/v1/channels/${bot.channelId}/check`, { method: 'POST' });
    expect(check.body.ok).toBe(true);
  });

  it('marks a broken workspace active with a credential that works', async () => {
    const bot = await connectBot(rig);
    const made = intercom();
    await rig.database.pool.query(`update workspaces set state = 'broken', problem = 'refused' where id = $1`, [
      bot.workspaceId,
    ]);
    const { body } = await rig.admin(`${path}/${bot.workspaceId}`, {
      method: 'PATCH',
      body: { inbox: { kind: 'intercom', access_token: made.access_token, region: 'eu' } },
    });
    expect(body).toMatchObject({ state: 'active', problem: null, inbox: { settings: { region: 'eu' } } });
  });

  it('uses the new default sender in the inbox immediately, for messages and for notes', async () => {
    const bot = await connectBot(rig);
    const customer = newCustomer(rig, bot);
    const [ada, ben] = bot.teammates;
    const makeDefault = (sender: string | undefined) =>
      rig.admin(`${path}/${bot.workspaceId}`, { method: 'PATCH', body: { default_sender: sender } });
    const entries = () => {
      const [conversation] = rig.sandbox.intercom.conversations(bot.intercomId);
      return conversation ? rig.sandbox.intercom.transcript(bot.intercomId, conversation.id).entries : [];
    };
    const authorOf = (text: RegExp) => entries().find((entry) => text.test(entry.text))?.author.name ?? null;

    await makeDefault(ada?.id);
    expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
    await expect.poll(() => authorOf(/Your order has shipped/), { timeout: 10_000 }).toBe(ada?.name);
    await makeDefault(ben?.id);
    rig.sandbox.telegram.block(customer.at);
    await expect.poll(() => authorOf(/blocked/), { timeout: 10_000 }).toBe(ben?.name);
    expect(entries().find((entry) => /blocked/.test(entry.text))?.is_note).toBe(true);
  });
});
