import { aSend, type ConnectedBot, connectBot, sendPath, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const sendWith = (headers: Readonly<Record<string, string>>, body: unknown = aSend('1')) =>
  rig.call(sendPath, { body, headers });

describe('the send, with status 401', () => {
  it.each([
    ['no key', {}],
    ['an empty key', { 'x-octopods-auth': '' }],
    ['a key that never existed', { 'x-octopods-auth': 'some-key-of-another-system' }],
    ['the bearer scheme without a key', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['the administrator’s token', { 'x-octopods-auth': 'admin-token-of-the-tests' }],
  ])('answers %s', async (_name, headers) => {
    const { status, body, headers: answered } = await sendWith(headers);
    expect([status, body.error_code, body.error_name]).toEqual([401, 101, 'UNAUTHORIZED']);
    expect(answered.get('x-request-id')).toBe(body.request_id);
  });

  it('answers a key with one character changed', async () => {
    const changed = bot.key.slice(0, -1) + (bot.key.endsWith('0') ? '1' : '0');
    expect((await sendWith({ 'x-octopods-auth': changed })).status).toBe(401);
  });

  it('answers before any error about the body', async () => {
    expect((await sendWith({}, { telegram_interactive_message: 7 })).status).toBe(401);
  });

  it('uses X-Octopods-Auth when both headers are present', async () => {
    const both = { 'x-octopods-auth': 'wrong', authorization: `Bearer ${bot.key}` };
    expect((await sendWith(both)).status).toBe(401);
  });
});
