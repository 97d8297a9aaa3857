import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type OperationSpec, operations } from '@chatferry/contract';
import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Is between the gateway and all simulated providers, and counts what it is asked. */
const canary = await startCanary();
const rig = await startRig({
  // Only requests make this gateway call anything: it runs no loop that does.
  CHATFERRY_ROLE: 'serve',
  CHATFERRY_PUBLIC_URL: 'https://gateway.example.com',
  CHATFERRY_TELEGRAM_API_ROOT: `${canary.url}/telegram`,
  CHATFERRY_INTERCOM_BASE_URL: `${canary.url}/intercom`,
  CHATFERRY_HUBSPOT_BASE_URL: `${canary.url}/hubspot`,
  CHATFERRY_OIDC_ISSUER: canary.url,
  CHATFERRY_OIDC_CLIENT_ID: 'chatferry',
  CHATFERRY_OIDC_CLIENT_SECRET: 'secret-at-the-provider',
});
canary.standBefore(rig.sandbox.url);

async function startCanary() {
  const asked: string[] = [];
  let behind = '';
  const server: Server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { authorization, 'content-type': type, 'intercom-version': version } = request.headers;
    const answer = await fetch(`${behind}${request.url}`, {
      method: request.method ?? 'GET',
      headers: {
        ...(authorization ? { authorization } : {}),
        ...(type ? { 'content-type': type } : {}),
        ...(version ? { 'intercom-version': `${version}` } : {}),
      },
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(Buffer.from(await answer.arrayBuffer()));
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => void server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Connections that were made and requests that arrived on connections from before. */
    seen: () => asked.length + connections,
    standBefore(url: string) {
      behind = url;
    },
  };
}

interface Tenant {
  readonly bot: ConnectedBot;
  /** The ids of its objects, by their names in the API. */
  readonly ids: Readonly<Record<string, string>>;
}

async function newTenant(): Promise<Tenant> {
  const bot = await connectBot(rig);
  rig.sandbox.telegram.changeBot(bot.botId, { revoked: true });
  const { chatId } = newCustomer(rig, bot);
  await send(rig, bot, aSend(chatId));
  rig.sandbox.telegram.changeBot(bot.botId, { revoked: false });
  await rig.admin(`/api/v1/channels/${bot.channelId}`, { method: 'PATCH', body: { state: 'active' } });
  const failed = await rig.database.pool.query('select max(id) as id from messages where channel_id = $1', [
    bot.channelId,
  ]);
  const workspaces = [bot.workspaceId];
  const token = await rig.admin('/api/v1/tokens', { body: { name: 'CI', role: 'member', workspaces } });
  return {
    bot,
    ids: {
      workspace_id: bot.workspaceId,
      channel_id: bot.channelId,
      key_id: bot.keyId,
      message_id: String(failed.rows[0].id),
      token_id: token.body.id,
      chat_id: chatId,
      connection_id: await newConnection(bot),
      endpoint_id: await newEndpoint(bot),
      dead_letter_id: await newDeadLetter(bot),
      ...(await newPerson(bot)),
    },
  };
}

async function newConnection({ workspaceId }: ConnectedBot): Promise<string> {
  const inbox = { kind: 'intercom', client_id: 'app', client_secret: 'secret-of-the-app' };
  const { body } = await rig.admin('/api/v1/connections', { body: { workspace_id: workspaceId, inbox } });
  return body.id;
}

async function newEndpoint({ workspaceId }: ConnectedBot): Promise<string> {
  const hook = { workspace_id: workspaceId, url: 'https://192.0.2.1.invalid/hook', enabled: false };
  return (await rig.admin('/api/v1/webhook-endpoints', { body: hook })).body.id;
}

async function newDeadLetter({ workspaceId, channelId }: ConnectedBot): Promise<string> {
  await rig.database.pool.query(
    `insert into dead_letters (workspace_id, lane_key, kind, payload, cause, failures)
     values ($1, $2, 'update', '{}', 'of a test', 1)`,
    [workspaceId, `inbox:${channelId}:1`],
  );
  const { data } = (await rig.admin(`/api/v1/dead-letters?workspace_id=${workspaceId}`)).body;
  return data[0].id;
}

/** A person who is signed in, in one workspace. */
async function newPerson({ workspaceId }: ConnectedBot): Promise<{ readonly [name: string]: string }> {
  const password = 'four words not in songs';
  const about = { email: `${workspaceId}@acme.test`.toLowerCase(), name: 'Ada', role: 'member' };
  const invited = await rig.admin('/api/v1/people', { body: { ...about, workspaces: [workspaceId] } });
  const claimed = await rig.call('/api/v1/claim', { body: { token: invited.body.invitation, password } });
  const cookie =
    claimed.headers
      .getSetCookie()
      .find((one) => one.startsWith('__Host-chatferry='))
      ?.split(';')[0] ?? '';
  const sessions = await rig.call('/api/v1/sessions', { headers: { cookie, 'sec-fetch-site': 'same-origin' } });
  return { person_id: invited.body.id, session_id: sessions.body.data[0].id };
}

const newToken = async (role: string, workspaces: readonly string[] | null): Promise<string> => {
  const { status, body } = await rig.admin('/api/v1/tokens', { body: { name: role, role, workspaces } });
  expect(status).toBe(201);
  return body.secret;
};

const newKey = async ({ bot }: Tenant): Promise<string> => {
  const body = { kind: 'workspace', workspace_id: bot.workspaceId, scopes: ['read', 'manage'] };
  return (await rig.admin('/api/v1/keys', { body })).body.secret;
};

let mine: Tenant;
let theirs: Tenant;
/** Callers of every kind who may not do anything with the objects of `theirs`. */
let strangers: Readonly<Record<string, string | null>>;
/** Callers who reach every workspace, with a role that has few permissions. */
let weak: Readonly<Record<string, { readonly token: string; readonly may: readonly string[] }>>;

beforeAll(async () => {
  mine = await newTenant();
  theirs = await newTenant();
  const own = [mine.bot.workspaceId];
  strangers = {
    'no credential': null,
    'a wrong key': `cf_live_${'0'.repeat(26)}_${'0'.repeat(32)}_000000`,
    'a wrong token': `cft_${'0'.repeat(43)}`,
    'a key of another workspace': await newKey(mine),
    'an admin of another workspace': await newToken('admin', own),
    'a member of another workspace': await newToken('member', own),
    'a reader of another workspace': await newToken('read-only', own),
  };
  weak = {
    'a reader of everything': { token: await newToken('read-only', null), may: ['read'] },
    'a member': { token: await newToken('member', null), may: ['read', 'handle'] },
  };
});

const specs: readonly OperationSpec[] = Object.values(operations).filter(({ auth }) => auth !== 'none');
const named = specs.map((spec) => [`${spec.method} ${spec.path}`, spec] as const);

/** What a caller with every permission would have the gateway call. */
function bodiesOf(spec: OperationSpec): readonly unknown[] {
  const { workspace_id: workspaceId } = theirs.ids;
  const intercom = rig.sandbox.intercom.createWorkspace({ admins: [{ name: 'Eve', email: 'eve@acme.test' }] });
  const { access_token, client_secret } = intercom;
  const inbox = { kind: 'intercom', access_token, client_secret };
  const bot = rig.sandbox.telegram.createBot({});
  const token = theirs.bot.token;
  switch (spec.id) {
    case 'createWorkspace':
      return [{ name: 'Acme', inbox }];
    case 'updateWorkspace':
      return [{ inbox }, { default_sender: intercom.admins[0]?.id }];
    case 'createConnection':
      return [{ inbox: { kind: 'intercom', client_id: 'x', client_secret: 'x' } }, { workspace_id: workspaceId }];
    case 'createChannel':
      return [{ workspace_id: workspaceId, bot_token: bot.token, updates: 'polling' }];
    case 'updateChannel':
      return [{ state: 'active' }, { bot_token: token }, { updates: 'webhook' }];
    case 'repairChannel':
      return [{ force: true }];
    case 'resendMessage':
      return [{ note: 'Again.' }];
    case 'sendTelegramInteractive':
      return [{ ...aSend('1'), channel_id: theirs.ids['channel_id'] }];
    default:
      return spec.body === undefined
        ? [undefined]
        : Object.values(spec.examples ?? { none: { value: {} } }).map((e) => e.value);
  }
}

/** The operation on an object of `theirs`. An unknown id would be refused as such, before anything is looked at. */
const pathOf = ({ path }: OperationSpec): string =>
  path.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => {
    const id = theirs.ids[name];
    if (id === undefined) throw new Error(`the tenant of this test has no ${name}`);
    return id;
  });

const call = (spec: OperationSpec, body: unknown, token: string | null) =>
  rig.call(pathOf(spec), {
    method: spec.method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body }),
  });

describe('a caller who may not do something', () => {
  it.each(named)('causes no outgoing call through %s', async (_name, spec) => {
    const before = canary.seen();
    const hasId = spec.path.includes('{');
    const answers: string[] = [];
    for (const body of bodiesOf(spec)) {
      for (const [who, token] of Object.entries(strangers)) {
        const { status } = await call(spec, body, token);
        const isRefused = [401, 403, 404].includes(status);
        if ((hasId && !isRefused) || canary.seen() !== before) answers.push(`${who}: ${status}`);
      }
      for (const [who, { token, may }] of Object.entries(weak)) {
        if (spec.permission === null || may.includes(spec.permission)) continue;
        const { status } = await call(spec, body, token);
        if (![401, 403].includes(status) || canary.seen() !== before) answers.push(`${who}: ${status}`);
      }
    }
    expect(answers).toEqual([]);
    expect(canary.seen()).toBe(before);
  });

  it.each(named.filter(([, { reach }]) => reach === 'installation'))(
    'gets 403 from %s without access to every workspace, before the body is read',
    async (_name, spec) => {
      const answer = await rig.call(pathOf(spec), {
        method: spec.method,
        headers: { authorization: `Bearer ${strangers['an admin of another workspace']}` },
        ...(spec.body === undefined ? {} : { raw: 'no JSON at all' }),
      });
      expect([answer.status, answer.body.error]).toEqual([403, expect.stringContaining('whole installation')]);
    },
  );
});

describe('an admin of one workspace', () => {
  it('renews the authorization of that workspace, and cannot begin to connect another one', async () => {
    const headers = { authorization: `Bearer ${strangers['an admin of another workspace']}` };
    const inbox = { kind: 'intercom', client_id: 'app', client_secret: 'secret-of-the-app' };
    const begin = (body: object) => rig.call('/api/v1/connections', { headers, body });
    expect((await begin({ inbox, workspace_id: mine.bot.workspaceId })).status).toBe(201);
    expect((await begin({ inbox, workspace_id: theirs.bot.workspaceId })).status).toBe(404);
    const another = await begin({ inbox });
    expect([another.status, another.body.error]).toEqual([403, expect.stringContaining('whole installation')]);
  });
});

describe('a browser that did not begin at the gateway', () => {
  it.each([
    ['GET', '/connect/start/unknown'],
    ['GET', '/connect/intercom/callback?code=x&state=forged'],
    ['GET', '/connect/intercom/callback?code=x'],
    ['GET', '/connect/hubspot/callback?code=x&state=forged'],
    ['POST', '/connect/hubspot/channel?portalId=1&inboxId=1&accountToken=x&redirectUrl=https://app.hubspot.com/x'],
    ['GET', '/sign-in/oidc/callback?code=x&state=forged'],
  ])('causes no outgoing call through %s %s', async (method, path) => {
    const before = canary.seen();
    const answer = await fetch(`${rig.url}${path}`, {
      method,
      headers: { cookie: 'chatferry_browser=forged-forged-forged; __Host-chatferry-oidc=forged-forged-forged' },
      ...(method === 'POST' ? { body: new URLSearchParams({ bot_token: `1234567890:${'A'.repeat(35)}` }) } : {}),
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(canary.seen()).toBe(before);
  });
});

describe('the administrator', () => {
  it.each([
    'createWorkspace',
    'updateWorkspace',
    'createChannel',
    'updateChannel',
    'checkChannel',
    'repairChannel',
    'resendMessage',
  ])('makes the gateway call a provider through %s, with the same request', async (id) => {
    const spec = specs.find((one) => one.id === id);
    if (spec === undefined) throw new Error(`the contract has no operation ${id}`);
    for (const body of bodiesOf(spec)) {
      const before = canary.seen();
      const answer = await rig.admin(pathOf(spec), { method: spec.method, ...(body === undefined ? {} : { body }) });
      expect([answer.status < 300 || JSON.stringify(answer.body), canary.seen() > before]).toEqual([true, true]);
    }
  });
});
