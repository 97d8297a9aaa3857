import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEgressPolicy } from './egress-policy.ts';
import { createTransport, type TransportOptions } from './transport.ts';

let server: Server;
let port: number;
let connections: number;
let answer: RequestListener;
const clock = createManualClock();

beforeEach(async () => {
  connections = 0;
  answer = (_request, response) => void response.end('secret of the metadata service');
  server = createServer((request, response) => answer(request, response));
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A public address that is not assigned: it is in 2d00::/8. */
const unassignedAddress = '2d00::1';

/** Every name leads to the addresses of the next entry; the last one remains. */
function leadingTo(...entries: readonly (readonly string[])[]): { readonly lookup: LookupFunction; count: number } {
  const names = {
    count: 0,
    lookup: ((_name, options, callback) => {
      const found = (entries[Math.min(names.count, entries.length - 1)] ?? []).map((address) => ({
        address,
        family: address.includes(':') ? 6 : 4,
      }));
      names.count += 1;
      if (options.all === true) callback(null, found);
      else callback(null, found[0]?.address ?? '', found[0]?.family);
    }) satisfies LookupFunction,
  };
  return names;
}

interface CallOptions extends Omit<Partial<TransportOptions>, 'policy'> {
  readonly configured?: readonly string[];
  readonly times?: number;
}

/** Calls the address `times` times on one transport, and returns the last result. */
async function call(url: string, { configured = [], times = 1, ...options }: CallOptions = {}) {
  const policy = createEgressPolicy(configured);
  const transport = createTransport({ clock, connectTimeoutMs: 300, ...options, policy });
  try {
    const request = { url, method: 'GET', limitMs: 5_000 } as const;
    for (let made = 1; made < times; made += 1) await transport.call(request);
    return await transport.call(request);
  } finally {
    await transport.close();
  }
}

const path = '/bot1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0/getMe';
const refused = { kind: 'not-written', isBarred: true };

describe('a call to a place that the operator did not name', () => {
  it.each(['https', 'http'])('is not made over %s when its name leads into a private network', async (scheme) => {
    const { lookup } = leadingTo(['127.0.0.1']);
    expect(await call(`${scheme}://metadata.example:${port}${path}`, { lookup })).toMatchObject(refused);
    expect(await call(`${scheme}://metadata.example:${port}${path}`, { lookup, ipv4Only: true })).toMatchObject(
      refused,
    );
    expect(connections).toBe(0);
  });

  it.each([
    ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '017700000001', '127.0.0.1.', '0'],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '１２７.0.0.1', '127。0。0。1'],
    ...[
      '169.254.169.254',
      '0xa9fea9fe',
      '10.0.0.1',
      '192.168.1.1',
      '172.16.0.1',
      '100.64.0.1',
      '[fe80::1]',
      '[fd00::1]',
    ],
    ...['224.0.0.1', '[ff02::1]', '255.255.255.255', 'localhost'],
  ])('is not made when it is written as %s', async (host) => {
    for (const scheme of ['https', 'http']) {
      expect(await call(`${scheme}://${host}:${port}${path}`)).toMatchObject(refused);
    }
    expect(connections).toBe(0);
  });

  it.each(['[fe80::1%25lo]', '[fe80::1%lo]', '[::1%1]'])(
    'is not made when it names an interface, as %s',
    async (host) => {
      const { lookup } = leadingTo([`fe80::1%lo`]);
      expect(await call(`https://${host}:${port}/`)).toMatchObject({ kind: 'not-written' });
      expect(await call(`https://a.example:${port}/`, { lookup })).toMatchObject(refused);
      expect(connections).toBe(0);
    },
  );

  it('is checked again at every try: a name that changes its address does not help', async () => {
    const names = leadingTo([unassignedAddress], ['127.0.0.1']);
    const result = await call(`https://rebinding.example:${port}/`, { lookup: names.lookup, times: 3 });
    expect(result).toMatchObject(refused);
    // One lookup for each try: what was checked is what was dialled.
    expect([names.count, connections]).toEqual([3, 0]);
  });

  it('goes only to the public addresses of a name that has others too', async () => {
    const { lookup } = leadingTo(['127.0.0.1', unassignedAddress]);
    const result = await call(`https://both.example:${port}/`, { lookup });
    expect(result).toMatchObject({ kind: 'not-written' });
    expect(result).not.toHaveProperty('isBarred');
    expect(connections).toBe(0);
  });

  it('is not made without encryption, wherever it leads', async () => {
    const { lookup } = leadingTo([unassignedAddress]);
    const result = await call('http://api.example/', { lookup });
    expect(result).toEqual({ ...refused, detail: expect.stringContaining('does not begin with https') });
  });

  it('says what to do, and quotes nothing but the origin', async () => {
    const result = await call(`http://127.0.0.1:${port}${path}`);
    const https = await call(`https://127.0.0.1:${port}${path}`);
    expect(result).toEqual({ ...refused, detail: expect.stringContaining('CHATFERRY_ALLOWED_PRIVATE_ORIGINS') });
    expect(https).toEqual({
      ...refused,
      detail: `https://127.0.0.1:${port} leads into a private network, where the gateway calls only what its settings name. If you run this server, add https://127.0.0.1:${port} to CHATFERRY_ALLOWED_PRIVATE_ORIGINS and start the gateway again`,
    });
    expect(JSON.stringify([result, https])).not.toContain('AAHdq');
  });
});

describe('a call to an origin that the operator named', () => {
  it('is made to a private address, also without encryption', async () => {
    const configured = [`http://127.0.0.1:${port}`];
    expect(await call(`http://127.0.0.1:${port}/x`, { configured })).toMatchObject({ kind: 'answered', status: 200 });
    expect(await call(`http://2130706433:${port}/x`, { configured })).toMatchObject({ kind: 'answered', status: 200 });
  });

  it.each([false, true])('is made to whatever its name leads to (IPv4 only: %s)', async (ipv4Only) => {
    const { lookup } = leadingTo(['127.0.0.1']);
    const options = { lookup, ipv4Only, configured: [`http://bots.internal:${port}`] };
    expect(await call(`http://bots.internal:${port}/x`, options)).toMatchObject({ kind: 'answered', status: 200 });
  });

  it.each([
    ['another port', (at: number) => `http://127.0.0.1:${at - 1}`],
    ['another scheme', (at: number) => `https://127.0.0.1:${at}`],
    ['another name of the same server', (at: number) => `http://localhost:${at}`],
  ])('does not allow %s', async (_what, configured) => {
    expect(await call(`http://127.0.0.1:${port}/`, { configured: [configured(port)] })).toMatchObject(refused);
    expect(connections).toBe(0);
  });

  it('does not follow its redirect to another place', async () => {
    const paths: (string | undefined)[] = [];
    answer = ({ url }, response) => {
      paths.push(url);
      response.writeHead(302, { location: `http://127.0.0.1:${port}/latest/meta-data` }).end();
    };
    const result = await call(`http://127.0.0.1:${port}/x`, { configured: [`http://127.0.0.1:${port}`] });
    expect(result).toMatchObject({ kind: 'answered', status: 302 });
    expect(paths).toEqual(['/x']);
  });
});
