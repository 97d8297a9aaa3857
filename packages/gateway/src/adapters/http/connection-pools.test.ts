import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, LookupFunction, Socket } from 'node:net';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { anyAddress } from '@chatferry/testkit/http/any-address';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTransport, type Transport } from './transport.ts';

const originsMax = 4;
const expiryMs = 10 * 60_000;
const clock = createManualClock();
const open = new Set<Socket>();
let made: number;
let answer: RequestListener;
let port: number;
let transport: Transport;
let stop: () => Promise<void>;

const toThisMachine: LookupFunction = (_name, { all }, callback) =>
  all === true ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4);

beforeEach(async () => {
  made = 0;
  answer = (_request, response) => void response.end('ok');
  const server = createServer((request, response) => answer(request, response));
  server.on('connection', (socket) => {
    made += 1;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  transport = createTransport({ clock, policy: anyAddress, lookup: toThisMachine, originsMax });
  stop = async () => {
    server.closeAllConnections();
    await transport.close();
    server.close();
  };
});
afterEach(() => stop());

const call = async (origin: number, longPoll = false): Promise<void> => {
  const url = `http://origin-${origin}.example:${port}/`;
  expect(await transport.call({ url, method: 'GET', limitMs: 60 * 60_000, longPoll })).toMatchObject({ status: 200 });
};

const openCount = () => expect.poll(() => open.size, { timeout: 5_000 });

describe('the connections to many origins', () => {
  it.each([false, true])('are few: those used least recently are closed (long polls: %s)', async (longPoll) => {
    for (let origin = 0; origin < 20; origin += 1) {
      await call(origin, longPoll);
      // Used again and again, so that it remains.
      await call(0, longPoll);
    }
    await openCount().toBe(originsMax);
    expect(made).toBe(20);
    await call(19, longPoll);
    await call(0, longPoll);
    expect(made).toBe(20);
    await call(1, longPoll);
    expect(made).toBe(21);
  });

  it('are never closed under a call, however many there are', async () => {
    const waiting: (() => void)[] = [];
    answer = ({ headers }, response) => {
      if (headers.host?.startsWith('origin-1')) waiting.push(() => response.end('late'));
      else response.end('ok');
    };
    const calls = [10, 11, 12, 13, 14, 15].map((origin) => call(origin));
    await expect.poll(() => waiting.length, { timeout: 5_000 }).toBe(6);
    for (const origin of [2, 3, 4, 5, 6, 7]) await call(origin);
    for (const end of waiting) end();
    await Promise.all(calls);
    answer = (_request, response) => void response.end('ok');
    await call(30);
    await openCount().toBeLessThanOrEqual(originsMax);
  });

  it.each([false, true])('are closed when no call used them for some minutes (long polls: %s)', async (longPoll) => {
    for (let origin = 0; origin < originsMax; origin += 1) await call(origin, longPoll);
    expect(open.size).toBe(originsMax);
    clock.advance(expiryMs / 2);
    await call(0, longPoll);
    clock.advance(expiryMs / 2);
    await openCount().toBe(1);
    await call(0, longPoll);
    expect(made).toBe(originsMax);
    clock.advance(expiryMs / 2);
    clock.advance(expiryMs / 2);
    await openCount().toBe(0);
    await call(0, longPoll);
    expect(made).toBe(originsMax + 1);
  });

  it('to one origin become as few as are used', async () => {
    const waiting: (() => void)[] = [];
    answer = (_request, response) => void waiting.push(() => response.end('late'));
    const calls = [1, 1, 1, 1, 1].map((origin) => call(origin, true));
    await expect.poll(() => waiting.length, { timeout: 5_000 }).toBe(5);
    for (const end of waiting) end();
    await Promise.all(calls);
    answer = (_request, response) => void response.end('ok');
    clock.advance(expiryMs / 2);
    await call(1, true);
    clock.advance(expiryMs / 2);
    await openCount().toBe(1);
  });
});
