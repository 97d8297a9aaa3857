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

/** Objects that exist and belong to the holder of the key. */
const ownIds = (): Readonly<Record<string, string>> => ({
  workspace_id: bot.workspaceId,
  channel_id: bot.channelId,
  key_id: bot.keyId,
  message_id: '1',
});

const callOperation = (spec: OperationSpec, headers: Readonly<Record<string, string>>) => {
  const path = spec.path.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => ownIds()[name] ?? '1');
  return rig.call(path, { method: spec.method, headers, ...(spec.body === undefined ? {} : { raw: '{' }) });
};
const callWithKey = async (spec: OperationSpec, key: string) => {
  const { status, body } = await callOperation(spec, { 'x-octopods-auth': key });
  return [status, body.error_code];
};

/** Everything that the gateway stores about the workspace, as the administrator sees it. */
const everything = async () =>
  Promise.all(
    ['workspaces', 'channels', 'keys'].map(async (list) => (await rig.admin(`/api/v1/${list}?limit=200`)).body.data),
  );

describe('a caller without a credential', () => {
  it('can use only the two probes and the two operations for signing in', () => {
    const open = ['POST /api/v1/claim', 'POST /api/v1/sessions', 'GET /healthz', 'GET /readyz'];
    expect(named('none').map(([name]) => name)).toEqual(open);
  });

  it.each([...named('key'), ...named('any')])('is refused by %s before the body is read', async (_name, spec) => {
    const { status, body } = await callOperation(spec, {});
    expect([status, body.error_code]).toEqual([401, 101]);
  });
});

describe('a caller with an API key', () => {
  it('changes nothing by calling the management operations', async () => {
    const withoutLastUse = (text: string) => text.replaceAll(/"last_used_(at|from)":("[^"]*"|null)/g, '');
    // The health of the legs is stored up to two seconds late, and would count as a change.
    const legs = async () => (await rig.admin(`/api/v1/channels/${bot.channelId}`)).body.legs;
    const isStored = expect.objectContaining({ name: 'grant', state: 'alive' });
    await expect.poll(legs, { timeout: 10_000 }).toContainEqual(isStored);
    const before = JSON.stringify(await everything());
    for (const [, spec] of named('any')) await callWithKey(spec, workspaceKey);
    expect(withoutLastUse(JSON.stringify(await everything()))).toBe(withoutLastUse(before));
  });

  it.each(named('any'))('is refused by %s, even for objects of its own workspace', async (_name, spec) => {
    expect(await callWithKey(spec, bot.key)).toEqual([403, 102]);
    expect(await callWithKey(spec, workspaceKey)).toEqual([403, 102]);
  });

  it.each([...named('key'), ...named('any')])('is told by %s that the key is revoked', async (_name, spec) => {
    expect(await callWithKey(spec, revokedKey)).toEqual([400, 6]);
  });
});
