import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BoundSecret } from '../../ports/secret.ts';
import type { HttpRequest, HttpResult } from '../http/http-call.ts';
import { createClient } from './client.ts';
import { createLoneGrant } from './lone-grant.ts';
import { hubspotCredential, hubspotSettings, publicAddress } from './settings.ts';

const secrets = {
  client_secret: 'c1ient+s3cret/==',
  refresh_token: 'na1-refresh token/with=signs',
  developer_api_key: 'dev-key-0123456789',
};
const bound = (value: string) => new BoundSecret(value, [publicAddress]);
const credential = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, bound(value)]));
const accessToken = 'acc3ss-t0ken+/';
const all = [...Object.values(secrets), accessToken];

const clientOf = (call: (request: HttpRequest) => Promise<HttpResult>) =>
  createClient({
    transport: { call },
    clock: createManualClock(),
    settings: hubspotSettings.parse({ client_id: 'app', app_id: '1', webhook_url: 'https://gw.example/hook' }),
    credential: hubspotCredential.parse(credential),
    grant: createLoneGrant(bound(secrets.refresh_token)),
  });

const json = (status: number, value: unknown): HttpResult => ({
  kind: 'answered',
  status,
  headers: {},
  body: Buffer.from(JSON.stringify(value)),
});

const asked = { effect: 'writes', about: 'message' } as const;

it('the HubSpot client returns no secret in any outcome', async () => {
  const around = fc
    .tuple(fc.string(), fc.constantFrom(...all, ...all.map(encodeURIComponent)), fc.string())
    .map((parts) => parts.join(''));
  const answers = fc.oneof(
    fc.record({
      kind: fc.constant('answered' as const),
      status: fc.constantFrom(302, 400, 401, 403, 404, 409, 422, 429, 500),
      headers: fc.constant({}),
      body: around.map((message) => Buffer.from(JSON.stringify({ category: message, message }))),
    }),
    fc.record({ kind: fc.constantFrom('not-written' as const, 'uncertain' as const), detail: around }),
  );
  await fc.assert(
    fc.asyncProperty(answers, fc.boolean(), async (answer: HttpResult, refreshWorks) => {
      const client = clientOf((request) =>
        Promise.resolve(
          refreshWorks && request.url.includes('/oauth/')
            ? json(200, { access_token: accessToken, expires_in: 1800 })
            : answer,
        ),
      );
      const outcomes = [
        await client.call('POST', '/messages', {}, asked),
        await client.callAsDeveloper('GET', '/channels', null, asked),
      ];
      const shown = JSON.stringify(outcomes);
      const known = refreshWorks ? all : Object.values(secrets);
      for (const secret of [...known, ...known.map(encodeURIComponent)]) expect(shown).not.toContain(secret);
    }),
  );
});

it('the HubSpot client repeats a call once with a new token after a 401', async () => {
  const seen: string[] = [];
  let tokens = 0;
  const client = clientOf((request) => {
    if (request.url.includes('/oauth/')) {
      tokens += 1;
      return Promise.resolve(json(200, { access_token: `token-${tokens}`, expires_in: 1800 }));
    }
    const authorization = request.headers?.['authorization'] ?? '';
    seen.push(authorization);
    return Promise.resolve(authorization === 'Bearer token-1' ? json(401, {}) : json(201, { id: 'm' }));
  });
  expect(await client.call('POST', '/messages', {}, asked)).toEqual({ kind: 'ok', value: { id: 'm' } });
  expect(seen).toEqual(['Bearer token-1', 'Bearer token-2']);
});

it('the HubSpot client gives up after the second 401', async () => {
  let calls = 0;
  const client = clientOf((request) => {
    if (request.url.includes('/oauth/')) {
      return Promise.resolve(json(200, { access_token: 'token', expires_in: 1800 }));
    }
    calls += 1;
    return Promise.resolve(json(401, {}));
  });
  expect((await client.call('POST', '/messages', {}, asked)).kind).toBe('broken');
  expect(calls).toBe(2);
});

it('the HubSpot client stores a rotated refresh token before it uses the access token', async () => {
  const changed: string[] = [];
  const client = createClient({
    transport: {
      call: () => Promise.resolve(json(200, { access_token: 'a', refresh_token: 'fresh', expires_in: 1800 })),
    },
    clock: createManualClock(),
    settings: hubspotSettings.parse({ client_id: 'app' }),
    credential: hubspotCredential.parse(credential),
    grant: createLoneGrant(bound(secrets.refresh_token), (token) => changed.push(token.revealFor(publicAddress))),
  });
  await client.portal();
  expect(changed).toEqual(['fresh']);
  expect(JSON.stringify(bound('fresh'))).not.toContain('fresh');
});
