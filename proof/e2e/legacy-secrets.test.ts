import { scopes as hubspotScopes } from '@chatferry/gateway/internal/adapters/hubspot/scopes';
import type { MasterKeys } from '@chatferry/gateway/internal/secrets/master-key';
import { createVault } from '@chatferry/gateway/internal/secrets/sealed';
import { startCanaryServer } from '@chatferry/testkit/http/canary-server';
import { connectHubspotBot } from '@chatferry/testkit/rigs/connect-hubspot-bot';
import { aSend, connectBot, newCustomer, send } from '@chatferry/testkit/rigs/rig';
import { afterAll, describe, expect, it } from 'vitest';
import { startPublicRig } from './desk.ts';

const canary = await startCanaryServer(hubspotScopes);
afterAll(() => canary.close());
const rig = await startPublicRig({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: canary.url });
const { pool } = rig.database;

/** Seals as the gateway of the rig does. */
function sealerOf() {
  let keys: MasterKeys | null = null;
  rig.changeMasterKeys((before) => {
    keys = before;
    return before;
  });
  if (keys === null) throw new Error('the rig has no master keys');
  return createVault(keys);
}

/** Takes the origins out of what is stored about a channel and its workspace, as the version before them had it. */
async function makeOld(ids: { readonly workspaceId: string; readonly channelId: string }): Promise<void> {
  const vault = sealerOf();
  const rewrite = async (table: string, column: string, id: string, change: (text: string) => string) => {
    const context = `${id}|${table}|${column}`;
    const { rows } = await pool.query(`select ${column} as sealed from ${table} where id = $1`, [id]);
    const old = vault.seal(change(vault.open(rows[0].sealed, context)), context);
    await pool.query(`update ${table} set ${column} = $2 where id = $1`, [id, old]);
  };
  const plain = (packed: unknown): string => (packed as { readonly value: string }).value;
  await rewrite('channels', 'token', ids.channelId, (text) => plain(JSON.parse(text)));
  await rewrite('channels', 'webhook_secret', ids.channelId, (text) => plain(JSON.parse(text)));
  await rewrite('workspaces', 'inbox_credential', ids.workspaceId, (text) =>
    JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).map(([name, packed]) => [name, plain(packed)]))),
  );
  await pool.query('update workspaces set inbox_origin = null where id = $1', [ids.workspaceId]);
  await pool.query('delete from grants where workspace_id = $1', [ids.workspaceId]);
}

const check = async (channelId: string) => (await rig.admin(`/api/v1/channels/${channelId}/check`, { body: {} })).body;

describe('what an earlier version stored', () => {
  it('is told apart where an account was connected twice: the older workspace has it', async () => {
    const first = await connectBot(rig);
    const second = await connectBot(rig);
    await rig.restart(async () => {
      await pool.query('update workspaces set inbox_origin = null where id = any ($1)', [
        [first.workspaceId, second.workspaceId],
      ]);
      await pool.query('update workspaces set inbox_account = $2 where id = $1', [
        second.workspaceId,
        first.intercomId,
      ]);
    });
    const originOf = async (id: string) =>
      (await pool.query('select inbox_origin from workspaces where id = $1', [id])).rows[0].inbox_origin;
    expect(await originOf(first.workspaceId)).not.toBeNull();
    expect(await originOf(second.workspaceId)).toBeNull();
    const warned = rig.logLines.filter((line) => line.includes('workspace.account_connected_twice'));
    expect(warned.map((line) => JSON.parse(line).workspaceId)).toEqual([second.workspaceId]);

    const alarms = async () =>
      (await rig.admin('/api/v1/alarms?limit=200')).body.data
        .filter(({ kind }: { kind: string }) => kind === 'account-connected-twice')
        .map(({ subject, workspace_id }: Record<string, string>) => [subject, workspace_id]);
    await expect.poll(alarms, { timeout: 15_000 }).toEqual([[second.workspaceId, second.workspaceId]]);

    // The second workspace can still be given a new credential of its account, and the account stays with the first.
    const inbox = { kind: 'intercom', region: 'us', access_token: first.intercomToken };
    const renew = () => rig.admin(`/api/v1/workspaces/${second.workspaceId}`, { method: 'PATCH', body: { inbox } });
    expect((await renew()).status).toBe(200);
    expect(await originOf(second.workspaceId)).toBeNull();
    const third = await connectBot(rig);
    const stolen = await rig.admin(`/api/v1/workspaces/${third.workspaceId}`, { method: 'PATCH', body: { inbox } });
    expect([stolen.status, stolen.body.error]).toEqual([409, expect.stringContaining('connected')]);

    // Without the first one it has the account, at once.
    expect((await rig.admin(`/api/v1/workspaces/${first.workspaceId}`, { method: 'DELETE' })).status).toBe(204);
    expect((await renew()).status).toBe(200);
    expect(await originOf(second.workspaceId)).not.toBeNull();
    await expect.poll(alarms, { timeout: 15_000 }).toEqual([]);
  });

  it('belongs to the origins that its row names at the first start, and is sent nowhere else afterwards', async () => {
    const bot = await connectBot(rig, { updates: 'webhook' });
    const portal = await connectHubspotBot(rig, { updates: 'webhook' });
    const { rows: before } = await pool.query('select id, inbox_origin from workspaces order by id');
    await rig.restart(async () => {
      await makeOld(bot);
      await makeOld(portal);
    });
    expect((await pool.query('select id, inbox_origin from workspaces order by id')).rows).toEqual(before);
    for (const { channelId } of [bot, portal]) {
      const { legs } = await check(channelId);
      for (const leg of ['telegram_out', 'grant', 'inbox_out']) {
        expect(legs).toContainEqual(expect.objectContaining({ name: leg, ok: true }));
      }
    }
    expect((await send(rig, bot, aSend(newCustomer(rig, bot).chatId))).status).toBe(201);

    await pool.query('update channels set api_root = $1, file_root = $1', [canary.url]);
    await rig.reconfigure({ CHATFERRY_INTERCOM_BASE_URL: canary.url, CHATFERRY_HUBSPOT_BASE_URL: canary.url });
    for (const { channelId } of [bot, portal]) expect((await check(channelId)).ok).toBe(false);
    expect(canary.heard()).toEqual([]);
  });

  it('stays at its home if it is a secret of the operator’s app, also where a tenant named another server', async () => {
    await rig.reconfigure({ CHATFERRY_HUBSPOT_BASE_URL: `${rig.sandbox.url}/hubspot` });
    const portal = await connectHubspotBot(rig, { updates: 'webhook' });
    const vault = sealerOf();
    const context = `${portal.workspaceId}|workspaces|inbox_credential`;
    const readSealed = async () => {
      const { rows } = await pool.query('select inbox_credential as sealed from workspaces where id = $1', [
        portal.workspaceId,
      ]);
      return JSON.parse(vault.open(rows[0].sealed, context));
    };
    const before = await readSealed();
    await makeOld(portal);
    await pool.query(`update workspaces set inbox_settings = inbox_settings || $2 where id = $1`, [
      portal.workspaceId,
      { base_url: canary.url },
    ]);
    const settings = await pool.query('select inbox_settings ->> $2 as id from workspaces where id = $1', [
      portal.workspaceId,
      'client_id',
    ]);
    await rig.reconfigure({
      CHATFERRY_HUBSPOT_CLIENT_ID: settings.rows[0].id,
      CHATFERRY_HUBSPOT_CLIENT_SECRET: before.client_secret.value,
      CHATFERRY_HUBSPOT_DEVELOPER_API_KEY: before.developer_api_key.value,
    });
    const after = await readSealed();
    expect([after.client_secret.origins, after.developer_api_key.origins]).toEqual([[], []]);
    expect(after.refresh_token.origins).toEqual([new URL(canary.url).origin]);
    expect((await check(portal.channelId)).ok).toBe(false);
    const heard = canary.heard().join('\n');
    for (const secret of [before.client_secret, before.developer_api_key]) expect(heard).not.toContain(secret.value);
    const warned = rig.logLines.filter((line) => line.includes('workspace.app_secret_withheld'));
    expect(warned.map((line) => JSON.parse(line).workspaceId)).toContain(portal.workspaceId);
  });
});
