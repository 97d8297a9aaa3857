import { parseArgs } from 'node:util';

export interface SandboxArguments {
  readonly port: number;
  readonly host: string;
  readonly lean: boolean;
  readonly latencyMs: number;
  readonly journalPath: string | undefined;
}

export const usage = `npm run sandbox -- [--port <n>] [--host <address>] [--lean] [--latency <ms>] [--journal <file>]

  --port <n>        the port to listen on (default: 4010; 0: a free port)
  --host <address>  the address to listen on (default: 127.0.0.1)
  --lean            store no transcripts and publish no feed, for load tests
  --latency <ms>    how long the simulated Telegram takes to answer each call (default: 0)
  --journal <file>  write the messages that the simulated Telegram accepts to this file
  --help            this text
`;

/** The command line is not valid; the message says why. */
export class ArgumentsRefused extends Error {
  override readonly name = 'ArgumentsRefused';
}

/** The flags of the command line; null for `--help`. Throws `ArgumentsRefused`. */
export function parseArguments(given: readonly string[]): SandboxArguments | null {
  const values = parseFlags(given);
  if (values.help === true) return null;
  return {
    port: readNumber('--port', values.port, 'a port from 0 to 65535', 65_535) ?? 4010,
    host: values.host ?? '127.0.0.1',
    lean: values.lean ?? false,
    latencyMs: readNumber('--latency', values.latency, 'milliseconds, from 0 to 600000', 600_000) ?? 0,
    journalPath: values.journal,
  };
}

function parseFlags(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        lean: { type: 'boolean' },
        latency: { type: 'string' },
        journal: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new ArgumentsRefused(`${cause.message}\n\n${usage}`, { cause });
  }
}

function readNumber(flag: string, text: string | undefined, wanted: string, max: number): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= max)) throw new ArgumentsRefused(`${flag} must be ${wanted}, not “${text}”.`);
  return number;
}

/** What to do about an address that the sandbox cannot listen on; undefined for any other error. */
export function explainListening(cause: unknown, { port, host }: SandboxArguments): string | undefined {
  if (!(cause instanceof Error) || !('code' in cause)) return undefined;
  if (cause.code === 'EADDRINUSE')
    return `Port ${port} of ${host} is in use by another program. End that program, or choose another port: --port 0 takes a free one.`;
  if (cause.code === 'EACCES')
    return `This user is not allowed to listen on port ${port}. Choose a port above 1023 with --port.`;
  if (cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND')
    return `This machine has no address ${host}. Choose another one with --host: 127.0.0.1, or 0.0.0.0 for all.`;
  return undefined;
}
