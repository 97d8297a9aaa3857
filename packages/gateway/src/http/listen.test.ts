import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { StartError } from '../errors/start-error.ts';
import { listen } from './listen.ts';

const host = '127.0.0.1';

const listener = () => {
  const server = createServer();
  return {
    close: () => server.close(),
    async listen(at: { readonly host: string; readonly port: number }) {
      server.listen(at.port, at.host);
      await once(server, 'listening');
      const address = server.address();
      return typeof address === 'object' && address !== null ? `${address.port}` : '';
    },
  };
};

it('a start on a port that is in use fails with the port and the setting to change', async () => {
  const other = listener();
  const port = Number(await listen(other, { host, port: 0 }));
  const failure = await listen(listener(), { host, port }).catch((cause: unknown) => cause);
  expect(failure).toBeInstanceOf(StartError);
  expect(String(failure)).toContain(`port ${port}: another program has that port`);
  expect(String(failure)).toContain('CHATFERRY_PORT');
  other.close();
});

it('an unknown error while listening is passed on unchanged', async () => {
  const cause = new Error('a bug');
  const broken = { listen: () => Promise.reject(cause) };
  await expect(listen(broken, { host, port: 0 })).rejects.toBe(cause);
});
