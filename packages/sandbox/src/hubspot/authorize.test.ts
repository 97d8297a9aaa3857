import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../browser.ts';
import { type Connected, connect } from '../testing/hubspot-rig.ts';

let hub: Connected;
beforeEach(async () => {
  hub = await connect();
});
afterEach(() => hub.close());

const back = 'http://127.0.0.1:1/callback';

const address = (change: Readonly<Record<string, string>> = {}) => {
  const query = { client_id: hub.portal.client_id, redirect_uri: back, scope: 'oauth files', state: 's', ...change };
  return `${hub.rig.url}/hubspot/oauth/authorize?${new URLSearchParams(query)}`;
};
const decide = async (fields: Readonly<Record<string, string>>, url = address()) => {
  const body = new URLSearchParams({ account: hub.portal.portal_id, ...fields });
  const answered = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  return { status: answered.status, query: new URL(answered.headers.get('location') ?? 'http://none').searchParams };
};
const redeem = (code: string | null, redirect_uri = back) => {
  const { client_id, client_secret } = hub.portal;
  return hub.token({ grant_type: 'authorization_code', client_id, client_secret, code: code ?? '', redirect_uri });
};

describe('the consent page of the simulated HubSpot', () => {
  it('lists the accounts and the scopes, and sends the browser back with a code and the state', async () => {
    const shown = await createBrowser().open(address());
    expect(shown.status).toBe(200);
    expect(shown.html).toContain(hub.portal.portal_id);
    expect(shown.html).toContain('<li>files</li>');
    const { status, query } = await decide({ decision: 'grant' });
    expect([status, query.get('state')]).toEqual([302, 's']);
    const granted = await redeem(query.get('code'));
    expect(granted.body).toMatchObject({ hub_id: Number(hub.portal.portal_id), scopes: ['oauth', 'files'] });
  });

  it('sends the browser back with access_denied when the admin refuses', async () => {
    const { query } = await decide({ decision: 'deny' });
    expect([query.get('error'), query.get('code'), query.get('state')]).toEqual(['access_denied', null, 's']);
  });

  it('does not send the browser back if the client, the redirect address or the scopes are wrong', async () => {
    const strict = hub.rig.simulator.createPortal({ redirect_urls: [back], scopes: ['oauth', 'files'] });
    const ask = async (change: Readonly<Record<string, string>>) => (await fetch(address(change))).status;
    expect(await ask({ client_id: strict.client_id })).toBe(200);
    expect(await ask({ client_id: 'unknown' })).toBe(400);
    expect(await ask({ client_id: strict.client_id, redirect_uri: 'https://evil.example/' })).toBe(400);
    expect(await ask({ client_id: strict.client_id, scope: 'oauth' })).toBe(400);
  });
});

describe('an authorization code of the simulated HubSpot', () => {
  it('can be redeemed once, with the same redirect address, before it expires', async () => {
    const first = (await decide({ decision: 'grant' })).query.get('code');
    expect((await redeem(first, 'https://elsewhere.example/')).body.status).toBe('MISMATCH_REDIRECT_URI_AUTH_CODE');
    expect((await redeem(first)).status).toBe(200);
    expect((await redeem(first)).body.status).toBe('BAD_AUTH_CODE');
    const second = (await decide({ decision: 'grant' })).query.get('code');
    hub.clock.advance(600_000);
    expect((await redeem(second)).body.status).toBe('EXPIRED_AUTH_CODE');
  });

  it('has no withheld scopes, and no portal id if tokenNamesPortal is false', async () => {
    hub.rig.simulator.setOptions(hub.portal.portal_id, { withheldScopes: ['files'], tokenNamesPortal: false });
    const { query } = await decide({ decision: 'grant' });
    const granted = (await redeem(query.get('code'))).body;
    expect(granted.hub_id).toBeUndefined();
    const { client_id, client_secret } = hub.portal;
    const form = new URLSearchParams({ client_id, client_secret, token: granted.access_token });
    const introspected = await hub.rig.request('POST', '/hubspot/oauth/2026-03/token/introspect', form);
    expect(introspected.body).toMatchObject({ active: true, hub_id: Number(hub.portal.portal_id), scopes: ['oauth'] });
  });
});

describe('a channel that an admin connects in the settings of an inbox', () => {
  it('gets its account when the browser returns to HubSpot', async () => {
    const { account_token, url } = hub.rig.simulator.createStagingToken(hub.portal.portal_id, {
      channel_id: hub.channelId,
    });
    // The channel of this test names no connection page, so that HubSpot keeps the browser.
    await hub.api(
      'PATCH',
      `/conversations/custom-channels/2026-03/${hub.channelId}/channel-account-staging-tokens/${account_token}`,
      { accountName: '@second', deliveryIdentifier: { type: 'CHANNEL_SPECIFIC_OPAQUE_ID', value: 'tgbot:7' } },
    );
    const names = async () => {
      const path = `/conversations/custom-channels/2026-03/${hub.channelId}/channel-accounts`;
      return (await hub.api('GET', path)).body.results.map(({ name }: { name: string }) => name);
    };
    expect(await names()).toEqual(['@mybot']);
    expect((await createBrowser().open(url)).status).toBe(200);
    expect(await names()).toEqual(['@mybot', '@second']);
  });
});
