import { createServer } from 'node:net';

/**
 * Resolves with the port when no program listens on it, and with null when one does. For port 0 the system chooses a free port.
 */
export function tryPort(port: number, host = '127.0.0.1'): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

/** A port that is free now. A gateway that is started again needs the same address, so it cannot take port 0. */
export async function findFreePort(): Promise<number> {
  const port = await tryPort(0);
  if (port === null) throw new Error('No port is free.');
  return port;
}
