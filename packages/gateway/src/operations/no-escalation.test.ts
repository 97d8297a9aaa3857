import { type OperationSpec, operations } from '@chatferry/contract';
import { connectBot, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig({ CHATFERRY_KEY_RATE_MAX_PER_SECOND: '500', CHATFERRY_KEY_RATE_MAX_BURST: '600' });
const bot = await connectBot(rig);

const hourMs = 3_600_000;
const at = (fromNowMs: number) => new Date(Date.now() + fromNowMs).toISOString();
const narrow = {
  kind: 'workspace',
  workspace_id: bot.workspaceId,
  name: 'Narrow',
  scopes: ['read', 'manage'],
  networks: ['127.0.0.0/8'],
  expires_at: at(hourMs),
  limit: { per_second: 50, burst: 60 },
};

interface Made {
  readonly id: string;
  readonly secret: string;
}
let narrowKey: Made;
let wideKey: Made;
let person: string;
let endingToken: Made;

const make = async (path: string, body: object): Promise<Made> => {
  const answer = await rig.admin(path, { body });
  expect(answer.status).toBe(201);
  return answer.body;
};

beforeAll(async () => {
  narrowKey = await make('/api/v1/keys', narrow);
  wideKey = await make('/api/v1/keys', { kind: 'workspace', workspace_id: bot.workspaceId });
  endingToken = await make('/api/v1/tokens', { name: 'Ending', role: 'admin', expires_at: at(hourMs) });
  person = (await rig.admin('/api/v1/people', { body: { email: 'm@a.test', name: 'M', role: 'member' } })).body.id;
});

const by = (secret: string, path: string, body: unknown, method = 'POST') =>
  rig.call(path, { method, headers: { authorization: `Bearer ${secret}` }, body });
const refusedFields = ({ status, body }: { status: number; body: { details?: readonly { pointer: string }[] } }) => [
  status,
  (body.details ?? []).map(({ pointer }) => pointer),
];

const newKey = (change: object) => ({ kind: 'workspace', workspace_id: bot.workspaceId, name: 'New', ...change });
const tooWide: Readonly<Record<string, readonly object[]>> = {
  scopes: [{ scopes: ['send'] }, { scopes: ['read', 'send'] }],
  networks: [{ networks: [] }, { networks: ['127.0.0.0/7'] }, { networks: ['127.0.0.1', '::1'] }],
  expires_at: [{ expires_at: null }, { expires_at: at(2 * hourMs) }],
  limit: [{ limit: { per_second: 51, burst: 1 } }, { limit: { per_second: 1, burst: 61 } }],
};
const wideCases = Object.entries(tooWide).flatMap(([field, changes]) =>
  changes.map((change) => [field, change] as const),
);

describe('a key with narrow limits', () => {
  it.each(wideCases)('makes no key with wider %s: %j', async (field, change) => {
    expect(refusedFields(await by(narrowKey.secret, '/api/v1/keys', newKey(change)))).toEqual([403, [`/${field}`]]);
  });

  it.each(wideCases)('does not lift its own %s: %j', async (field, change) => {
    const answer = await by(narrowKey.secret, `/api/v1/keys/${narrowKey.id}`, change, 'PATCH');
    expect(refusedFields(answer)).toEqual([403, [`/${field}`]]);
  });

  it('names every field that is too wide at once', async () => {
    const body = newKey(Object.assign({}, ...Object.values(tooWide).map(([first]) => first)));
    const [status, fields] = refusedFields(await by(narrowKey.secret, '/api/v1/keys', body));
    expect([status, [...(fields as string[])].sort()]).toEqual([
      403,
      Object.keys(tooWide)
        .map((f) => `/${f}`)
        .sort(),
    ]);
  });

  it('makes a key within its own limits, which are the default', async () => {
    const { status, body } = await by(narrowKey.secret, '/api/v1/keys', newKey({}));
    const { scopes, networks, expires_at, limit } = body;
    expect([status, { scopes, networks, expires_at, limit }]).toEqual([
      201,
      { scopes: ['read'], networks: narrow.networks, expires_at: narrow.expires_at, limit: narrow.limit },
    ]);
    const inside = { networks: ['127.0.0.0/24'], limit: { per_second: 1, burst: 1 }, expires_at: at(60_000) };
    expect((await by(narrowKey.secret, '/api/v1/keys', newKey(inside))).status).toBe(201);
  });

  it('gives its own limits to the key of a channel that it makes', async () => {
    const { token } = rig.sandbox.telegram.createBot({ username: 'narrow_bot' });
    const body = { workspace_id: bot.workspaceId, bot_token: token };
    const channel = await by(narrowKey.secret, '/api/v1/channels', body);
    expect(channel.status).toBe(201);
    const { body: key } = await rig.admin(`/api/v1/keys/${channel.body.key.id}`);
    const { scopes, networks, expires_at, limit } = key;
    expect({ scopes, networks, expires_at, limit }).toEqual({
      scopes: ['read'],
      networks: narrow.networks,
      expires_at: narrow.expires_at,
      limit: narrow.limit,
    });
  });

  it('does not get the secret of a wider key by rotating it, nor revives or widens one', async () => {
    const rotated = await by(narrowKey.secret, `/api/v1/keys/${wideKey.id}/rotate`, {});
    expect(rotated.status).toBe(403);
    const later = await by(narrowKey.secret, `/api/v1/keys/${wideKey.id}`, { expires_at: at(60_000) }, 'PATCH');
    expect(later.status).toBe(200);
    const longer = await by(narrowKey.secret, `/api/v1/keys/${wideKey.id}`, { expires_at: at(120_000) }, 'PATCH');
    expect(refusedFields(longer)).toEqual([403, ['/scopes', '/networks', '/limit']]);
  });

  it('narrows itself, and rotates itself without a wider result', async () => {
    const own = await make('/api/v1/keys', narrow);
    const change = { networks: ['127.0.0.1'], limit: { per_second: 5, burst: 6 }, name: 'Narrower' };
    expect((await by(own.secret, `/api/v1/keys/${own.id}`, change, 'PATCH')).body).toMatchObject(change);
    const rotated = await by(own.secret, `/api/v1/keys/${own.id}/rotate`, {});
    expect([rotated.status, rotated.body.limit, rotated.body.expires_at]).toEqual([
      200,
      change.limit,
      narrow.expires_at,
    ]);
    const again = await by(own.secret, `/api/v1/keys/${own.id}/rotate`, {});
    expect(again.status).toBe(200);
  });
});

describe('a rate limit', () => {
  const limit = (per_second: number) => newKey({ limit: { per_second, burst: 1 } });
  it('above the default is given only by who has access to the whole installation, up to the operator’s maximum', async () => {
    const tenant = await make('/api/v1/tokens', { name: 'T', role: 'admin', workspaces: [bot.workspaceId] });
    expect((await by(tenant.secret, '/api/v1/keys', limit(100))).status).toBe(201);
    expect(refusedFields(await by(tenant.secret, '/api/v1/keys', limit(101)))).toEqual([403, ['/limit']]);
    expect((await rig.admin('/api/v1/keys', { body: limit(500) })).status).toBe(201);
    expect(refusedFields(await rig.admin('/api/v1/keys', { body: limit(501) }))).toEqual([403, ['/limit']]);
  });
});

describe('a token with an end', () => {
  it('makes no test channel whose key outlives it, and a key of one workspace makes none', async () => {
    const made = await by(endingToken.secret, '/api/v1/test-mode', {});
    expect(made.status).toBe(201);
    const key = await rig.admin(`/api/v1/keys/${made.body.key.id}`);
    expect(Date.parse(key.body.expires_at)).toBeLessThanOrEqual(Date.now() + hourMs);
    expect((await by(narrowKey.secret, '/api/v1/test-mode', {})).status).toBe(403);
  });

  it('makes no token, key, or person without an end', async () => {
    const calls = [
      by(endingToken.secret, '/api/v1/tokens', { name: 'x', role: 'member' }),
      by(endingToken.secret, '/api/v1/keys', newKey({ expires_at: null })),
      by(endingToken.secret, '/api/v1/people', { email: 'x@a.test', name: 'X', role: 'member' }),
      by(endingToken.secret, `/api/v1/people/${person}/invitation`, {}),
    ];
    for (const answer of await Promise.all(calls)) expect(refusedFields(answer)).toEqual([403, ['/expires_at']]);
    const token = { name: 'x', role: 'member', expires_at: at(60_000) };
    expect((await by(endingToken.secret, '/api/v1/tokens', token)).status).toBe(201);
  });

  it('cannot raise a role, and can lower one', async () => {
    const raised = await by(endingToken.secret, `/api/v1/people/${person}`, { role: 'admin' }, 'PATCH');
    expect(raised.status).toBe(403);
    const lowered = await by(endingToken.secret, `/api/v1/people/${person}`, { role: 'read-only' }, 'PATCH');
    expect(lowered.status).toBe(200);
  });
});

/** Of every field that says what a caller may do: how the operation treats it. */
const decided: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  createKey: {
    kind: 'compared as channel_id and workspace_id',
    workspace_id: 'compared; row-level security too',
    channel_id: 'compared; row-level security too',
    scopes: 'compared',
    networks: 'compared',
    expires_at: 'compared',
    limit: 'compared',
    name: 'no grant',
    secret: 'no grant',
  },
  updateKey: { scopes: 'compared', networks: 'compared', expires_at: 'compared', limit: 'compared', name: 'no grant' },
  rotateKey: { overlap_seconds: 'no grant: the old key never lives longer than before' },
  revokeKey: {},
  createAdminToken: { role: 'compared', workspaces: 'compared', expires_at: 'compared', name: 'no grant' },
  revokeAdminToken: {},
  invitePerson: { role: 'compared', workspaces: 'compared', email: 'no grant', name: 'no grant' },
  inviteAgain: {},
  updatePerson: { role: 'compared', workspaces: 'compared', state: 'compared when active', name: 'no grant' },
};

describe('every field of the contract that says what a caller may do', () => {
  const specs: readonly OperationSpec[] = Object.values(operations);
  const fieldsOf = ({ body }: OperationSpec): readonly string[] => {
    const shapes = body === undefined ? [] : 'options' in body ? (body.options as readonly unknown[]) : [body];
    return [...new Set(shapes.flatMap((one) => Object.keys((one as { readonly shape?: object }).shape ?? {})))];
  };

  it('of the operations on keys, tokens and people has a decision', () => {
    const aboutGrants = specs.filter(
      ({ path, method }) =>
        /^\/api\/v1\/(?:keys|tokens|people)\b/.test(path) && method !== 'GET' && method !== 'DELETE',
    );
    const found = Object.fromEntries(aboutGrants.map((spec) => [spec.id, fieldsOf(spec).toSorted()]));
    expect(found).toEqual(
      Object.fromEntries(Object.entries(decided).map(([id, of]) => [id, Object.keys(of).toSorted()])),
    );
  });

  it('is in no other operation', () => {
    const names = /scope|role|permission|network|limit|expire|rate|burst|grant|^workspaces$/;
    const elsewhere = specs
      .filter(({ id, method }) => method !== 'GET' && !(id in decided))
      .flatMap((spec) => fieldsOf(spec).flatMap((field) => (names.test(field) ? [`${spec.id}.${field}`] : [])));
    expect(elsewhere).toEqual([]);
  });

  it('is compared wherever an answer shows a new credential', () => {
    const makers = specs.filter(({ repetition }) => repetition === 'once').map(({ id }) => id);
    expect(makers.filter((id) => !(id in decided)).toSorted()).toEqual([
      'createChannel',
      'createConnection',
      'createTestChannel',
      // Their secret only signs: no request is accepted with it.
      'createWebhookEndpoint',
      'rotateWebhookSecret',
    ]);
  });
});
