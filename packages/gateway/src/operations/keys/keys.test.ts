import { beforeAll, describe, expect, it } from 'vitest';
import { readPages } from '../../testing/read-pages.ts';
import { type ConnectedBot, connectBot, startRig } from '../../testing/rig.ts';

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
  it('is shown whole at its creation and by its prefix ever after', async () => {
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

  it('remembers when it was used', async () => {
    const { body } = await create();
    await listMessagesWith(body.secret);
    await expect.poll(async () => (await rig.admin(`${path}/${body.id}`)).body.last_used_at).toMatch(/^\d{4}-.*Z$/);
  });

  it.each([
    ['no channel', { kind: 'channel' }, 1, '/channel_id'],
    ['another kind', { kind: 'bot' }, 4, '/kind'],
    ['a channel and a workspace', { workspace_id: 'wsp_0' }, 4, '/workspace_id'],
    ['a date without a time', { expires_at: '2030-01-01' }, 4, '/expires_at'],
    ['a limit of nothing', { limit: { per_second: 0, burst: 1 } }, 4, '/limit/per_second'],
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
  ])('is not made for a %s that does not exist', async (kind, owner) => {
    const { status, body } = await rig.admin(path, { body: { kind, ...owner } });
    expect([status, body.error_code]).toEqual([404, 104]);
  });

  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/rotate'],
    ['POST', '/revoke'],
  ])('%s …%s answers 404 for one that does not exist', async (method, action) => {
    const body = method === 'POST' ? { body: {} } : {};
    const answer = await rig.admin(`${path}/key_00000000000000000000000000${action}`, { method, ...body });
    expect([answer.status, answer.body.error_code]).toEqual([404, 104]);
  });
});

describe('the list of keys', () => {
  it('is narrowed by channel, workspace and state, and comes in pages', async () => {
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
  it('takes a key that is in use elsewhere, as it is', async () => {
    const secret = 'octopods-5f0c2c9f1f7d4c7b';
    const { status, body } = await create({ secret });
    expect([status, body.secret]).toEqual([201, secret]);
    expect(secret.startsWith(body.prefix.replace('…', ''))).toBe(true);
    expect(body.prefix.length).toBeLessThan(8);
    const used = await rig.call('/api/v1/messages', { headers: { 'x-octopods-auth': secret } });
    expect(used.status).toBe(200);
  });

  it('refuses one that is here already, also a revoked one, until that is deleted', async () => {
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

  it('refuses one of our own form that is not whole, since it could never be presented', async () => {
    const whole = (await create()).body.secret;
    const { status, body } = await create({ secret: whole.slice(0, -1) });
    expect([status, body.details[0].pointer]).toEqual([400, '/secret']);
  });
});
