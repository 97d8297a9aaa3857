import { readPages } from '@chatferry/testkit/http/read-pages';
import { type ConnectedBot, connectBot, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
const path = '/api/v1/keys';
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const create = (body: Readonly<Record<string, unknown>> = {}) =>
  rig.admin(path, { body: { kind: 'channel', channel_id: bot.channelId, ...body } });
const listMessagesWith = (secret: string) =>
  rig.call('/api/v1/messages', { headers: { authorization: `Bearer ${secret}` } });

describe('a key', () => {
  it('is shown completely at its creation and by its prefix afterwards', async () => {
    const { status, body } = await create({ name: 'Backend', limit: { per_second: 5, burst: 9 } });
    expect(status).toBe(201);
    const { secret, ...key } = body;
    expect(key).toMatchObject({
      name: 'Backend',
      kind: 'channel',
      channel_id: bot.channelId,
      workspace_id: bot.workspaceId,
      state: 'live',
      expires_at: null,
      retires_at: null,
      last_used_at: null,
      last_used_from: null,
      scopes: ['send', 'read'],
      networks: [],
      limit: { per_second: 5, burst: 9 },
    });
    expect(secret.startsWith(key.prefix)).toBe(true);
    expect((await rig.admin(`${path}/${key.id}`)).body).toEqual(key);
    const listed = (await rig.admin(`${path}?limit=200`)).body.data;
    expect(listed.filter(({ id }: { id: string }) => id === key.id)).toEqual([key]);
    expect(JSON.stringify(listed)).not.toContain(secret.slice(key.prefix.length));
  });

  it('of a workspace belongs to no channel', async () => {
    const { body } = await rig.admin(path, { body: { kind: 'workspace', workspace_id: bot.workspaceId } });
    expect(body).toMatchObject({
      kind: 'workspace',
      channel_id: null,
      workspace_id: bot.workspaceId,
      name: 'Workspace key',
      limit: { per_second: 100, burst: 200 },
    });
  });

  it('records when and from where it was used', async () => {
    const { body } = await create();
    await listMessagesWith(body.secret);
    await expect.poll(async () => (await rig.admin(`${path}/${body.id}`)).body.last_used_at).toMatch(/^\d{4}-.*Z$/);
    expect((await rig.admin(`${path}/${body.id}`)).body.last_used_from).toBe('127.0.0.1');
  });

  it.each([
    ['no channel', { kind: 'channel' }, 1, '/channel_id'],
    ['another kind', { kind: 'bot' }, 4, '/kind'],
    ['a channel and a workspace', { workspace_id: 'wsp_0' }, 4, '/workspace_id'],
    ['a date without a time', { expires_at: '2030-01-01' }, 4, '/expires_at'],
    ['a limit of zero', { limit: { per_second: 0, burst: 1 } }, 4, '/limit/per_second'],
    ['no scope', { scopes: [] }, 4, '/scopes'],
    ['an unknown scope', { scopes: ['send', 'manage'] }, 4, '/scopes/1'],
    ['an invalid network', { networks: ['203.0.113.0/24', '203.0.113.0/33'] }, 4, '/networks/1'],
    ['a name for a network', { networks: ['example.com'] }, 4, '/networks/0'],
    ['more than 32 networks', { networks: Array.from({ length: 33 }, (_, n) => `203.0.113.${n}`) }, 4, '/networks'],
    ['a short secret', { secret: 'short' }, 4, '/secret'],
    ['a secret with a space', { secret: 'sixteen or more characters' }, 4, '/secret'],
  ])('is refused with %s', async (_name, change, code, pointer) => {
    const channel = 'kind' in change ? {} : { channel_id: bot.channelId };
    const { status, body } = await rig.admin(path, { body: { kind: 'channel', ...channel, ...change } });
    expect([status, body.error_code, body.details[0].pointer]).toEqual([400, code, pointer]);
    expect(JSON.stringify(body)).not.toContain('sixteen or more');
  });

  it.each([
    ['channel', { channel_id: 'chn_00000000000000000000000000' }],
    ['workspace', { workspace_id: 'wsp_00000000000000000000000000' }],
  ])('is not created for a %s that does not exist', async (kind, owner) => {
    const { status, body } = await rig.admin(path, { body: { kind, ...owner } });
    expect([status, body.error_code]).toEqual([404, 104]);
  });

  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/rotate'],
    ['POST', '/revoke'],
  ])('that does not exist gets 404 for %s …%s', async (method, action) => {
    const body = method === 'POST' ? { body: {} } : {};
    const answer = await rig.admin(`${path}/key_00000000000000000000000000${action}`, { method, ...body });
    expect([answer.status, answer.body.error_code]).toEqual([404, 104]);
  });
});

describe('the list of keys', () => {
  it('is filtered by channel, workspace and state, and comes in pages', async () => {
    const own = await connectBot(rig);
    const of = { kind: 'channel', channel_id: own.channelId };
    const made = [own.keyId];
    for (let count = 0; count < 4; count += 1) made.push((await rig.admin(path, { body: of })).body.id);
    await rig.admin(`${path}/${made[2]}/revoke`, { method: 'POST', body: {} });
    const idsOf = async (query: string) =>
      (await readPages(rig.admin, `${path}?limit=2&${query}`)).flat().map(({ id }) => id);
    expect(await idsOf(`channel_id=${own.channelId}`)).toEqual(made);
    expect(await idsOf(`workspace_id=${own.workspaceId}`)).toEqual(made);
    expect(await idsOf(`channel_id=${own.channelId}&state=revoked`)).toEqual([made[2]]);
    expect(await idsOf(`channel_id=${own.channelId}&state=live`)).toEqual(made.filter((id) => id !== made[2]));
    expect(await idsOf(`channel_id=${bot.channelId}&workspace_id=${own.workspaceId}`)).toEqual([]);
  });

  it('keeps its place when the last key seen is deleted', async () => {
    const own = await connectBot(rig);
    const made = [own.keyId];
    for (let count = 0; count < 3; count += 1) {
      made.push((await rig.admin(path, { body: { kind: 'channel', channel_id: own.channelId } })).body.id);
    }
    const query = `${path}?channel_id=${own.channelId}&limit=2`;
    const { next_cursor } = (await rig.admin(query)).body;
    await rig.admin(`${path}/${made[1]}`, { method: 'DELETE' });
    const { data } = (await rig.admin(`${query}&cursor=${next_cursor}`)).body;
    expect(data.map(({ id }: { id: string }) => id)).toEqual(made.slice(2));
  });
});

describe('importing a key', () => {
  it('accepts a key that is in use elsewhere, unchanged', async () => {
    const secret = 'octopods-5f0c2c9f1f7d4c7b';
    const { status, body } = await create({ secret });
    expect([status, body.secret]).toEqual([201, secret]);
    expect(secret.startsWith(body.prefix.replace('…', ''))).toBe(true);
    expect(body.prefix.length).toBeLessThan(8);
    const used = await rig.call('/api/v1/messages', { headers: { 'x-octopods-auth': secret } });
    expect(used.status).toBe(200);
  });

  it('refuses a key that exists here, even a revoked one, until it is deleted', async () => {
    const secret = 'octopods-that-comes-twice';
    const { body: first } = await create({ secret });
    const twice = await create({ secret });
    expect([twice.status, twice.body.error_code, twice.body.details[0].pointer]).toEqual([400, 4, '/secret']);
    expect(JSON.stringify(twice.body)).not.toContain(secret);
    await rig.admin(`${path}/${first.id}/revoke`, { method: 'POST', body: {} });
    expect((await create({ secret })).status).toBe(400);
    await rig.admin(`${path}/${first.id}`, { method: 'DELETE' });
    expect((await create({ secret })).status).toBe(201);
    expect((await listMessagesWith(secret)).status).toBe(200);
  });

  it('refuses an incomplete key of our own form, which could never be presented', async () => {
    const whole = (await create()).body.secret;
    const { status, body } = await create({ secret: whole.slice(0, -1) });
    expect([status, body.details[0].pointer]).toEqual([400, '/secret']);
  });
});

describe('the rights of a key', () => {
  const send = (secret: string) =>
    rig.call('/api/v1/telegram/interactive', { headers: { authorization: `Bearer ${secret}` }, body: {} });

  it('are those of its scopes', async () => {
    const reader = (await create({ scopes: ['read'] })).body;
    expect((await listMessagesWith(reader.secret)).status).toBe(200);
    const refused = await send(reader.secret);
    expect([refused.status, refused.body.error_code]).toEqual([403, 102]);
    expect(refused.body.error).toContain('“send”');
    const sender = (await create({ scopes: ['send'] })).body;
    expect((await send(sender.secret)).body.error_code).toBe(1);
    expect((await listMessagesWith(sender.secret)).body.error_code).toBe(102);
  });

  it('apply only in its networks, and a caller from elsewhere learns which address was seen', async () => {
    const { body: key } = await create({ networks: ['203.0.113.0/24', '2001:db8::/32'] });
    const refused = await listMessagesWith(key.secret);
    expect([refused.status, refused.body.error_code]).toEqual([403, 102]);
    expect(refused.body.error).toContain('127.0.0.1');
    const { body: near } = await create({ networks: ['203.0.113.0/24', '127.0.0.0/8'] });
    expect((await listMessagesWith(near.secret)).status).toBe(200);
  });

  it('can be changed without a new key, and fields that are not given stay the same', async () => {
    const { body: key } = await create({ name: 'Backend', networks: ['203.0.113.0/24'] });
    expect((await listMessagesWith(key.secret)).status).toBe(403);
    const change = {
      networks: [],
      scopes: ['read'],
      limit: { per_second: 7, burst: 8 },
      expires_at: '2040-01-01T00:00:00Z',
    };
    const changed = await rig.admin(`${path}/${key.id}`, { method: 'PATCH', body: change });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ ...change, expires_at: '2040-01-01T00:00:00.000Z', name: 'Backend' });
    expect((await listMessagesWith(key.secret)).status).toBe(200);
    expect((await send(key.secret)).body.error_code).toBe(102);
    const renamed = await rig.admin(`${path}/${key.id}`, {
      method: 'PATCH',
      body: { name: 'Reports', expires_at: null },
    });
    expect(renamed.body).toMatchObject({ ...change, expires_at: null, name: 'Reports' });
    const unknown = await rig.admin(`${path}/key_00000000000000000000000000`, { method: 'PATCH', body: {} });
    expect(unknown.body.error_code).toBe(104);
  });

  it('pass to the key that replaces it', async () => {
    const bounds = { scopes: ['read'], networks: ['127.0.0.1'], limit: { per_second: 3, burst: 4 } };
    const { body: key } = await create(bounds);
    const { body: next } = await rig.admin(`${path}/${key.id}/rotate`, { body: {} });
    expect(next).toMatchObject(bounds);
    expect((await listMessagesWith(next.secret)).status).toBe(200);
    expect((await send(next.secret)).body.error_code).toBe(102);
  });

  it('include a rate limit, which every answer reports', async () => {
    const { body: key } = await create({ limit: { per_second: 1, burst: 3 } });
    const answers = [];
    for (let call = 0; call < 4; call += 1) answers.push(await listMessagesWith(key.secret));
    const [first] = answers;
    expect([first?.status, first?.headers.get('ratelimit-policy')]).toEqual([200, '"key";q=3;w=3']);
    expect(first?.headers.get('ratelimit')).toMatch(/^"key";r=2;t=[1-3]$/);
    const refused = answers.find(({ status }) => status === 429);
    expect([refused?.body.error_code, refused?.headers.get('ratelimit-policy')]).toEqual([129, '"key";q=3;w=3']);
    expect(refused?.headers.get('ratelimit')).toMatch(/^"key";r=0;t=[1-3]$/);
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect((await rig.admin(path)).headers.has('ratelimit')).toBe(false);
  });
});
