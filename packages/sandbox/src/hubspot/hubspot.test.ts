import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connected, channelCapabilities, connect } from '../testing/hubspot-rig.ts';
import type { Answered } from '../testing/inbox-rig.ts';

let hub: Connected;
beforeEach(async () => {
  hub = await connect();
});
afterEach(() => hub.close());

const refusal = ({ status, body }: Answered) => [status, body.category];

describe('HubSpot tokens', () => {
  it('are granted for a form only, and expire after 30 minutes', async () => {
    const granted = await hub.refresh();
    expect(granted).toMatchObject({
      status: 200,
      body: {
        token_type: 'bearer',
        expires_in: 1800,
        refresh_token: hub.portal.refresh_token,
        hub_id: Number(hub.portal.portal_id),
      },
    });
    expect(granted.body.access_token.length).toBeGreaterThan(300);
    const json = await hub.rig.request('POST', '/hubspot/oauth/2026-03/token', { grant_type: 'refresh_token' });
    expect(json.status).toBe(415);
    const inboxes = '/conversations/conversations/2026-09/inboxes';
    hub.clock.advance(1_799_999);
    expect((await hub.api('GET', inboxes)).status).toBe(200);
    hub.clock.advance(1);
    expect(refusal(await hub.api('GET', inboxes))).toEqual([401, 'EXPIRED_AUTHENTICATION']);
  });

  it.each([
    ['an unknown grant', { grant_type: 'password' }, 'BAD_GRANT_TYPE'],
    ['an unknown client', { client_id: 'x' }, 'BAD_CLIENT_ID'],
    ['a wrong secret', { client_secret: 'x' }, 'BAD_CLIENT_SECRET'],
    ['an unknown refresh token', { refresh_token: 'x' }, 'BAD_REFRESH_TOKEN'],
    ['an unknown code', { grant_type: 'authorization_code', code: 'x' }, 'BAD_AUTH_CODE'],
  ])('are refused for %s', async (_what, fields, status) => {
    const { client_id, client_secret, refresh_token } = hub.portal;
    const answered = await hub.token({
      grant_type: 'refresh_token',
      client_id,
      client_secret,
      refresh_token,
      ...fields,
    });
    expect([answered.status, answered.body.status]).toEqual([400, status]);
  });

  it('end when the app is uninstalled', async () => {
    hub.rig.simulator.uninstall(hub.portal.portal_id);
    expect((await hub.refresh()).body.status).toBe('BAD_REFRESH_TOKEN');
    expect((await hub.api('GET', '/crm/owners/2026-03')).status).toBe(401);
  });

  it('are granted for a code once, and rotate if rotateRefreshTokens is true', async () => {
    const { code } = hub.rig.simulator.authorize(hub.portal.portal_id, { redirect_uri: 'https://gw.example/cb' });
    const { client_id, client_secret } = hub.portal;
    const redeem = (redirect_uri: string) =>
      hub.token({ grant_type: 'authorization_code', client_id, client_secret, code, redirect_uri });
    expect((await redeem('https://evil.example')).body.status).toBe('MISMATCH_REDIRECT_URI_AUTH_CODE');
    expect((await redeem('https://gw.example/cb')).status).toBe(200);
    expect((await redeem('https://gw.example/cb')).body.status).toBe('BAD_AUTH_CODE');
    hub.rig.simulator.setOptions(hub.portal.portal_id, { rotateRefreshTokens: true });
    expect((await hub.refresh()).body.refresh_token).not.toBe(hub.portal.refresh_token);
    expect((await hub.refresh()).body.status).toBe('BAD_REFRESH_TOKEN');
  });
});

describe('every call of the simulated HubSpot', () => {
  it('is refused with the error envelope if it has no token', async () => {
    const answered = await hub.rig.request('GET', '/hubspot/crm/owners/2026-03');
    expect(answered).toMatchObject({
      status: 401,
      body: {
        status: 'error',
        category: 'INVALID_AUTHENTICATION',
        correlationId: expect.any(String),
        message: expect.any(String),
      },
    });
  });

  it('is counted in a window of 10 s, except the contact search', async () => {
    hub.rig.simulator.setOptions(hub.portal.portal_id, { rateLimitPer10s: 2 });
    hub.clock.advance(10_000);
    const owners = () => hub.api('GET', '/crm/owners/2026-03');
    const first = await owners();
    expect(first.headers.get('x-hubspot-ratelimit-max')).toBe('2');
    expect(first.headers.get('x-hubspot-ratelimit-remaining')).toBe('1');
    await owners();
    hub.clock.advance(4_000);
    const third = await owners();
    expect(third).toMatchObject({ status: 429, body: { errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING' } });
    expect(third.headers.get('retry-after')).toBe('6');
    expect((await hub.api('POST', '/crm/objects/2026-03/contacts/search', { filterGroups: [] })).status).toBe(200);
  });

  it.each([
    ['/conversations/conversations/2026-09/inboxes'],
    ['/conversations/conversations/2026-09-beta/inboxes'],
    ['/conversations/v3/conversations/inboxes'],
    ['/crm/owners/2026-09'],
    ['/crm/v3/owners'],
    ['/crm/objects/2026-03/contacts?limit=1'],
    ['/crm/v3/objects/contacts?limit=1'],
    ['/crm/properties/2025-09/contacts'],
    ['/files/2026-09/files/search'],
  ])('is served in a version that its API has: %s', async (path) => {
    const answered = await hub.api('GET', path);
    expect(answered).toMatchObject({ status: 200, body: { results: expect.any(Array) } });
  });

  it.each([
    ['GET', '/conversations/conversations/2026-03/inboxes'],
    ['GET', '/conversations/conversations/2026-03/threads/1'],
    ['POST', '/conversations/conversations/2026-03/threads/1/messages'],
    ['GET', '/conversations/conversations/v3/inboxes'],
    ['POST', '/files/2026-09/files'],
    ['GET', '/crm/owners/2026-09-beta'],
    ['GET', '/crm/owners/2031-03'],
    ['GET', '/no/such/path'],
  ] as const)(
    'is answered with a page, and no word about an object, in a version that its API lacks: %s %s',
    async (method, path) => {
      const answered = await hub.api(method, path, method === 'POST' ? {} : undefined);
      expect([answered.status, answered.headers.get('content-type')]).toEqual([404, 'text/html;charset=utf-8']);
      expect(answered.body).toContain('Error 404 Not Found');
    },
  );
});

describe('HubSpot channels', () => {
  it('need the credentials of the developer, not of the portal', async () => {
    expect(refusal(await hub.api('GET', '/conversations/custom-channels/2026-03'))).toEqual([
      401,
      'INVALID_AUTHENTICATION',
    ]);
  });

  it.each([
    ['identifier types that are objects', { deliveryIdentifierTypes: [{ type: 'HS_EMAIL_ADDRESS' }] }],
    ['an unknown threading model', { threadingModel: 'THREADS' }],
    ['unknown rich text', { richText: ['BLINK'] }],
    ['a flag that is a word', { allowOutgoingMessages: 'yes' }],
  ])('are refused with %s', async (_what, capabilities) => {
    const answered = await hub.developer('POST', '', {
      name: 'x',
      capabilities: { ...channelCapabilities, ...capabilities },
    });
    expect(answered).toMatchObject({
      status: 400,
      body: { category: 'VALIDATION_ERROR', subCategory: 'CustomChannelsError.INVALID_CHANNEL_CAPABILITY_VALUES' },
    });
    expect(answered.body.context.capabilityKeysAndValues).toHaveLength(1);
  });

  it('are listed after channelVisibleAfterMs, can be changed in part, and can be archived', async () => {
    hub.rig.simulator.setOptions(hub.portal.portal_id, { channelVisibleAfterMs: 5_000 });
    const made = await hub.developer('POST', '', { name: 'Later', capabilities: channelCapabilities });
    expect(made.status).toBe(201);
    const ids = async () => (await hub.developer('GET', '')).body.results.map((channel: { id: string }) => channel.id);
    expect(await ids()).toEqual([hub.channelId]);
    hub.clock.advance(5_000);
    expect(await ids()).toEqual([hub.channelId, made.body.id]);
    const patched = await hub.developer('PATCH', `/${made.body.id}`, { webhookUrl: 'https://gw.example/hook' });
    expect(patched.body).toMatchObject({ name: 'Later', webhookUrl: 'https://gw.example/hook' });
    expect((await hub.developer('DELETE', `/${made.body.id}`)).status).toBe(204);
    expect(await ids()).toEqual([hub.channelId]);
  });

  it('have accounts that can be found by their identifier and deactivated', async () => {
    const path = `/conversations/custom-channels/2026-03/${hub.channelId}/channel-accounts`;
    const query = (value: string) =>
      `?deliveryIdentifierType=CHANNEL_SPECIFIC_OPAQUE_ID&deliveryIdentifierValue=${value}`;
    expect((await hub.api('GET', path + query('tgbot:99'))).body.results).toMatchObject([
      { id: hub.accountId, name: '@mybot', authorized: true },
    ]);
    expect((await hub.api('GET', path + query('tgbot:1'))).body.results).toEqual([]);
    await hub.api('PATCH', `${path}/${hub.accountId}`, { authorized: false });
    expect(refusal(await hub.publish())).toEqual([400, 'VALIDATION_ERROR']);
  });

  it.each([
    ['no inbox', { name: 'x', authorized: true }],
    ['an inbox that does not exist', { name: 'x', authorized: true, inboxId: '1' }],
    [
      'another kind of identifier',
      { name: 'x', authorized: true, inboxId: 'ID', deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS', value: 'a' } },
    ],
  ])('refuse an account with %s', async (_what, body) => {
    const path = `/conversations/custom-channels/2026-03/${hub.channelId}/channel-accounts`;
    const given = JSON.parse(JSON.stringify(body).replace('"ID"', `"${hub.portal.inbox_id}"`));
    expect(refusal(await hub.api('POST', path, given))).toEqual([400, 'VALIDATION_ERROR']);
  });

  it('accept a staging token once', async () => {
    const { account_token } = hub.rig.simulator.createStagingToken(hub.portal.portal_id, { channel_id: hub.channelId });
    const redeem = () =>
      hub.api(
        'PATCH',
        `/conversations/custom-channels/2026-03/${hub.channelId}/channel-account-staging-tokens/${account_token}`,
        {
          accountName: '@second',
          deliveryIdentifier: { type: 'CHANNEL_SPECIFIC_OPAQUE_ID', value: 'tgbot:7' },
        },
      );
    expect((await redeem()).body).toMatchObject({
      accountToken: account_token,
      accountName: '@second',
      genericChannelId: Number(hub.channelId),
    });
    expect(refusal(await redeem())).toEqual([409, 'CONFLICT']);
  });
});

describe('the users of a HubSpot portal', () => {
  it('are owners and actors of its inboxes', async () => {
    const [user] = hub.portal.users;
    expect((await hub.api('GET', '/conversations/conversations/2026-09/inboxes')).body.results).toMatchObject([
      { id: hub.portal.inbox_id, type: 'INBOX' },
    ]);
    const [owner] = (await hub.api('GET', `/crm/owners/2026-03?email=${user?.email}`)).body.results;
    expect(owner).toMatchObject({ userId: Number(user?.id), firstName: 'Ana', lastName: 'Ruiz' });
    expect(owner.id).not.toBe(user?.id);
    const actor = (id: string) => hub.api('GET', `/conversations/conversations/2026-09/actors/${id}`);
    expect((await actor(`A-${user?.id}`)).body).toMatchObject({ type: 'AGENT', name: 'Ana Ruiz' });
    expect((await actor('A-1')).status).toBe(404);
    const paged = await hub.api('GET', '/crm/owners/2026-03?limit=1');
    expect(paged.body).toMatchObject({ results: [{ email: user?.email }], paging: { next: { after: '1' } } });
  });
});

describe('HubSpot contacts', () => {
  const path = '/crm/objects/2026-03/contacts';
  const create = (properties: object) => hub.api('POST', path, { properties, associations: [] });
  const search = (propertyName: string, value: string) =>
    hub.api('POST', `${path}/search`, {
      filterGroups: [{ filters: [{ propertyName, operator: 'EQ', value }] }],
      properties: [],
      sorts: [],
      limit: 10,
      after: '0',
    });

  it('are refused with a property that does not exist, or one that is not a string', async () => {
    const unknown = await create({ nope: 'x' });
    expect(refusal(unknown)).toEqual([400, 'VALIDATION_ERROR']);
    expect(unknown.body.errors[0].code).toBe('PROPERTY_DOESNT_EXIST');
    expect(refusal(await create({ firstname: 7 }))).toEqual([400, 'VALIDATION_ERROR']);
    expect(refusal(await hub.api('POST', path, {}))).toEqual([400, 'VALIDATION_ERROR']);
    expect(refusal(await search('nope', 'x'))).toEqual([400, 'VALIDATION_ERROR']);
  });

  it('are refused with the id of the contact that has the same e-mail', async () => {
    const made = await create({ email: 'a@example.com' });
    const again = await create({ email: 'a@example.com' });
    expect(again).toMatchObject({
      status: 409,
      body: { category: 'CONFLICT', message: `Contact already exists. Existing ID: ${made.body.id}` },
    });
  });

  it('are found only after the search delay', async () => {
    hub.rig.simulator.setOptions(hub.portal.portal_id, { searchDelayMs: 10_000 });
    const made = await create({ telegram_user_id: '42', firstname: 'Ada' });
    expect(made.status).toBe(201);
    expect((await search('telegram_user_id', '42')).body).toMatchObject({ total: 0, results: [] });
    hub.clock.advance(10_000);
    expect((await search('telegram_user_id', '42')).body.results.map((one: { id: string }) => one.id)).toEqual([
      made.body.id,
    ]);
  });

  it('are created once by upsert, even if the search does not find them yet', async () => {
    const upsert = (firstname: string, idProperty = 'telegram_user_id') =>
      hub.api('POST', `${path}/batch/upsert`, { inputs: [{ id: '42', idProperty, properties: { firstname } }] });
    const first = await upsert('Ada');
    const second = await upsert('Ada L.');
    expect(first.body).toMatchObject({
      status: 'COMPLETE',
      results: [{ new: true, properties: { telegram_user_id: '42' } }],
    });
    expect(second.body.results[0]).toMatchObject({
      id: first.body.results[0].id,
      new: false,
      properties: { firstname: 'Ada L.' },
    });
    expect(refusal(await upsert('Ada', 'firstname'))).toEqual([400, 'VALIDATION_ERROR']);
  });

  it('can be changed, and answer 404 when deleted', async () => {
    const { body } = await create({ firstname: 'Ada' });
    expect(
      (await hub.api('PATCH', `${path}/${body.id}`, { properties: { phone: '+49' } })).body.properties,
    ).toMatchObject({ firstname: 'Ada', phone: '+49' });
    hub.rig.simulator.deleteContact(hub.portal.portal_id, body.id);
    expect((await hub.api('GET', `${path}/${body.id}`)).status).toBe(404);
  });

  it('accept new properties', async () => {
    const property = {
      name: 'telegram_name',
      label: 'x',
      type: 'string',
      fieldType: 'text',
      groupName: 'contactinformation',
    };
    expect((await hub.api('POST', '/crm/properties/2026-03/contacts', property)).status).toBe(201);
    expect((await hub.api('POST', '/crm/properties/2026-03/contacts', property)).status).toBe(409);
    expect((await create({ telegram_name: '@ada' })).status).toBe(201);
  });
});
