import { type Answer, adminToken, aSend, sendPath, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it, vi } from 'vitest';

/**
 * Canaries: every kind of secret passes through the gateway, in valid, refused and failing requests, with providers that quote it.
 * Afterwards none may be in the log, in the database, or in an answer other than the one that shows it.
 */
const rig = await startRig();
const importedKey = 'imported-canary-5f0c2c9f1f7d4c7b';
const secrets: Record<string, string> = { adminToken, importedKey };
const answers: { readonly what: string; readonly shows: readonly string[]; readonly text: string }[] = [];

async function note(what: string, asked: Promise<Answer>, ...shows: readonly string[]): Promise<Answer> {
  const answer = await asked;
  answers.push({ what, shows, text: JSON.stringify(answer.body) });
  return answer;
}

const fault = (provider: 'telegram' | 'intercom', operation: string, status: number, body: unknown) =>
  rig.sandbox.faults.inject({
    provider,
    operation,
    times: 1,
    effect: { kind: 'answer-before', answer: { status, body } },
  });

async function connectEverything() {
  const intercom = rig.sandbox.intercom.createWorkspace();
  const portal = rig.sandbox.hubspot.createPortal();
  const bot = rig.sandbox.telegram.createBot();
  const token = bot.token.split(':')[1] ?? '';
  Object.assign(secrets, {
    botToken: token,
    intercomToken: intercom.access_token,
    intercomSecret: intercom.client_secret,
    hubspotSecret: portal.client_secret,
    hubspotRefreshToken: portal.refresh_token,
    hubspotDeveloperKey: portal.developer_api_key,
  });
  const { access_token, client_secret } = intercom;
  const workspace = await note(
    'create workspace',
    rig.admin('/api/v1/workspaces', {
      body: { name: 'Visible name', inbox: { kind: 'intercom', access_token, client_secret } },
      headers: { 'idempotency-key': 'canary-workspace' },
    }),
  );
  const { client_id, refresh_token, app_id, inbox_id, developer_api_key } = portal;
  const hubspot = {
    kind: 'hubspot',
    client_id,
    client_secret: portal.client_secret,
    refresh_token,
    app_id,
    inbox_id,
    developer_api_key,
  };
  const portalWorkspace = await note(
    'create portal',
    rig.admin('/api/v1/workspaces', { body: { name: 'Portal', inbox: hubspot } }),
  );
  expect([workspace.status, portalWorkspace.status]).toEqual([201, 201]);
  const create = { body: { workspace_id: workspace.body.id, bot_token: bot.token } };
  const channel = await note(
    'create channel',
    rig.admin('/api/v1/channels', { ...create, headers: { 'idempotency-key': 'canary-channel' } }),
    'channelKey',
  );
  await note(
    'create channel, repeated',
    rig.admin('/api/v1/channels', { ...create, headers: { 'idempotency-key': 'canary-channel' } }),
    'channelKey',
  );
  secrets['channelKey'] = channel.body.key.secret;
  return { intercom, bot, workspaceId: workspace.body.id, channelId: channel.body.id, key: channel.body.key.secret };
}

type Connected = Awaited<ReturnType<typeof connectEverything>>;

async function makeKeys({ channelId, workspaceId }: Connected): Promise<void> {
  const own = await note(
    'create key',
    rig.admin('/api/v1/keys', { body: { kind: 'workspace', workspace_id: workspaceId } }),
    'workspaceKey',
  );
  secrets['workspaceKey'] = own.body.secret;
  const rotated = await note(
    'rotate key',
    rig.admin(`/api/v1/keys/${own.body.id}/rotate`, { body: {}, headers: { 'idempotency-key': 'canary-rotation' } }),
    'rotatedKey',
  );
  secrets['rotatedKey'] = rotated.body.secret;
  const imported = { body: { kind: 'channel', channel_id: channelId, secret: importedKey } };
  await note('import key', rig.admin('/api/v1/keys', imported), 'importedKey');
  await note('import key again', rig.admin('/api/v1/keys', imported));
}

async function sendAndFail({ bot, key }: Connected): Promise<number> {
  const { chat_id } = rig.sandbox.telegram.createChat({ bot_id: bot.id, user: { first_name: 'Grace' } });
  const chatId = String(chat_id);
  const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    rig.call(sendPath, { body, headers: { 'x-octopods-auth': key, ...headers } });
  const sent = await note('send', post(aSend(chatId), { 'idempotency-key': 'canary-send' }));
  expect(sent.status).toBe(201);
  await note('send with an unknown field', post(aSend(chatId, { api_key: 'x' })));
  await note('send with a wrong key', post(aSend(chatId), { 'x-octopods-auth': `${key.slice(0, -1)}-` }));
  const description = `Bad Request: https://api.telegram.org/bot${bot.token}/sendMessage is not liked`;
  fault('telegram', 'sendMessage', 400, { ok: false, error_code: 400, description });
  await note('send refused in words with the token', post(aSend(chatId)));
  rig.sandbox.faults.inject({
    provider: 'telegram',
    operation: 'sendMessage',
    times: 1,
    effect: { kind: 'reset-after' },
  });
  await note('send cut off', post(aSend(chatId)));
  await note('send by the admin token', post(aSend(chatId), { 'x-octopods-auth': adminToken }));
  rig.sandbox.telegram.text({ bot_id: bot.id, chat_id }, { text: 'Hello there' });
  return sent.body.message_id;
}

async function manageAndFail({ bot, intercom, channelId, workspaceId }: Connected): Promise<void> {
  const channel = `/api/v1/channels/${channelId}`;
  const workspace = `/api/v1/workspaces/${workspaceId}`;
  const patch = (body: unknown) => ({ method: 'PATCH', body });
  const quoting = { type: 'error.list', errors: [{ code: 'x', message: `Token ${intercom.access_token} is wrong` }] };
  const inbox = { kind: 'intercom', access_token: intercom.access_token, client_secret: intercom.client_secret };
  for (const status of [400, 401, 404, 500]) {
    fault('intercom', '*', status, quoting);
    await note(`inbox answers ${status}`, rig.admin(workspace, patch({ inbox })));
  }
  fault('intercom', '*', 401, quoting);
  await note('check with the inbox refusing', rig.admin(`${channel}/check`, { method: 'POST' }));
  await note('a misplaced token', rig.admin(channel, patch({ name: 'x', token: bot.token, bot_token: [bot.token] })));
  await note('an unreachable server', rig.admin(channel, patch({ api_root: 'http://127.0.0.1:1' })));
  await note('a server that is none', rig.admin(channel, patch({ api_root: rig.sandbox.url })));
  fault('telegram', 'getMe', 401, { ok: false, error_code: 401, description: `Unauthorized: ${bot.token}` });
  await note('the token is refused', rig.admin(channel, patch({ bot_token: bot.token })));
  await note('the same token', rig.admin(channel, patch({ bot_token: bot.token })));
  await note(
    'the bot again',
    rig.admin('/api/v1/channels', { body: { workspace_id: workspaceId, bot_token: bot.token } }),
  );
  await note('the new inbox', rig.admin(workspace, patch({ inbox })));
  await rig.database.pool.query('alter table channels rename column name to title');
  await note('a fault of ours', rig.admin(channel, patch({ bot_token: bot.token })));
  await rig.database.pool.query('alter table channels rename column title to name');
  for (const path of ['workspaces', 'channels', 'keys']) await note(path, rig.admin(`/api/v1/${path}`));
  for (const path of [workspace, channel]) await note(path, rig.admin(path));
  await note('check', rig.admin(`${channel}/check`, { method: 'POST' }));
}

beforeAll(async () => {
  const connected = await connectEverything();
  await makeKeys(connected);
  const messageId = await sendAndFail(connected);
  const asBackend = { headers: { 'x-octopods-auth': connected.key } };
  await vi.waitFor(
    async () => {
      const { body } = await rig.call(`/api/v1/messages/${messageId}`, asBackend);
      expect(body.mirror.state).toBe('done');
    },
    { timeout: 15_000, interval: 50 },
  );
  await manageAndFail(connected);
  await note('messages', rig.call('/api/v1/messages', asBackend));
});

/** Tables and columns whose text, or bytes read as text, contain `needle`. */
async function columnsWith(needle: string): Promise<readonly string[]> {
  const { pool } = rig.database;
  const { rows: columns } = await pool.query<{ table: string; column: string }>(
    `select c.table_name as table, c.column_name as column from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1, 2`,
  );
  expect(columns.length).toBeGreaterThan(100);
  const found = [];
  for (const { table, column } of columns) {
    const { rows } = await pool.query(
      `select 1 from "${table}" where strpos("${column}"::text, $1) > 0 or strpos("${column}"::text, $2) > 0 limit 1`,
      [needle, Buffer.from(needle).toString('hex')],
    );
    if (rows.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}

const kinds = [
  'adminToken',
  'botToken',
  'channelKey',
  'workspaceKey',
  'rotatedKey',
  'importedKey',
  'intercomToken',
  'intercomSecret',
  'hubspotSecret',
  'hubspotRefreshToken',
  'hubspotDeveloperKey',
];

describe('a secret', () => {
  it('would be found by this test', async () => {
    expect(Object.keys(secrets).sort()).toEqual([...kinds].sort());
    for (const secret of Object.values(secrets)) expect(secret.length).toBeGreaterThan(7);
    expect(await columnsWith('Visible name')).toContain('workspaces.name');
    expect(await columnsWith('Hello there')).toContain('updates.body');
    expect(rig.logLines.some((line) => line.includes('request.failed'))).toBe(true);
    expect(answers.length).toBeGreaterThan(30);
  });

  it.each(kinds)('of the kind %s appears in no line of the log', (kind) => {
    expect(rig.logLines.filter((line) => line.includes(secrets[kind] ?? '?'))).toEqual([]);
  });

  it.each(kinds)('of the kind %s appears in no column of the database', async (kind) => {
    expect(await columnsWith(secrets[kind] ?? '?')).toEqual([]);
  });

  it.each(kinds)('of the kind %s appears only in the answer that is meant to show it', (kind) => {
    const telling = answers.filter(({ text, shows }) => text.includes(secrets[kind] ?? '?') && !shows.includes(kind));
    expect(telling.map(({ what }) => what)).toEqual([]);
  });
});
