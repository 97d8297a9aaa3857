import { connect } from 'node:net';
import { exchange } from '@chatferry/testkit/http/raw-exchange';
import { adminToken, type ConnectedBot, connectBot, sendPath, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

/** A complete request that must not be carried out. It follows where another request's body should end. */
const inner = () => {
  const body = JSON.stringify({ name: 'Smuggled' });
  return `PATCH /api/v1/keys/${bot.keyId} HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer ${adminToken}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};
const nameOfKey = async () => (await rig.admin(`/api/v1/keys/${bot.keyId}`)).body.name;
const post = (...headers: readonly string[]) =>
  `POST ${sendPath} HTTP/1.1\r\nHost: g\r\nX-Octopods-Auth: ${bot.key}\r\nContent-Type: application/json\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`;

describe('a request that could be read in two ways', () => {
  it.each([
    ['with a length and chunks', () => `${post('Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n${inner()}`],
    ['with chunks and a length', () => `${post('Transfer-Encoding: chunked', 'Content-Length: 4')}0\r\n\r\n${inner()}`],
    ['with chunks misspelt', () => `${post('Transfer-Encoding: xchunked')}0\r\n\r\n${inner()}`],
    [
      'with chunks that are not the last encoding',
      () => `${post('Transfer-Encoding: chunked, identity')}0\r\n\r\n${inner()}`,
    ],
    [
      'with two encodings',
      () =>
        `${post('Transfer-Encoding: identity', 'Transfer-Encoding: chunked', 'Content-Length: 4')}0\r\n\r\n${inner()}`,
    ],
    [
      'with a space before the colon',
      () => `${post('Transfer-Encoding : chunked', 'Content-Length: 4')}0\r\n\r\n${inner()}`,
    ],
    ['with two lengths', () => post('Content-Length: 0', `Content-Length: ${inner().length}`) + inner()],
    ['with two lengths in one header', () => post(`Content-Length: 0, ${inner().length}`) + inner()],
    ['with a length with a sign', () => post('Content-Length: +0') + inner()],
    ['with a negative length', () => post('Content-Length: -1') + inner()],
    ['with a length in hexadecimals', () => post('Content-Length: 0x0') + inner()],
    ['with a header on two lines', () => post('X-Folded: a\r\n Content-Length: 0') + inner()],
    ['with a lone line feed', () => post('X-Lone: a\nContent-Length: 0') + inner()],
    ['with a lone carriage return', () => post('X-Lone: a\rContent-Length: 0') + inner()],
    ['with a zero byte in a header', () => post('X-Zero: a\0b', 'Content-Length: 0') + inner()],
    ['with a chunk whose size is no number', () => `${post('Transfer-Encoding: chunked')}zz\r\n\r\n${inner()}`],
    ['with a chunk longer than it says', () => `${post('Transfer-Encoding: chunked')}1\r\nabc\r\n0\r\n\r\n${inner()}`],
    [
      'with a chunk of a size beyond all bounds',
      () => `${post('Transfer-Encoding: chunked')}fffffffffffffffff\r\n${inner()}`,
    ],
    [
      'with an extension of a chunk without end',
      () => `${post('Transfer-Encoding: chunked')}1;${'x'.repeat(100_000)}\r\n${inner()}`,
    ],
  ])('%s is refused as a whole, and its connection ends', async (_name, bytes) => {
    const before = await nameOfKey();
    const answer = await exchange(rig.url, bytes(), 'half-close');
    const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
    expect(statuses.every((status) => status >= 400 && status < 500)).toBe(true);
    expect(await nameOfKey()).toBe(before);
    expect((await rig.call('/healthz')).status).toBe(200);
  });
});

/** Writes one byte, or the given text, each second. Resolves when the gateway ends the connection. */
function dribble(head: string, byte: string): Promise<string> {
  const { hostname, port } = new URL(rig.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(head));
    const timer = setInterval(() => socket.writable && socket.write(byte), 1_000);
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.on('close', () => {
      clearInterval(timer);
      resolve(answer);
    });
    // Written after the gateway had ended the connection.
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ECONNRESET' && cause.code !== 'EPIPE') reject(cause);
    });
  });
}

describe('a client that never finishes its request', () => {
  const limitMs = 120_000;

  it('is disconnected, whichever part it withholds, while other clients are served', { timeout: limitMs }, async () => {
    const slow = [
      dribble('GET /healthz HTTP/1.1\r\nHost: g\r\nX-Slow: ', 'x'),
      dribble(post('Content-Length: 60000'), ' '),
      dribble(post('Transfer-Encoding: chunked'), '1\r\n \r\n'),
    ];
    expect((await rig.call('/healthz')).status).toBe(200);
    for (const answer of await Promise.all(slow)) {
      expect(answer).toMatch(/^HTTP\/1\.1 (400|408) /);
      expect(answer).toContain('in time');
    }
    expect((await rig.call('/healthz')).status).toBe(200);
  });
});
