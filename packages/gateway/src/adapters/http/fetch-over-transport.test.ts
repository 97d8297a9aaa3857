import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEgressPolicy } from './egress-policy.ts';
import { createFetch, type FetchOverTransport } from './fetch-over-transport.ts';
import { createTransport, type Transport } from './transport.ts';

let server: Server;
let origin: string;
let answer: RequestListener;
let transport: Transport;
let fetchOver: FetchOverTransport;

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  transport = createTransport({ clock: createManualClock(), policy: createEgressPolicy([origin]) });
  fetchOver = createFetch(transport, 5_000);
});
afterAll(async () => {
  server.closeAllConnections();
  await transport.close();
  server.close();
});
beforeEach(() => {
  answer = (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}');
});

const get = { method: 'GET', headers: { accept: 'application/json' } };

describe('a fetch over the transport', () => {
  it('gives a library the answer with its status, headers and body', async () => {
    const response = await fetchOver(`${origin}/x`, get);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await response.json()).toEqual({ a: 1 });
  });

  it('sends a form with the headers of the library', async () => {
    const seen: unknown[] = [];
    answer = async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      seen.push(request.method, request.headers['authorization'], Buffer.concat(chunks).toString());
      response.writeHead(204).end();
    };
    const body = new URLSearchParams({ code: 'a b' });
    const response = await fetchOver(origin, { method: 'POST', headers: { authorization: 'Basic eDp5' }, body });
    expect([response.status, seen]).toEqual([204, ['POST', 'Basic eDp5', 'code=a+b']]);
  });

  it('does not follow a redirect', async () => {
    const asked: (string | undefined)[] = [];
    answer = ({ url }, response) => {
      asked.push(url);
      response.writeHead(302, { location: `${origin}/elsewhere` }).end();
    };
    expect((await fetchOver(`${origin}/x`, get)).status).toBe(302);
    expect(asked).toEqual(['/x']);
  });

  it('rejects where the policy allows no call, without the address', async () => {
    const refused = fetchOver('http://169.254.169.254/latest?secret=s3cret', get);
    await expect(refused).rejects.toThrow('CHATFERRY_ALLOWED_PRIVATE_ORIGINS');
    await expect(refused).rejects.not.toThrow('s3cret');
  });

  it('rejects what it was not made for', async () => {
    await expect(fetchOver(origin, { ...get, method: 'CONNECT' })).rejects.toThrow('CONNECT');
    await expect(fetchOver(origin, { ...get, method: 'POST', body: {} })).rejects.toThrow('neither a text nor a form');
  });
});
