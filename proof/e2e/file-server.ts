import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** A server of files that callers name by their address. It is no server of a provider. */
export interface FileServer {
  readonly origin: string;
  /** Keeps the file, and returns its address. */
  addressOf(bytes: Buffer, fileName: string): string;
}

/** Ends with the test file. */
export async function startFileServer(): Promise<FileServer> {
  const files = new Map<string, Buffer>();
  const server = createServer(({ url = '' }, response) => void response.end(files.get(url)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    addressOf(bytes, fileName) {
      const path = `/${files.size}/${fileName}`;
      files.set(path, bytes);
      return origin + path;
    },
  };
}
