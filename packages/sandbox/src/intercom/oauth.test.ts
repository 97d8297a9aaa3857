import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connected, connect } from '../testing/intercom-rig.ts';

let acme: Connected;
beforeEach(async () => {
  acme = await connect();
});
afterEach(() => acme.close());

const back = 'http://127.0.0.1:1/callback';
const address = (base = '/intercom', client_id = acme.workspace.client_id) =>
  `${acme.rig.url}${base}/oauth?${new URLSearchParams({ client_id, state: 's', redirect_uri: back })}`;

async function decide(account: string, decision: string, base?: string) {
  const body = new URLSearchParams({ account, decision });
  const answered = await fetch(address(base), { method: 'POST', body, redirect: 'manual' });
  return { status: answered.status, query: new URL(answered.headers.get('location') ?? 'http://none').searchParams };
}
const redeem = (code: string | null, base = '/intercom', secret = acme.workspace.client_secret) =>
  acme.rig.request(
    'POST',
    `${base}/auth/eagle/token`,
    new URLSearchParams({ client_id: acme.workspace.client_id, client_secret: secret, code: code ?? '' }),
  );
const me = (token: string, base = '/intercom') =>
  acme.rig.request('GET', `${base}/me`, undefined, { authorization: `Bearer ${token}` });

describe('the OAuth flow of the simulated Intercom', () => {
  it('exchanges a code for a token once, within five minutes', async () => {
    const other = acme.rig.simulator.createWorkspace({ app_of: acme.workspace.workspace_id });
    expect([other.access_token, other.client_id]).toEqual(['', acme.workspace.client_id]);
    expect(await (await fetch(address())).text()).toContain(other.workspace_id);
    const { query } = await decide(other.workspace_id, 'grant');
    expect(query.get('state')).toBe('s');
    expect((await redeem(query.get('code'), '/intercom', 'wrong')).status).toBe(401);
    const { body } = await redeem(query.get('code'));
    expect(body).toEqual({ token_type: 'Bearer', token: body.access_token, access_token: body.access_token });
    expect((await me(body.access_token)).body.app.id_code).toBe(other.workspace_id);
    expect((await redeem(query.get('code'))).body.errors[0].message).toBe('Unauthorized Code');
    const late = await decide(other.workspace_id, 'grant');
    acme.clock.advance(300_000);
    expect((await redeem(late.query.get('code'))).status).toBe(401);
  });

  it('sends the browser back with access_denied, and refuses unknown apps and redirect addresses', async () => {
    const { query } = await decide(acme.workspace.workspace_id, 'deny');
    expect([query.get('error'), query.get('code')]).toEqual(['access_denied', null]);
    expect((await fetch(address('/intercom', 'unknown'))).status).toBe(404);
    const strict = acme.rig.simulator.createWorkspace({ redirect_urls: ['https://gw.example/callback'] });
    expect((await fetch(address('/intercom', strict.client_id))).status).toBe(400);
  });

  it('ends all tokens when the app is uninstalled', async () => {
    expect((await acme.api('GET', '/me')).status).toBe(200);
    acme.rig.simulator.uninstall(acme.workspace.workspace_id);
    expect((await acme.api('GET', '/me')).status).toBe(401);
  });
});

describe('a region of the simulated Intercom', () => {
  it('accepts only the tokens of its own workspaces', async () => {
    const sydney = acme.rig.simulator.createWorkspace({ region: 'au' });
    const statusAt = async (base: string) => (await me(sydney.access_token, base)).status;
    expect(await Promise.all(['/intercom/us', '/intercom/eu', '/intercom/au'].map(statusAt))).toEqual([401, 401, 200]);
    expect((await me(sydney.access_token, '/intercom/au')).body.app.region).toBe('AU');
  });

  it('accepts codes of every region in the US, and only its own codes in other regions', async () => {
    const other = acme.rig.simulator.createWorkspace({ app_of: acme.workspace.workspace_id, region: 'eu' });
    const code = async (base: string) => (await decide(other.workspace_id, 'grant', base)).query.get('code');
    expect((await redeem(await code('/intercom/us'), '/intercom/us')).status).toBe(200);
    expect((await redeem(await code('/intercom/eu'), '/intercom/eu')).status).toBe(200);
    expect((await redeem(await code('/intercom/eu'), '/intercom/au')).status).toBe(401);
  });
});
