import { createServer } from 'node:net';
import { DemoFailure } from './demo-failure.ts';

export const demoHost = '127.0.0.1';

/** The port that was asked for; otherwise the usual one, or a free one where that is taken. */
export async function choosePort(flag: string, asked: number | null, usual: number): Promise<number> {
  const found = await tryPort(asked ?? usual);
  if (found !== null) return found;
  if (asked === null) return (await tryPort(0)) ?? usual;
  throw new DemoFailure(
    `Port ${asked} of ${demoHost} is in use by another program. End that program, choose another port with ${flag}, or leave ${flag} out: the demo then takes a free one`,
  );
}

/** The port, chosen by the system for 0; null where another program has it. */
function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else
        reject(new DemoFailure(`Port ${port} cannot be used: ${error.message}. Choose another one`, { cause: error }));
    });
    server.listen(port, demoHost, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}
