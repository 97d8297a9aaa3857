import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createProxyWatch } from './watch-proxies.ts';

const hourMs = 3_600_000;

/** A server that notices proxies. `call` resolves with whether the caller shares its address. */
function startWatch(...trustedProxies: readonly string[]) {
  const clock = createManualClock();
  const warned: string[] = [];
  const none = () => undefined;
  const log = { debug: none, info: none, error: none, warn: (event: string) => void warned.push(event) };
  const watch = createProxyWatch({ trustedProxies, clock, log });
  const app = fastify();
  app.addHook('onRequest', async (request) => watch.notice(request));
  app.get('/', async (request) => ({ shares: watch.sharesAddress(request) }));
  const call = async (
    remoteAddress: string,
    headers: Readonly<Record<string, string>> = { 'x-forwarded-for': '::1' },
  ) => (await app.inject({ url: '/', remoteAddress, headers })).json<{ shares: boolean }>().shares;
  return { call, clock, subjects: () => watch.alarms().map(({ subject }) => subject), warned };
}

describe('a proxy', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:172.17.0.1', '172.17.0.1'],
    ['::1', '::1'],
    ['fd00::7', 'fd00::7'],
  ])('at %s is noticed, and its callers share its address', async (peer, subject) => {
    const { call, subjects, warned } = startWatch('10.0.0.0/8');
    expect([await call(peer), await call(peer), subjects(), warned]).toEqual([
      true,
      true,
      [subject],
      ['proxy.undeclared'],
    ]);
  });

  it('that the settings name, or that forwards nothing, is not noticed', async () => {
    const { call, subjects, warned } = startWatch('10.0.0.0/8', 'fd00::/8');
    expect([await call('10.1.2.3'), await call('fd00::7'), await call('192.168.0.1', {})]).toEqual([
      false,
      false,
      false,
    ]);
    expect([subjects(), warned]).toEqual([[], []]);
  });

  it('that was not seen for an hour raises no alarm', async () => {
    const { call, clock, subjects } = startWatch();
    await call('10.0.0.1');
    clock.advance(hourMs - 1);
    await call('10.0.0.2');
    clock.advance(1);
    expect(subjects()).toEqual(['10.0.0.2']);
  });
});

describe('a caller from the internet that sends the header of a proxy', () => {
  it('is logged, but counted by its own address, and raises no alarm', async () => {
    const { call, subjects, warned } = startWatch();
    expect([await call('203.0.113.7'), subjects(), warned]).toEqual([false, [], ['proxy.undeclared']]);
  });

  it('cannot fill the log, nor hide a proxy by being many', async () => {
    const { call, subjects, warned } = startWatch();
    for (let host = 0; host < 100; host += 1) await call(`203.0.113.${host}`);
    await call('10.0.0.1');
    expect([warned.length, subjects()]).toEqual([17, ['10.0.0.1']]);
  });
});
