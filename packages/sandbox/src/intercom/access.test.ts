import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connected, connect, refusal } from '../testing/intercom-rig.ts';

let acme: Connected;
beforeEach(async () => {
  acme = await connect();
});
afterEach(() => acme.close());

describe('the simulated Intercom API', () => {
  it('answers a call without a known token with an error list', async () => {
    const answered = await acme.rig.request('GET', '/intercom/me');
    expect(answered.status).toBe(401);
    expect(answered.body).toMatchObject({
      type: 'error.list',
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      errors: [{ code: 'unauthorized', message: 'Access Token Invalid', field: null }],
    });
    expect(refusal(await acme.api('GET', '/me', undefined, { authorization: 'Bearer nope' }))[0]).toBe(401);
  });

  it('hides the contacts of one workspace from the token of another', async () => {
    const other = acme.rig.simulator.createWorkspace();
    const contact = await acme.lead();
    const answered = await acme.api('GET', `/contacts/${contact.id}`, undefined, {
      authorization: `Bearer ${other.access_token}`,
    });
    expect(refusal(answered)).toEqual([404, 'not_found', 'User Not Found']);
  });

  it('accepts only published versions', async () => {
    expect(refusal(await acme.api('GET', '/me', undefined, { 'intercom-version': '2.99' }))[1]).toBe(
      'intercom_version_invalid',
    );
    expect((await acme.api('GET', '/me', undefined, { 'intercom-version': '2.14' })).status).toBe(200);
  });

  it('returns the owner of the token and lists the admins with the Operator bot', async () => {
    expect((await acme.api('GET', '/me')).body).toMatchObject({
      type: 'admin',
      id: acme.adminId,
      app: { type: 'app', id_code: acme.workspace.workspace_id, region: 'US' },
    });
    const { admins } = (await acme.api('GET', '/admins')).body;
    expect(admins.at(-1)).toMatchObject({
      email: `operator+${acme.workspace.workspace_id}@intercom.io`,
      has_inbox_seat: false,
    });
    expect(admins[0]).toMatchObject({ type: 'admin', id: acme.adminId, has_inbox_seat: true, team_ids: [] });
  });

  it('counts calls in windows of 10 s and answers 429 with the reset time', async () => {
    acme.rig.simulator.setOptions(acme.workspace.workspace_id, { rateLimitPer10s: 2 });
    const first = await acme.api('GET', '/me');
    expect(first.headers.get('x-ratelimit-limit')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    await acme.api('GET', '/me');
    const third = await acme.api('GET', '/me');
    expect(refusal(third)).toEqual([429, 'rate_limit_exceeded', 'Exceeded rate limit of 2 in 10_seconds']);
    expect(Number(third.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(acme.clock.nowMs());
    acme.clock.advance(10_000);
    expect((await acme.api('GET', '/me')).status).toBe(200);
  });
});
