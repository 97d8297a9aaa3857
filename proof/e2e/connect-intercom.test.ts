import { findFreePort } from '@chatferry/testkit/processes/ports';
import { newCustomer, startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { beginInstall } from './connect.ts';
import { startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { intercom, telegram } = rig.sandbox;

type Account = ReturnType<typeof intercom.createWorkspace>;
const appOf = ({ client_id, client_secret }: Account) => ({ kind: 'intercom', client_id, client_secret });
const begin = (owner: Account, change: object = {}) => beginInstall(rig, { inbox: { ...appOf(owner), ...change } });

describe('installing the app in an Intercom workspace', () => {
  it('creates a workspace with the name of the account, and shows which topics to subscribe', async () => {
    const owner = intercom.createWorkspace();
    const other = intercom.createWorkspace({ name: 'Northwind', app_of: owner.workspace_id });
    const install = await begin(owner);
    expect(await install.outcome()).toMatchObject({ scopes: [], redirect_url: `${rig.url}/connect/intercom/callback` });
    const shown = await install.decide(other.workspace_id);
    expect([shown.status, shown.html]).toEqual([200, expect.stringContaining('Intercom is connected')]);
    const { body } = await rig.admin(`/api/v1/workspaces/${(await install.outcome()).workspace_id}`);
    expect(body).toMatchObject({
      name: expect.stringContaining('Northwind'),
      webhook_url: `${rig.url}/hooks/intercom`,
      inbox: { settings: { client_id: owner.client_id, region: 'us', has_client_secret: true } },
    });
    expect(body.webhook_topics).toContain('conversation.admin.replied');
  });

  it('receives the events of all workspaces of the app at one address, and sends each to its own customer', async () => {
    const owner = intercom.createWorkspace();
    intercom.subscribe(owner.workspace_id, { url: `${rig.url}/hooks/intercom` });
    const open = async () => {
      const account = intercom.createWorkspace({ app_of: owner.workspace_id });
      const install = await begin(owner);
      await install.decide(account.workspace_id);
      const bot = telegram.createBot();
      const channel = await rig.admin('/api/v1/channels', {
        body: { workspace_id: (await install.outcome()).workspace_id, bot_token: bot.token, updates: 'polling' },
      });
      const connected = { channelId: channel.body.id, key: '', keyId: '', workspaceId: '', token: bot.token };
      const { at } = newCustomer(rig, {
        ...connected,
        botId: bot.id,
        intercomId: '',
        intercomToken: '',
        teammates: [],
      });
      const id = await eventually(() => {
        const [only] = intercom.conversations(account.workspace_id);
        if (!only) throw new Error('there is no conversation yet');
        return only.id;
      });
      return {
        answer: (body: string) => intercom.reply(account.workspace_id, id, { body }),
        shown: () => telegram.sent(at).map(({ text }) => text),
      };
    };
    const [first, second] = [await open(), await open()];
    first.answer('<p>From the first</p>');
    second.answer('<p>From the second</p>');
    await eventually(() => expect([first.shown(), second.shown()]).toEqual([['From the first'], ['From the second']]));
  });

  it('reports that the person refused, and that the code was refused', async () => {
    const owner = intercom.createWorkspace();
    const denied = await begin(owner);
    expect((await denied.decide(owner.workspace_id, 'deny')).status).toBe(403);
    const refused = await begin(owner, { client_secret: 'not-the-secret' });
    expect((await refused.decide(owner.workspace_id)).status).toBe(409);
    expect((await refused.outcome()).problem.code).toBe('refused');
  });

  it('reconnects a workspace whose app was removed, and its answers are sent again', async () => {
    const owner = intercom.createWorkspace();
    const install = await begin(owner);
    await install.decide(owner.workspace_id);
    const { workspace_id } = await install.outcome();
    intercom.uninstall(owner.workspace_id);
    const renewal = await beginInstall(rig, { workspace_id });
    expect((await renewal.decide(owner.workspace_id)).status).toBe(200);
    expect(await renewal.outcome()).toMatchObject({ state: 'connected', workspace_id });
  });

  it('renews the second of two workspaces of an account, which earlier versions allowed', async () => {
    const owner = intercom.createWorkspace();
    const connect = async () => {
      const install = await begin(owner);
      await install.decide(owner.workspace_id);
      return (await install.outcome()).workspace_id;
    };
    const update = (id: string, origin: string | null) =>
      rig.database.pool.query(
        `update workspaces set inbox_account = (select max(inbox_account) from workspaces where id = $3),
           inbox_origin = $2 where id = $1`,
        [id, origin, first],
      );
    const first = await connect();
    const { rows } = await rig.database.pool.query('select inbox_origin from workspaces where id = $1', [first]);
    await rig.database.pool.query('update workspaces set inbox_origin = null where id = $1', [first]);
    const second = await connect();
    await update(second, null);
    await update(first, rows[0].inbox_origin);

    const renewal = await beginInstall(rig, { workspace_id: second });
    expect((await renewal.decide(owner.workspace_id)).status).toBe(200);
    expect(await renewal.outcome()).toMatchObject({ state: 'connected', workspace_id: second });
  });
});

describe('the region of an Intercom workspace', async () => {
  const regional = await (async () => {
    const port = String(await findFreePort());
    const env = { CHATFERRY_PORT: port, CHATFERRY_PUBLIC_URL: `http://127.0.0.1:${port}` };
    const own = await startRig(env);
    const { url } = own.sandbox;
    await own.reconfigure({
      CHATFERRY_INTERCOM_BASE_URL: `${url}/intercom/{region}`,
      CHATFERRY_INTERCOM_APP_URL: `${url}/intercom/{region}`,
    });
    return own;
  })();

  it('is found, whichever region’s page was opened', async () => {
    const owner = regional.sandbox.intercom.createWorkspace();
    const sydney = regional.sandbox.intercom.createWorkspace({ app_of: owner.workspace_id, region: 'au' });
    const install = await beginInstall(regional, { inbox: appOf(owner) });
    expect((await install.decide(sydney.workspace_id)).status).toBe(200);
    const { body } = await regional.admin(`/api/v1/workspaces/${(await install.outcome()).workspace_id}`);
    expect(body.inbox.settings.region).toBe('au');
  });

  it('is named when the token belongs to another region', async () => {
    const dublin = regional.sandbox.intercom.createWorkspace({ region: 'eu' });
    const connect = (region: string) =>
      regional.admin('/api/v1/workspaces', {
        body: { name: 'EU', inbox: { kind: 'intercom', region, access_token: dublin.access_token } },
      });
    const { status, body } = await connect('us');
    expect([status, body.error]).toEqual([422, expect.stringContaining('set region to eu')]);
    expect((await connect('eu')).status).toBe(201);
  });
});
