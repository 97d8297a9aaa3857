import { type OperationSpec, operations } from '@chatferry/contract';
import { type ConnectedBot, connectBot, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
const specs: readonly OperationSpec[] = Object.values(operations);
const named = (auth: OperationSpec['auth']) =>
  specs.filter((spec) => spec.auth === auth).map((spec) => [`${spec.method} ${spec.path}`, spec] as const);

let bot: ConnectedBot;
let workspaceKey: string;
let revokedKey: string;

const newKey = async (body: object): Promise<{ id: string; secret: string }> =>
  (await rig.admin('/api/v1/keys', { body })).body;

beforeAll(async () => {
  bot = await connectBot(rig);
  workspaceKey = (await newKey({ kind: 'workspace', workspace_id: bot.workspaceId })).secret;
  const revoked = await newKey({ kind: 'channel', channel_id: bot.channelId });
  await rig.admin(`/api/v1/keys/${revoked.id}/revoke`, { method: 'POST' });
  revokedKey = revoked.secret;
});

/** What is there, and belongs to whoever holds the key. */
const ownIds = (): Readonly<Record<string, string>> => ({
  workspace_id: bot.workspaceId,
  channel_id: bot.channelId,
  key_id: bot.keyId,
  message_id: '1',
});

const knock = (spec: OperationSpec, headers: Readonly<Record<string, string>>) => {
  const path = spec.path.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => ownIds()[name] ?? '1');
  return rig.call(path, { method: spec.method, headers, ...(spec.body === undefined ? {} : { raw: '{' }) });
};
const knockWith = async (spec: OperationSpec, key: string) => {
  const { status, body } = await knock(spec, { 'x-octopods-auth': key });
  return [status, body.error_code];
};

/** Everything that the gateway keeps of the workspace, as the administrator sees it. */
const everything = async () =>
  Promise.all(
    ['workspaces', 'channels', 'keys'].map(async (list) => (await rig.admin(`/api/v1/${list}?limit=200`)).body.data),
  );

describe('without a credential', () => {
  it('only the two probes answer, and what somebody signs in by', () => {
    const open = ['POST /api/v1/claim', 'POST /api/v1/sessions', 'GET /healthz', 'GET /readyz'];
    expect(named('none').map(([name]) => name)).toEqual(open);
  });

  it.each([...named('key'), ...named('any')])('%s is refused before anything is read', async (_name, spec) => {
    const { status, body } = await knock(spec, {});
    expect([status, body.error_code]).toEqual([401, 101]);
  });
});

describe('with a key', () => {
  it('nothing is changed by who knocks at what the administrator does', async () => {
    const lastUseAside = (text: string) => text.replaceAll(/"last_used_(at|from)":("[^"]*"|null)/g, '');
    const before = JSON.stringify(await everything());
    for (const [, spec] of named('any')) await knockWith(spec, workspaceKey);
    expect(lastUseAside(JSON.stringify(await everything()))).toBe(lastUseAside(before));
  });

  it.each(named('any'))('%s is the administrator’s, also for what is one’s own', async (_name, spec) => {
    expect(await knockWith(spec, bot.key)).toEqual([403, 102]);
    expect(await knockWith(spec, workspaceKey)).toEqual([403, 102]);
  });

  it.each([...named('key'), ...named('any')])('%s tells a revoked one that it is one', async (_name, spec) => {
    expect(await knockWith(spec, revokedKey)).toEqual([400, 6]);
  });
});
