import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { anyAddress } from '@chatferry/testkit/http/any-address';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BoundSecret } from '../../ports/secret.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import { createClient } from './client.ts';
import { download } from './download.ts';

const token = '4242:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
const maxBytes = 1_000;
const limitMs = 5_000;
const idleLimitMs = 1_000;
const clock = createManualClock();
const transport = createTransport({ clock, policy: anyAddress });
let server: Server;
let serveFile: (response: ServerResponse) => void;
/** Called when a piece of the file was read. */
let onPiece = (): void => undefined;
const watched: Transport = {
  ...transport,
  async stream(request) {
    const answer = await transport.stream(request);
    if (answer.kind !== 'answered') return answer;
    const onBytes = (): void => {
      answer.onBytes();
      onPiece();
    };
    return { ...answer, onBytes };
  },
};
let fileAnswer: { readonly status: number; readonly body: object };

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url?.startsWith('/file/') === true) return serveFile(response);
    response.statusCode = fileAnswer.status;
    response.end(JSON.stringify(fileAnswer.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  await transport.close();
  server.closeAllConnections();
  server.close();
});

const offered = (filePath?: string) => ({
  status: 200,
  body: { ok: true, result: { file_id: 'F', ...(filePath === undefined ? {} : { file_path: filePath }) } },
});
const refusal = (status: number, description: string) => ({
  status,
  body: { ok: false, error_code: status, description },
});
const run = async (
  asked: typeof fileAnswer = offered('photos/file_1.jpg'),
  serve: typeof serveFile = (response) => response.end('bytes'),
) => {
  fileAnswer = asked;
  onPiece = () => undefined;
  serveFile = serve;
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient(watched, { token: new BoundSecret(token, [root]), apiRoot: root, fileRoot: root });
  const outcome = await download(client, 'F', { maxBytes, limitMs, idleLimitMs });
  expect(JSON.stringify(outcome)).not.toContain(token);
  return outcome;
};
const status = (code: number) => (response: ServerResponse) => {
  response.statusCode = code;
  response.end('x'.repeat(5_000));
};

describe('a download from Telegram', () => {
  it('is the bytes of the file', async () => {
    expect(await run()).toEqual({ kind: 'ok', value: { content: Buffer.from('bytes') } });
  });

  it('is too large when Telegram says so, when the server announces it, and when only the content shows it', async () => {
    const tooLarge = { kind: 'too-large', maxBytes };
    expect(await run(refusal(400, 'Bad Request: file is too big'))).toEqual(tooLarge);
    const large = 'x'.repeat(maxBytes + 1);
    expect(await run(undefined, (response) => response.end(large))).toEqual(tooLarge);
    const inPieces = (response: ServerResponse) => {
      response.write(large.slice(1));
      response.end('xx');
    };
    expect(await run(undefined, inPieces)).toEqual(tooLarge);
    expect(await run(undefined, (response) => response.end(large.slice(1)))).toMatchObject({ kind: 'ok' });
  });

  it.each([
    [refusal(400, 'Bad Request: invalid file_id'), 'Bad Request: invalid file_id'],
    [offered(), 'Telegram does not offer it for download any more'],
    [offered('/data/other/file_1.jpg'), /put a file server for it at the file root/],
    [offered('../secrets'), /put a file server for it at the file root/],
  ])('is refused permanently: %j', async (asked, detail) => {
    expect(await run(asked)).toMatchObject({ kind: 'refused', detail: expect.stringMatching(detail) });
  });

  it.each([300, 400, 405])('is refused permanently where the file server answers %i', async (code) => {
    expect(await run(undefined, status(code))).toMatchObject({ kind: 'refused', providerCode: code });
  });

  it('may be tried again where the server cannot tell a wrong id from a failure that passes', async () => {
    const asked = refusal(400, 'Bad Request: wrong file_id or the file is temporarily unavailable');
    expect(await run(asked)).toMatchObject({ kind: 'unavailable', detail: asked.body.description });
  });

  it('asks for the path in every try, because an old one may be gone', async () => {
    const serve = (path: string) => (response: ServerResponse) => {
      response.statusCode = path === currentPath ? 200 : 404;
      response.end('bytes');
    };
    const currentPath = 'photos/file_2.jpg';
    expect(await run(offered('photos/file_1.jpg'), serve('photos/file_1.jpg'))).toMatchObject({ kind: 'unavailable' });
    expect(await run(offered(currentPath), serve(currentPath))).toMatchObject({ kind: 'ok' });
  });

  it('is given up when no byte comes for the time without one, however long the whole may take', async () => {
    const half = (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': '900' });
      response.write('x');
      onPiece = () => clock.advance(idleLimitMs);
    };
    const given = { kind: 'unavailable', detail: `nothing came for ${idleLimitMs} ms` };
    expect(await run(undefined, half)).toMatchObject(given);
    expect(await run(undefined, () => clock.advance(idleLimitMs))).toMatchObject(given);
  });

  it('is given up when the whole takes too long, although bytes come', async () => {
    const endless = (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': '900' });
      response.write('x');
      onPiece = () => {
        clock.advance(idleLimitMs - 1);
        response.write('x');
      };
    };
    expect(await run(undefined, endless)).toMatchObject({
      kind: 'unavailable',
      detail: `no answer within ${limitMs} ms`,
    });
  });

  it('continues for longer than the time without a byte while bytes come', async () => {
    const slow = (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': '4' });
      response.write('x');
      onPiece = () => {
        clock.advance(idleLimitMs - 1);
        response.write('x');
      };
    };
    expect(await run(undefined, slow)).toMatchObject({ kind: 'ok', value: { content: Buffer.from('xxxx') } });
  });

  it.each([500, 502, 429, 408, 425, 401, 403, 404, 410])(
    'may be tried again where the file server answers %i',
    async (code) => {
      expect(await run(undefined, status(code))).toMatchObject({ kind: 'unavailable' });
    },
  );

  it('may be tried again where it is cut short, or Telegram is in trouble', async () => {
    const cut = (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': '900' });
      response.write('x', () => response.destroy());
    };
    expect(await run(undefined, cut)).toMatchObject({ kind: 'unavailable' });
    expect(await run(refusal(500, 'Internal Server Error'))).toMatchObject({ kind: 'unavailable' });
    expect(await run(refusal(429, 'Too Many Requests: retry after 3'))).toMatchObject({ kind: 'unavailable' });
  });
});
