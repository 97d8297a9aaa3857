import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { anyAddress } from '@chatferry/testkit/http/any-address';
import { expect, it } from 'vitest';
import { createTransport } from '../http/transport.ts';
import { createWebhookClient } from './webhook-client.ts';

it('gives an endpoint fifteen seconds for its whole answer, also if it sends a byte now and then', async () => {
  const clock = createManualClock();
  const server = createServer((_, response) => void response.writeHead(200).write('a'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const transport = createTransport({ clock, policy: anyAddress });
  const client = createWebhookClient({ transport, clock });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const answer = client.post({ url, headers: {}, body: '{}' });
  await once(server, 'request');
  clock.advance(14_999);
  const open = await Promise.race([answer, new Promise((resolve) => setImmediate(resolve, 'open'))]);
  clock.advance(1);
  expect([open, (await answer).outcome]).toEqual([
    'open',
    { kind: 'unanswered', detail: expect.stringContaining('no answer within 15000 ms') },
  ]);
  server.closeAllConnections();
  server.close();
  await transport.close();
});
