import { type ConnectedBot, connectBot, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig({ CHATFERRY_TRUSTED_PROXIES: '127.0.0.1,203.0.113.0/24' });
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

/** The address that the audit log has of a change with this header. */
async function addressOf(forwardedFor: string): Promise<string> {
  const name = `Named at ${performance.now()}`;
  const headers = { 'x-forwarded-for': forwardedFor };
  const changed = await rig.admin(`/api/v1/keys/${bot.keyId}`, { method: 'PATCH', body: { name }, headers });
  expect(changed.status).toBe(200);
  const requestId = changed.headers.get('x-request-id');
  const { data } = (await rig.admin('/api/v1/audit?limit=10')).body;
  return data.find((entry: { request_id: string }) => entry.request_id === requestId).address;
}

describe('the address of a request behind a trusted proxy', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['198.51.100.7, 203.0.113.1', '198.51.100.7'],
    ['spoofed, 198.51.100.7', '198.51.100.7'],
    ['198.51.100.7, garbage', '127.0.0.1'],
    ['garbage', '127.0.0.1'],
    ['"><script>alert(1)</script>', '127.0.0.1'],
    ['198.51.100.7:4711', '127.0.0.1'],
    ['unknown, 203.0.113.1', '203.0.113.1'],
    ['', '127.0.0.1'],
    ['999.1.1.1', '127.0.0.1'],
  ])('is an address, with X-Forwarded-For: %s', async (given, expected) => {
    expect(await addressOf(given)).toBe(expected);
  });
});
