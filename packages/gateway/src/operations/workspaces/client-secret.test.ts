import { createHmac, randomBytes } from 'node:crypto';
import { type ConnectedBot, connectBot, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';
import { bindSecrets } from '../../ports/bound-inbox.ts';
import { createVault } from '../../secrets/sealed.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { sealInbox, signingInputs } from './seal-inbox.ts';

const rig = await startRig();
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

/** A notification like Intercom's, signed with this secret. */
async function notify(clientSecret: string): Promise<number> {
  const { rows } = await rig.database.pool.query('select hook_path from workspaces where id = $1', [bot.workspaceId]);
  const body = JSON.stringify({ type: 'notification_event', topic: 'ping', id: 'notif_1', data: { item: {} } });
  const signature = `sha1=${createHmac('sha1', clientSecret).update(body).digest('hex')}`;
  const answer = await fetch(`${rig.url}/hooks/intercom/${rows[0].hook_path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature': signature },
    body,
  });
  return answer.status;
}

const changeTo = (clientSecret: string) =>
  rig.admin(`/api/v1/workspaces/${bot.workspaceId}`, {
    method: 'PATCH',
    body: { inbox: { kind: 'intercom', access_token: bot.intercomToken, client_secret: clientSecret } },
  });

describe('a client secret that changes', () => {
  it('remains accepted beside the new one, and any other secret is refused', async () => {
    expect((await changeTo('the-first-secret')).status).toBe(200);
    expect((await changeTo('the-second-secret')).status).toBe(200);
    expect(await notify('the-second-secret')).toBe(200);
    expect(await notify('the-first-secret')).toBe(200);
    expect(await notify('another-secret')).toBe(401);
    expect((await changeTo('the-third-secret')).status).toBe(200);
    expect(await notify('the-first-secret')).toBe(401);
    expect((await rig.admin(`/api/v1/workspaces/${bot.workspaceId}`)).body.inbox.settings.has_client_secret).toBe(true);
  });

  it('remains accepted for a day, even if something else changes in that time', () => {
    const home = 'https://api.intercom.io';
    const vault = createVault({ primary: { id: 'test', key: randomBytes(32) }, others: [] });
    const input = (client_secret: string, access_token = 'token') =>
      bindSecrets({ kind: 'intercom', access_token, client_secret, region: 'us', contact_role: 'lead' }, [home]);
    const day = 24 * 3_600_000;
    const record = (sealed: Pick<WorkspaceRecord, 'inboxSettings' | 'inboxCredential'>) =>
      ({ id: 'wsp_1', inboxKind: 'intercom', ...sealed }) as WorkspaceRecord;
    const first = record(sealInbox(vault, 'wsp_1', input('old')));
    const second = record(sealInbox(vault, 'wsp_1', input('new'), { record: first, nowMs: 0 }));
    const third = record(sealInbox(vault, 'wsp_1', input('new', 'another'), { record: second, nowMs: day / 2 }));
    const secretsAt = (nowMs: number) =>
      signingInputs(vault, third, nowMs).map((one) => one.client_secret?.revealFor(home));
    expect(secretsAt(day - 1)).toEqual(['new', 'old']);
    expect(secretsAt(day)).toEqual(['new']);
    expect(signingInputs(vault, first, 0)).toHaveLength(1);
  });
});
