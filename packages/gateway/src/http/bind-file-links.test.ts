import { once } from 'node:events';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { expect, it, vi } from 'vitest';
import type { OpenedFile } from '../operations/messages/open-file.ts';
import { bindFileLinks } from './bind-file-links.ts';

it('gives back the memory of a file whose caller left while it was fetched', async () => {
  const app = fastify();
  const release = vi.fn();
  const file: OpenedFile = { name: 'a.bin', mediaType: 'application/octet-stream', content: Buffer.from('a'), release };
  let arrive: (file: OpenedFile) => void = () => undefined;
  bindFileLinks(app, {
    openFile: () =>
      new Promise((resolve) => {
        arrive = resolve;
        app.server.emit('asked');
      }),
  });
  const left = new Promise<void>((resolve) => {
    app.addHook('onRequest', async (_request, reply) => void reply.raw.once('close', resolve));
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const request = get(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/files/link`);
  request.on('error', () => undefined);
  await once(app.server, 'asked');
  request.destroy();
  await left;
  arrive(file);
  await vi.waitFor(() => expect(release).toHaveBeenCalledOnce());
  await app.close();
});
