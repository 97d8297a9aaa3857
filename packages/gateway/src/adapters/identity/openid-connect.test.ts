import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { afterAll, expect, it } from 'vitest';
import { Secret } from '../../ports/secret.ts';
import { createEgressPolicy } from '../http/egress-policy.ts';
import { createFetch } from '../http/fetch-over-transport.ts';
import { createTransport } from '../http/transport.ts';
import { createOpenIdConnect } from './openid-connect.ts';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

async function listen(answer: () => object): Promise<{ readonly origin: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(answer()));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

it('an identity provider cannot have its client secret sent to a private server that the settings do not name', async () => {
  const inner = await listen(() => ({}));
  const provider = await listen(() => ({
    issuer: provider.origin,
    authorization_endpoint: `${provider.origin}/authorize`,
    token_endpoint: `${inner.origin}/token`,
    jwks_uri: `${inner.origin}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  }));
  const client = (configured: readonly string[]) => {
    const transport = createTransport({ clock: createManualClock(), policy: createEgressPolicy(configured) });
    return createOpenIdConnect({
      issuer: provider.origin,
      clientId: 'chatferry',
      clientSecret: new Secret('secret-at-the-provider'),
      fetch: createFetch(transport, 5_000),
    });
  };
  const finish = async (configured: readonly string[]) => {
    const connect = client(configured);
    const { secrets } = await connect.begin('https://gateway.example.com/back');
    return connect.finish(`https://gateway.example.com/back?code=x&state=${secrets.state}`, secrets);
  };
  await expect(finish([provider.origin])).rejects.toThrow();
  expect([provider.asked, inner.asked]).toEqual([['/.well-known/openid-configuration'], []]);
  await expect(finish([provider.origin, inner.origin])).rejects.toThrow();
  expect(inner.asked).toEqual(['/token']);
});
