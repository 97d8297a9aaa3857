import { readPages } from '@chatferry/testkit/http/read-pages';
import { aSend, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';

const rig = await startRig();
const path = '/api/v1/workspaces';
const unknown = `${path}/wsp_00000000000000000000000000`;

const intercomInput = () => ({
  kind: 'intercom',
  access_token: rig.sandbox.intercom.createWorkspace().access_token,
});

async function connect(name: string): Promise<{ readonly id: string }> {
  const { status, body } = await rig.admin(path, { body: { name, inbox: intercomInput() } });
  expect(status).toBe(201);
  return body;
}

describe('a workspace', () => {
  it('is created, shown, changed and deleted', async () => {
    const created = await rig.admin(path, { body: { name: '  Support  ', inbox: intercomInput() } });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      name: 'Support',
      inbox: {
        kind: 'intercom',
        settings: { region: 'us', base_url: null, contact_role: 'lead', has_client_secret: false },
      },
      default_sender: null,
      state: 'active',
      problem: null,
    });
    const own = `${path}/${created.body.id}`;
    expect((await rig.admin(own)).body).toEqual(created.body);
    const changed = await rig.admin(own, { method: 'PATCH', body: { name: 'Sales', state: 'disabled' } });
    expect([changed.status, changed.body]).toEqual([200, { ...created.body, name: 'Sales', state: 'disabled' }]);
    expect((await rig.admin(own)).body).toEqual(changed.body);
    const deleted = await rig.admin(own, { method: 'DELETE' });
    expect([deleted.status, deleted.body]).toEqual([204, null]);
    expect((await rig.admin(own)).status).toBe(404);
    expect((await rig.admin(own, { method: 'DELETE' })).status).toBe(404);
  });

  it('does not change when a change names no field', async () => {
    const { id } = await connect('Unchanged');
    const before = await rig.admin(`${path}/${id}`);
    expect((await rig.admin(`${path}/${id}`, { method: 'PATCH', body: {} })).body).toEqual(before.body);
  });

  it('is deleted together with its channels and keys', async () => {
    const bot = await connectBot(rig);
    const { body: key } = await rig.admin('/api/v1/keys', {
      body: { kind: 'workspace', workspace_id: bot.workspaceId },
    });
    const customer = newCustomer(rig, bot);
    expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
    expect((await rig.admin(`${path}/${bot.workspaceId}`, { method: 'DELETE' })).status).toBe(204);
    expect((await rig.admin(`/api/v1/channels/${bot.channelId}`)).status).toBe(404);
    expect((await rig.admin(`/api/v1/channels?workspace_id=${bot.workspaceId}`)).body.data).toEqual([]);
    expect((await rig.admin(`/api/v1/keys?workspace_id=${bot.workspaceId}&state=live`)).body.data).toEqual([]);
    for (const secret of [bot.key, key.secret]) {
      const refused = await send(rig, { ...bot, key: secret }, aSend(customer.chatId));
      expect([refused.status, refused.body.error_code]).toEqual([400, 6]);
    }
    const again = await rig.admin('/api/v1/channels', {
      body: { workspace_id: (await connect('Next')).id, bot_token: bot.token },
    });
    expect(again.status).toBe(201);
  });
});

describe('the list of workspaces', () => {
  it('comes in pages, the oldest first, and keeps its place when the last one seen is deleted', async () => {
    const ids: string[] = [];
    for (let number = 0; number < 5; number += 1) ids.push((await connect(`Number ${number}`)).id);
    const listed = (await readPages(rig.admin, `${path}?limit=2`)).flat().map(({ id }) => String(id));
    expect(listed.filter((id) => ids.includes(id))).toEqual(ids);
    expect(new Set(listed).size).toBe(listed.length);

    const first = await rig.admin(`${path}?limit=${listed.indexOf(ids[1] ?? '') + 1}`);
    expect(first.body.next_cursor).toBe(ids[1]);
    await rig.admin(`${path}/${ids[1]}`, { method: 'DELETE' });
    const second = await rig.admin(`${path}?limit=2&cursor=${first.body.next_cursor}`);
    expect(second.body.data.map((workspace: { id: string }) => workspace.id)).toEqual(ids.slice(2, 4));
  });

  it.each(['limit=0', 'limit=201', 'limit=two', 'cursor=nonsense', 'cursor=', 'page=2', 'limit=1&limit=2'])(
    'refuses ?%s and names the place',
    async (query) => {
      const { status, body } = await rig.admin(`${path}?${query}`);
      expect([status, body.error_code]).toEqual([400, 4]);
      expect(body.details[0].pointer).toBe(`#/query/${query.split('=')[0]}`);
    },
  );
});

describe('a workspace that does not exist', () => {
  it.each([
    ['an unknown id', 'GET', unknown],
    ['an unknown id', 'PATCH', unknown],
    ['an unknown id', 'DELETE', unknown],
    ['the id of a channel', 'GET', `${path}/chn_00000000000000000000000000`],
    ['an endless id', 'GET', `${path}/${'x'.repeat(300)}`],
  ])('gets 404 with what to do: %s, %s', async (_name, method, url) => {
    const { status, body } = await rig.admin(url, { method, ...(method === 'PATCH' ? { body: {} } : {}) });
    expect([status, body.error_code]).toEqual([404, 104]);
    expect(body.error).toMatch(/Check|lists them/);
  });
});

describe('the body of a request', () => {
  it('is refused with every problem, unknown fields included', async () => {
    const { status, body } = await rig.admin(path, {
      body: { nmae: 'Support', inbox: { kind: 'intercom', region: 'mars', extra: 1 }, default_sender: 7 },
    });
    expect([status, body.error_code]).toEqual([400, 1]);
    expect(body.details.map((problem: { pointer: string }) => problem.pointer).sort()).toEqual([
      '/default_sender',
      '/inbox/access_token',
      '/inbox/extra',
      '/inbox/region',
      '/name',
      '/nmae',
    ]);
  });

  it.each([
    ['an empty one', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['a text that is not JSON', '{"name":'],
    ['a list nested thirty thousand deep', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['a poisoned prototype', '{"__proto__": {"name": "x"}, "constructor": 1}'],
  ])('is refused when it is %s', async (_name, raw) => {
    const { status, body } = await rig.admin(path, {
      raw,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    expect(status).toBe(400);
    expect([1, 4]).toContain(body.error_code);
    expect(body.details.length).toBeGreaterThan(0);
  });
});
