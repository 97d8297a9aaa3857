import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { anyAddress } from '@chatferry/testkit/http/any-address';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BoundSecret } from '../../ports/secret.ts';
import { createTransport } from '../http/transport.ts';
import { classifyCall, classifySend } from './classify.ts';
import { createClient, type MethodResult, type TelegramClient } from './client.ts';

/** How the server treats a request; what it answers quotes the request line, as careless proxies do. */
const treatments: Readonly<Record<string, (socket: Socket, quoted: string) => void>> = {
  reset: (socket) => socket.resetAndDestroy(),
  close: (socket) => socket.end(),
  'cut short': (socket, quoted) => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n${quoted}`),
  'not HTTP': (socket, quoted) => socket.end(`${quoted}\r\n\r\n`),
  'not JSON': (socket, quoted) => answer(socket, '200 OK', `<h1>${quoted}</h1>`),
  'foreign JSON': (socket, quoted) => answer(socket, '200 OK', JSON.stringify({ path: quoted })),
  refusal: (socket, quoted) => answer(socket, '400 Bad Request', refusalOf(400, quoted)),
  'encoded refusal': (socket, quoted) => answer(socket, '404 Not Found', refusalOf(404, encodeURIComponent(quoted))),
  'rate limit': (socket, quoted) => answer(socket, '429 Too Many Requests', refusalOf(429, quoted)),
  'server error': (socket, quoted) => answer(socket, '500 Internal Server Error', refusalOf(500, quoted)),
  redirect: (socket, quoted) => socket.end(`HTTP/1.1 302 Found\r\nlocation: ${quoted}\r\ncontent-length: 0\r\n\r\n`),
};

const refusalOf = (code: number, description: string): string =>
  JSON.stringify({ ok: false, error_code: code, description: `Not this: ${description}` });

const answer = (socket: Socket, status: string, body: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
};

let treat: (socket: Socket, quoted: string) => void = (socket) => socket.destroy();
let lastRequest = '';
let server: Server;
const transport = createTransport({ clock: createManualClock(), policy: anyAddress });

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (bytes) => {
      lastRequest = bytes.toString();
      treat(socket, lastRequest.split(' ')[1] ?? '');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  await transport.close();
  server.close();
});

const clientWith = (
  token: string,
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
): TelegramClient => createClient(transport, { token: new BoundSecret(token, [root]), apiRoot: root, fileRoot: root });

const tokens = fc
  .tuple(fc.integer({ min: 1e8, max: 1e10 }), fc.stringMatching(/^[A-Za-z0-9_-]{35}$/))
  .map(([id, key]) => `${id}:${key}`);

describe('a call of a Bot API method', () => {
  it('posts JSON to the method below the bot’s own path', async () => {
    treat = (socket) => answer(socket, '200 OK', '{"ok":true,"result":true}');
    const result = await clientWith('42:abc').callMethod(
      'answerCallbackQuery',
      { callback_query_id: '7' },
      { limitMs: 1_000 },
    );
    expect(result).toEqual({ kind: 'envelope', status: 200, envelope: { ok: true, result: true } });
    expect(lastRequest).toMatch(/^POST \/bot42:abc\/answerCallbackQuery HTTP\/1.1\r\n/);
    expect(lastRequest).toContain('content-type: application/json\r\n');
    expect(lastRequest).toMatch(/\r\n\r\n\{"callback_query_id":"7"\}$/);
  });

  it('stays on its server whatever the token contains', async () => {
    treat = (socket) => answer(socket, '200 OK', '{"ok":true,"result":true}');
    await clientWith('42:a/../../x?y#z').callMethod('getMe', {}, { limitMs: 1_000 });
    expect(lastRequest).toMatch(/^POST \/bot42:a%2F\.\.%2F\.\.%2Fx%3Fy%23z\/getMe /);
  });

  it('returns the parameters of a refusal', async () => {
    const body = { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 5 } };
    treat = (socket) => answer(socket, '429 Too Many Requests', JSON.stringify(body));
    expect(await clientWith('42:abc').callMethod('getMe', {}, { limitMs: 1_000 })).toEqual({
      kind: 'envelope',
      status: 429,
      envelope: {
        ok: false,
        errorCode: 429,
        description: 'Too Many Requests',
        retryAfterSeconds: 5,
        migrateToChatId: null,
      },
    });
  });

  it('downloads a file from the file root', async () => {
    treat = (socket) => answer(socket, '200 OK', 'bytes');
    const file = await clientWith('42:abc').download('photos/file 1.jpg', { limitMs: 1_000 });
    if (file?.kind !== 'answered') throw new Error(file?.detail);
    expect(Buffer.concat(await file.body.toArray()).toString()).toBe('bytes');
    expect(lastRequest).toMatch(/^GET \/file\/bot42:abc\/photos\/file%201\.jpg /);
  });

  it('downloads a file of a server in local mode from the file root', async () => {
    treat = (socket) => answer(socket, '200 OK', 'bytes');
    const file = await clientWith('42:abc').download('/var/lib/bots/42:abc/voice/file_2.oga', { limitMs: 1_000 });
    if (file?.kind !== 'answered') throw new Error(file?.detail);
    await file.body.toArray();
    expect(lastRequest).toMatch(/^GET \/file\/bot42:abc\/voice\/file_2\.oga /);
  });

  it.each(['/etc/passwd', '/var/lib/bots/42:abc/../43:def/x', '../bot43:def/x', 'photos//x', '', '.'])(
    'downloads nothing from outside of the bot’s folder: %j',
    async (path) => {
      expect(await clientWith('42:abc').download(path, { limitMs: 1_000 })).toBeNull();
    },
  );
});

describe('the bot token', () => {
  const expectNoToken = (token: string, result: MethodResult): void => {
    const shown = JSON.stringify([result, classifySend(result), classifyCall(result, () => null)]);
    expect(shown).not.toContain(token);
    expect(shown).not.toContain(encodeURIComponent(token));
    expect(shown).not.toContain(token.split(':')[1]);
  };

  it.each(Object.keys(treatments))('is in nothing that comes back, whatever it is: %s', async (name) => {
    await fc.assert(
      fc.asyncProperty(tokens, async (token) => {
        treat = treatments[name] ?? treat;
        expectNoToken(token, await clientWith(token).callMethod('getMe', {}, { limitMs: 1_000 }));
      }),
      { numRuns: 25 },
    );
  });

  it.each(['http://127.0.0.1:1', 'http://host.invalid', 'no address', 'https://127.0.0.1:1'])(
    'is in no outcome without a connection to %s',
    async (root) => {
      await fc.assert(
        fc.asyncProperty(tokens, async (token) => {
          const result = await clientWith(token, root).callMethod('getMe', {}, { limitMs: 1_000 });
          expect(result.kind).toBe(URL.canParse(root) ? 'not-written' : 'withheld');
          expectNoToken(token, result);
        }),
        { numRuns: 10 },
      );
    },
  );
});
