import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { LookupFunction } from 'node:net';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEgressPolicy } from './egress-policy.ts';
import { createGuardedFetch, type GuardedRequest } from './guarded-fetch.ts';
import { createTransport } from './transport.ts';

let server: Server;
let origin: string;
let connections: number;
let answer: RequestListener;
const clock = createManualClock();

beforeEach(async () => {
  connections = 0;
  answer = (_request, response) => void response.end('the file');
  server = createServer((request, response) => answer(request, response));
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

interface FetchOptions {
  readonly lookup?: LookupFunction;
  readonly configured?: readonly string[];
}

const hosts = ['intercomcdn.com', 'hubspotusercontent-na1.net'];

/** Every name leads to these addresses. */
const leadingTo =
  (...addresses: readonly string[]): LookupFunction =>
  (_name, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

/** The operator's settings name the server, unless `configured` says otherwise. */
const fetch = async (
  change: Partial<GuardedRequest>,
  { lookup = leadingTo('127.0.0.1'), configured = [origin] }: FetchOptions = {},
) => {
  const transport = createTransport({ clock, policy: createEgressPolicy(configured), lookup });
  try {
    return await createGuardedFetch(transport)({
      url: `${origin}/file`,
      hosts,
      origins: [origin],
      maxBytes: 1_000,
      limitMs: 20_000,
      ...change,
    });
  } finally {
    await transport.close();
  }
};

/** `PORT` is the port at which the server counts. */
const hostileUrls: readonly string[] = [
  // This machine, in every spelling of its number.
  ...['127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '2130706433', '0x7f000001', '0x7f.0.0.1', '0x7f.1'],
  ...['0177.0.0.1', '0177.1', '017700000001', '0x7F.0x0.0x0.0x1', '00000177.0.0.1', '127.0.0.1.', '127.000.000.001'],
  ...['0', '0.0.0.0', '0x0', '00', '0.0', '[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[0000::0001]'],
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::127.0.0.1]', '[::7f00:1]'],
  ...['[64:ff9b::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001:0:7f00:1::]'],
  ...['１２７.0.0.1', '①②⑦.⓪.⓪.①', '127。0。0。1', '127．0．0．1', '127｡0｡0｡1', '%31%32%37.0.0.1', '127%2e0%2e0%2e1'],
  // Its names.
  ...['localhost', 'LOCALHOST', 'localhost.', 'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ', 'loc%61lhost', 'localhost.localdomain', 'ip6-localhost'],
  ...['foo.localhost', 'host.docker.internal', 'kubernetes.default.svc', 'metadata.google.internal', 'router.local'],
  // Its neighbours.
  ...['10.0.0.1', '10.1', '012.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.1', '0xc0a80001'],
  ...['169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '[::ffff:169.254.169.254]'],
  ...['100.64.0.1', '100.100.100.200', '198.18.0.1', '192.0.0.192', '224.0.0.1', '239.255.255.255', '255.255.255.255'],
  ...['[fe80::1]', '[fc00::1]', '[fd00:ec2::254]', '[fec0::1]', '[ff02::1]', '[100::1]', '[2001:db8::1]', '[5f00::1]'],
  // Public names that lead inwards, and names that only look like the inbox's.
  ...['127.0.0.1.nip.io', '7f000001.nip.io', 'localtest.me', 'lvh.me', 'spoofed.burpcollaborator.net'],
  ...['intercomcdn.com.evil.example', 'evilintercomcdn.com', 'intercomcdn.com.', 'intercomcdn.co', 'intercomcdn'],
  ...[
    'intercomcdn.com%00.evil.example',
    'intercomcdn.com%2eevil.example',
    'іntercomcdn.com',
    'intercomcdn。com.evil.example',
  ],
  ...['hubspotusercontent-na1.net.nip.io', 'xhubspotusercontent-na1.net', 'f.hubspotusercontent-na1.net.evil.example'],
].flatMap((host) => [`http://${host}:PORT/`, `https://${host}:PORT/`]);

const otherForms: readonly string[] = [
  // A listed name, in the wrong way.
  'http://downloads.intercomcdn.com/a',
  'https://downloads.intercomcdn.com:PORT/a',
  'https://downloads.intercomcdn.com:22/a',
  'https://downloads.intercomcdn.com:80/a',
  'https://downloads.intercomcdn.com@127.0.0.1:PORT/a',
  'https://downloads.intercomcdn.com:443@127.0.0.1:PORT/a',
  'https://user@downloads.intercomcdn.com/a',
  'https://user:secret@downloads.intercomcdn.com/a',
  'https://:secret@downloads.intercomcdn.com/a',
  'https://127.0.0.1:PORT#@downloads.intercomcdn.com/',
  'https://127.0.0.1:PORT?@downloads.intercomcdn.com/',
  'https://127.0.0.1:PORT\\@downloads.intercomcdn.com/',
  'https://127.0.0.1:PORT/https://downloads.intercomcdn.com/',
  'https:\\\\127.0.0.1:PORT\\a',
  'https:///127.0.0.1:PORT/a',
  'https:127.0.0.1:PORT/a',
  ' https://127.0.0.1:PORT/a ',
  'ht\ntps://127.0.0.1:PORT/a',
  'https://127.0.\t0.1:PORT/a',
  // The operator's stand-in, almost.
  'http://user@127.0.0.1:PORT/a',
  'http://127.0.0.1:1/a',
  'http://127.0.0.1/a',
  'https://127.0.0.1:PORT/a',
  'http://localhost:PORT/a',
  'http://127.0.0.2:PORT/a',
  'http://[::ffff:127.0.0.1]:PORT/a',
  'ws://127.0.0.1:PORT/a',
  'blob:http://127.0.0.1:PORT/a',
  // What is not the web.
  ...['file:///etc/passwd', 'file://127.0.0.1/etc/passwd', 'ftp://127.0.0.1:PORT/', 'gopher://127.0.0.1:PORT/_x'],
  ...['dict://127.0.0.1:PORT/', 'ldap://127.0.0.1:PORT/', 'tftp://127.0.0.1:PORT/', 'sftp://127.0.0.1:PORT/'],
  ...[
    'javascript:alert(1)',
    'data:text/plain;base64',
    'jar:http://127.0.0.1:PORT!/',
    'netdoc:///etc/passwd',
    'unix:/run/x',
  ],
  ...['//127.0.0.1:PORT/', '/etc/passwd', '127.0.0.1:PORT', '', ' ', 'https://', 'https://[::1', 'https://[v1.x]/'],
  ...['https://%00/', 'https://a b/', 'https://1.2.3.4.5/', 'https://256.0.0.1/', 'https://127.0.0.1:99999/'],
];

/** Where a listed name may lead when its owner, or a resolver on the way, is not our friend. */
const hostileAddresses: readonly string[] = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.8.8.8'],
  ...['169.254.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.8', '192.0.2.1', '192.88.99.1'],
  ...['192.168.0.1', '192.168.255.255', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1'],
  ...['239.255.255.255', '240.0.0.1', '255.255.255.255', '::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8'],
  ...['::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::a00:1', '64:ff9b:1::1', '100::1', '2001::1', '2001:0:7f00:1::1'],
  ...['2001:2::1', '2001:10::1', '2001:20::1', '2001:db8::1', '2002:7f00:1::1', '2002:a00:1::1', '3ffe::1', '3fff::1'],
  ...['5f00::1', 'fc00::1', 'fd12:3456::1', 'fe80::1', 'fe80::1%lo', 'febf::1', 'fec0::1', 'ff02::1', 'ff0e::1'],
];

const placed = (url: string): string => url.replaceAll('PORT', new URL(origin).port);

describe('a hostile address', () => {
  it('is tested in many forms', () => {
    expect(new Set([...hostileUrls, ...otherForms]).size).toBeGreaterThanOrEqual(250);
  });

  it.each(hostileUrls)('%s is refused, and nothing connects', async (url) => {
    expect(await fetch({ url: placed(url), origins: [] })).toMatchObject({ kind: 'refused' });
    expect(connections).toBe(0);
  });

  it.each(otherForms)('%j is refused, and nothing connects', async (url) => {
    expect(await fetch({ url: placed(url) })).toMatchObject({ kind: 'refused' });
    expect(connections).toBe(0);
  });

  it.each(hostileAddresses)('%s is not dialled when a listed name leads to it', async (address) => {
    const url = 'https://downloads.intercomcdn.com/a?signature=s3cret';
    const outcome = await fetch({ url }, { lookup: leadingTo(address) });
    expect(outcome).toEqual({ kind: 'refused', detail: expect.stringContaining('private network') });
    expect(JSON.stringify(outcome)).not.toContain('s3cret');
  });

  it('is not connected to when the name resolves to several such addresses', async () => {
    const outcome = await fetch(
      { url: 'https://intercomcdn.com/a' },
      { lookup: leadingTo('10.0.0.1', 'fd00::1', '127.0.0.1') },
    );
    expect(outcome).toMatchObject({ kind: 'refused' });
  });
});

describe('a file that an inbox serves under its customers’ own names', () => {
  const paths = ['/hubfs/', '/hs-fs/hubfs/'];
  const ask = (url: string, address = '10.0.0.1') => fetch({ url: placed(url), paths }, { lookup: leadingTo(address) });

  it.each([
    'https://www.harbourbooks.example/hs-fs/hubfs/way-to-us.png?width=600',
    'https://www.harbourbooks.example/hubfs/plan.pdf',
  ])('(%s) is asked for, but not at a private address', async (url) => {
    expect(await ask(url)).toEqual({ kind: 'refused', detail: expect.stringContaining('private network') });
  });

  it.each([
    'https://www.harbourbooks.example/other/hubfs/plan.pdf',
    'https://www.harbourbooks.example/hubfs/../admin',
    'https://www.harbourbooks.example/hubfs',
    'http://www.harbourbooks.example/hubfs/plan.pdf',
    'https://www.harbourbooks.example:PORT/hubfs/plan.pdf',
    'https://user@www.harbourbooks.example/hubfs/plan.pdf',
    'https://127.0.0.1/hubfs/plan.pdf',
    'https://[::1]/hubfs/plan.pdf',
    'https://2130706433/hubfs/plan.pdf',
  ])('(%s) is refused where it is not such a file, and nothing connects', async (url) => {
    const outcome = await ask(url, '127.0.0.1');
    expect(outcome).toEqual({ kind: 'refused', detail: expect.not.stringContaining('private network') });
    expect(connections).toBe(0);
  });
});

describe('a file', () => {
  it('waits without being read while there is no room for it', async () => {
    const sizes: number[] = [];
    const admit = (bytes: number) => sizes.push(bytes) > 2;
    answer = (_request, response) => void response.setHeader('content-length', 8).end('the file');
    expect(await fetch({ admit })).toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('too many') });
    answer = (_request, response) => {
      response.write('the file');
      response.end();
    };
    expect(await fetch({ admit })).toMatchObject({ kind: 'unavailable' });
    expect(await fetch({ admit })).toMatchObject({ kind: 'ok' });
    expect(sizes).toEqual([8, 1_000, 1_000]);
  });

  it('is fetched from the operator’s replacement for the provider, also on this machine', async () => {
    expect(await fetch({})).toEqual({ kind: 'ok', content: Buffer.from('the file') });
    expect(connections).toBe(1);
  });

  it('is not fetched from the inbox’s own address when the operator’s settings do not name it', async () => {
    expect(await fetch({}, { configured: [] })).toMatchObject({ kind: 'refused' });
    expect(await fetch({}, { configured: ['http://127.0.0.1:1', origin.replace('http', 'https')] })).toMatchObject({
      kind: 'refused',
    });
    expect(connections).toBe(0);
  });

  it('is not fetched from another address that the operator’s settings name', async () => {
    expect(await fetch({ origins: ['http://127.0.0.1:1'] })).toMatchObject({ kind: 'refused' });
    expect(connections).toBe(0);
  });

  it('is unavailable for the moment when its host name is not known', async () => {
    const unknown: LookupFunction = (_name, _options, callback) =>
      callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
    expect(await fetch({ url: 'https://intercomcdn.com/a' }, { lookup: unknown })).toMatchObject({
      kind: 'unavailable',
    });
  });

  it('is not followed to another place', async () => {
    answer = (_request, response) => void response.writeHead(302, { location: `${origin}/other` }).end();
    expect(await fetch({})).toEqual({ kind: 'refused', detail: expect.stringContaining('redirects') });
    expect(connections).toBe(1);
  });

  it.each([
    [401, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [410, 'refused'],
    [204, 'refused'],
    [400, 'refused'],
    [408, 'unavailable'],
    [429, 'unavailable'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('that is answered with %i is %s', async (status, kind) => {
    answer = (_request, response) => void response.writeHead(status).end();
    expect(await fetch({})).toMatchObject({ kind });
  });

  it('that announces a size over the limit is not read', async () => {
    answer = (_request, response) => void response.end(Buffer.alloc(1_001));
    expect(await fetch({})).toEqual({ kind: 'too-large', maxBytes: 1_000 });
  });

  it('that does not say so is read to the limit and no further', async () => {
    answer = (_request, response) => {
      // Never ends by itself.
      const pour = (): void => {
        while (response.write(Buffer.alloc(600)));
        response.once('drain', pour);
      };
      pour();
    };
    expect(await fetch({})).toEqual({ kind: 'too-large', maxBytes: 1_000 });
  });

  it('that is exactly as large as the limit is fetched whole', async () => {
    answer = (_request, response) => void response.end(Buffer.alloc(1_000));
    expect(await fetch({})).toEqual({ kind: 'ok', content: Buffer.alloc(1_000) });
  });

  it('is requested uncompressed, and refused when it is compressed', async () => {
    let asked: unknown;
    answer = (request, response) => {
      asked = request.headers['accept-encoding'];
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('packed');
    };
    expect(await fetch({})).toMatchObject({ kind: 'refused' });
    expect(asked).toBe('identity');
  });

  it('that is cut short is unavailable for the moment', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      response.socket?.destroy();
    };
    expect(await fetch({})).toMatchObject({ kind: 'unavailable' });
  });

  it.each(['no head', 'half a body'])(
    'that does not arrive in time (%s) is unavailable for the moment',
    async (what) => {
      let asked: () => void = () => undefined;
      const wasAsked = new Promise<void>((resolve) => {
        asked = resolve;
      });
      answer = (_request, response) => {
        if (what === 'half a body') response.writeHead(200, { 'content-length': 100 }).write('half');
        asked();
      };
      const outcome = fetch({});
      await wasAsked;
      clock.advance(20_000);
      expect(await outcome).toEqual({ kind: 'unavailable', detail: 'no answer within 20000 ms' });
    },
  );
});
