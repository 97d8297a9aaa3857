import { ErrorBody } from '@chatferry/contract';
import { exchange as exchangeWith } from '@chatferry/testkit/http/raw-exchange';
import { adminToken, type ConnectedBot, connectBot, sendPath, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const exchange = (bytes: string, ending: 'half-close' | 'stay') => exchangeWith(rig.url, bytes, ending);

function readRaw(answer: string): { readonly status: number; readonly requestId: string; readonly body: ErrorBody } {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]),
    requestId: /^x-request-id: (.*)$/im.exec(head)?.[1] ?? '',
    body: ErrorBody.parse(JSON.parse(body)),
  };
}

describe('X-Request-Id', () => {
  it.each([
    ['200', 'GET', '/healthz', 200],
    ['401', 'GET', '/api/v1/channels', 401],
    ['404', 'GET', '/nowhere', 404],
    ['405', 'PUT', '/api/v1/channels', 405],
    ['a hook with an unknown path', 'POST', '/hooks/telegram/unknown', 401],
    ['an address that cannot be decoded', 'GET', '/api/v1/channels/%zz', 404],
    ['a hook with an endless path', 'POST', `/hooks/telegram/${'x'.repeat(2_000)}`, 404],
  ])('is in the answer to %s', async (_name, method, path, status) => {
    const answer = await rig.call(path, { method });
    expect([answer.status, answer.headers.get('x-request-id')]).toEqual([status, expect.stringMatching(uuid)]);
  });

  it('is a new id of the gateway, even if the caller sends one', async () => {
    const headers = { 'x-request-id': 'chosen-by-the-caller', 'request-id': 'another' };
    const ids = [];
    for (let count = 0; count < 3; count += 1) ids.push((await rig.call('/healthz', { headers })).headers);
    const seen = new Set(ids.map((answered) => answered.get('x-request-id')));
    expect(seen.size).toBe(3);
    for (const id of seen) expect(id).toMatch(uuid);
  });
});

describe('the methods of a path', () => {
  it('include HEAD, which is GET without a body', async () => {
    const head = await rig.call('/healthz', { method: 'HEAD' });
    expect([head.status, head.body]).toEqual([200, null]);
    expect((await rig.admin('/api/v1/channels', { method: 'HEAD' })).status).toBe(200);
    expect((await rig.call('/api/v1/channels', { method: 'HEAD' })).status).toBe(401);
  });

  it.each([
    ['OPTIONS', sendPath, 'POST'],
    ['HEAD', sendPath, 'POST'],
    ['OPTIONS', '/api/v1/channels', 'POST, GET, HEAD'],
    ['PUT', '/api/v1/channels/chn_0', 'GET, HEAD, PATCH, DELETE'],
    ['POST', '/healthz', 'GET, HEAD'],
  ])('%s %s answers what is allowed', async (method, path, allow) => {
    const answer = await rig.call(path, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  });
});

describe('an internal error', () => {
  it('is answered with 500 without its cause, which is in the log with the request id', async () => {
    await rig.database.pool.query('alter table keys rename column name to title');
    const answer = await rig.admin('/api/v1/keys');
    await rig.database.pool.query('alter table keys rename column title to name');
    expect([answer.status, answer.body.error_code]).toEqual([500, 150]);
    expect(Object.keys(answer.body).sort()).toEqual(['doc_url', 'error', 'error_code', 'error_name', 'request_id']);
    expect(answer.body.error).not.toMatch(/column|select|keys/i);
    const logged = rig.logLines.map((line) => JSON.parse(line)).filter((line) => line.event === 'request.failed');
    expect(logged.at(-1)).toMatchObject({
      level: 'error',
      requestId: answer.body.request_id,
      route: '/api/v1/keys',
      err: { code: '42703' },
    });
  });
});

describe('an unknown address', () => {
  it.each([
    ['broken JSON', '{"a":', 'application/json'],
    ['something else', 'a=b', 'application/x-www-form-urlencoded'],
    ['much', 'x'.repeat(200_000), 'application/json'],
  ])('is told as such, whatever is sent there: %s', async (_name, raw, type) => {
    const { status, body } = await rig.call('/api/v1/nothing', {
      method: 'POST',
      raw,
      headers: { 'content-type': type },
    });
    expect([status, body.error_code]).toEqual([404, 104]);
  });
});

describe('a webhook call that is not proven', () => {
  it.each([
    ['of the channel', '/hooks/telegram/unknown'],
    ['of an inbox', '/hooks/intercom/unknown'],
    ['of all accounts of an inbox', '/hooks/hubspot'],
  ])('%s is answered in the documented form', async (_name, path) => {
    const { status, body } = await rig.call(path, { method: 'POST', body: {} });
    expect([status, ErrorBody.parse(body).error_code]).toEqual([401, 101]);
    expect(body.error).toContain('signature');
  });
});

describe('the administrator’s token', () => {
  it('gets the same refusal for every wrong guess, near or far', async () => {
    const guesses = ['x', adminToken.slice(0, -1), `${adminToken}x`, adminToken.toUpperCase()];
    const answers = [];
    for (const guess of guesses) {
      answers.push(await rig.call('/api/v1/channels', { headers: { authorization: `Bearer ${guess}` } }));
    }
    answers.push(await rig.call('/api/v1/channels'));
    answers.push(await rig.call('/api/v1/channels', { headers: { 'x-octopods-auth': adminToken } }));
    answers.push(await rig.call('/api/v1/channels', { headers: { authorization: `Basic ${adminToken}` } }));
    const bodies = answers.map(({ status, body: { request_id: _, ...body } }) => JSON.stringify({ status, body }));
    expect(new Set(bodies).size).toBe(1);
    expect(answers[0]?.status).toBe(401);
    expect(answers[0]?.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('is recommended to a caller whose API key may not do that', async () => {
    const { status, body } = await rig.call('/api/v1/channels', { headers: { authorization: `Bearer ${bot.key}` } });
    expect([status, body.error_code, body.error_name]).toEqual([403, 102, 'FORBIDDEN']);
    expect(body.error).toContain('Use the administrator token');
  });

  it('is required before the object is looked up and before the body is read', async () => {
    expect((await rig.call('/api/v1/channels/chn_00000000000000000000000000')).status).toBe(401);
    expect((await rig.call('/api/v1/channels', { method: 'POST', raw: '{' })).status).toBe(401);
  });
});

describe('a connection', () => {
  it('serves one request after another', async () => {
    const get = 'GET /healthz HTTP/1.1\r\nHost: gateway\r\n';
    const answer = await exchange(`${get}\r\n${get}Connection: close\r\n\r\n`, 'stay');
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(new Set(answer.match(/x-request-id: .*/gi)).size).toBe(2);
  });

  it('that sends headers without end is answered in the documented form', async () => {
    const request = `GET /healthz HTTP/1.1\r\nHost: gateway\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`;
    const { status, requestId, body } = readRaw(await exchange(request, 'stay'));
    expect([status, body.error_code, body.request_id]).toEqual([413, 113, requestId]);
    expect(body.error).toContain('headers');
  });

  it.each([
    ['no HTTP', 'HELO gateway\r\n\r\n'],
    ['no method of HTTP', 'SEND / HTTP/1.1\r\nHost: gateway\r\n\r\n'],
    ['no Host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two lengths', 'POST /healthz HTTP/1.1\r\nHost: g\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
  ])('that speaks %s is answered in the documented form', async (_name, request) => {
    const { status, requestId, body } = readRaw(await exchange(request, 'stay'));
    expect([status, body.error_code, body.request_id]).toEqual([400, 4, requestId]);
  });

  it('may leave out Host in HTTP/1.0, and may expect what the gateway does not know', async () => {
    expect(await exchange('GET /healthz HTTP/1.0\r\n\r\n', 'stay')).toMatch(/^HTTP\/1\.1 200 /);
    const expecting = 'GET /nowhere HTTP/1.1\r\nHost: g\r\nExpect: wonders\r\nConnection: close\r\n\r\n';
    expect(readRaw(await exchange(expecting, 'stay')).status).toBe(404);
  });

  it('that ends in the middle of a body is not logged as an internal error', async () => {
    const request = `POST ${sendPath} HTTP/1.1\r\nHost: gateway\r\nX-Octopods-Auth: ${bot.key}\r\nContent-Length: 900\r\n\r\n{"a":`;
    const failuresBefore = rig.logLines.filter((line) => line.includes('request.failed')).length;
    expect(readRaw(await exchange(request, 'half-close')).status).toBe(400);
    expect((await rig.call('/healthz')).status).toBe(200);
    expect(rig.logLines.filter((line) => line.includes('request.failed'))).toHaveLength(failuresBefore);
  });
});
