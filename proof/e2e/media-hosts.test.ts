import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { connectBot, newCustomer, startRig } from '@chatferry/testkit/rigs/rig';
import { afterAll, describe, expect, it } from 'vitest';
import { startFileServer } from './file-server.ts';

/** What the look-up of a name fails with. Every other name is looked up. */
const failures: ReadonlyMap<string, string> = new Map([
  ['gone.example', 'ENOTFOUND'],
  ['away.example', 'EAI_AGAIN'],
]);
const systemLookup = dns.lookup;
const lookup = (name: string, ...rest: readonly unknown[]): void => {
  const code = failures.get(name);
  const answer = rest.at(-1) as (error: Error | null) => void;
  if (code === undefined) Reflect.apply(systemLookup, dns, [name, ...rest]);
  else setImmediate(() => answer(Object.assign(new Error('look-up'), { code })));
};
Object.assign(dns, { lookup });
syncBuiltinESMExports();
afterAll(() => {
  Object.assign(dns, { lookup: systemLookup });
  syncBuiltinESMExports();
});

const { origin, addressOf } = await startFileServer();
const rig = await startRig({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: origin });
const bot = await connectBot(rig);
const sends = () => rig.sandbox.telegram.calls({ bot_id: bot.botId }).filter(({ method }) => method.startsWith('send'));
const post = (to: string, url: string, key: string) =>
  rig.call('/api/v1/messages', {
    body: { to, media: { kind: 'document', url } },
    headers: { 'x-octopods-auth': bot.key, 'idempotency-key': key },
  });

describe('a file whose address', () => {
  it('names a host that does not exist is refused at its field, and the corrected request is sent with the same key', async () => {
    const { chatId } = newCustomer(rig, bot);
    const before = sends().length;
    const refused = await post(chatId, 'https://gone.example/a.pdf', 'host-1');
    expect([refused.status, refused.body.error_name, refused.body.details]).toEqual([
      400,
      'TYPE_MISMATCH',
      [{ pointer: '/media/url', message: 'media.url names a host that does not exist.' }],
    ]);
    expect(sends()).toHaveLength(before);
    const url = addressOf(Buffer.from('invoice'), 'invoice.txt');
    expect((await post(chatId, url, 'host-1')).status).toBe(201);
  });

  it('names a host that cannot be looked up now may be repeated: it is not the fault of the request', async () => {
    const { status, headers, body } = await post(newCustomer(rig, bot).chatId, 'https://away.example/a.pdf', 'host-2');
    expect([status, body.error_name, body.details[0].pointer]).toEqual([503, 'UNAVAILABLE', '/media/url']);
    expect(headers.get('retry-after')).not.toBeNull();
  });
});
