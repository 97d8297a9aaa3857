import type { Config } from '../config/config.ts';
import { errorCodeOf } from '../errors/error-code.ts';
import { StartError } from '../errors/start-error.ts';

interface Listener {
  listen(at: { readonly host: string; readonly port: number }): Promise<string>;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has that port',
  EACCES: 'this user may not use that port',
  EADDRNOTAVAIL: 'this machine has no such address',
};

/** Starts to listen and gives the address; what a person can mend is told as such. */
export async function listen(server: Listener, { host, port }: Pick<Config, 'host' | 'port'>): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (cause) {
    const reason = reasons[errorCodeOf(cause) ?? ''];
    if (reason === undefined) throw cause;
    throw new StartError(
      `The gateway cannot listen on ${host}, port ${port}: ${reason}. Mend that, or set CHATFERRY_HOST and CHATFERRY_PORT to others.`,
      { cause },
    );
  }
}
