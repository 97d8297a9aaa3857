import { parseArgs } from 'node:util';
import { DemoFailure } from './demo-failure.ts';

export interface DemoArguments {
  /** Play and end, instead of staying up. */
  readonly once: boolean;
  /** The summary only. */
  readonly quiet: boolean;
  /** Null: the usual port if it is free, else a free one. */
  readonly port: number | null;
  readonly sandboxPort: number | null;
}

export const usage = `npm run demo -- [--once] [--quiet] [--port <n>] [--sandbox-port <n>]

  --once               play the scene and end: 0 when all is well, else 1
  --quiet              print the summary only
  --port <n>           the gateway's port (default: 8080, or a free one where that is taken; 0: a free one)
  --sandbox-port <n>   the port of the simulated Telegram, Intercom and HubSpot (default: 4010, likewise)
`;

/** The flags of the command line; null where help is asked for. */
export function parseArguments(given: readonly string[]): DemoArguments | null {
  const { values } = parsed(given);
  if (values.help === true) return null;
  return {
    once: values.once ?? false,
    quiet: values.quiet ?? false,
    port: portOf('--port', values.port),
    sandboxPort: portOf('--sandbox-port', values['sandbox-port']),
  };
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        once: { type: 'boolean' },
        quiet: { type: 'boolean' },
        port: { type: 'string' },
        'sandbox-port': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new DemoFailure(`${cause.message}\n\n${usage}`, { cause });
  }
}

function portOf(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new DemoFailure(`${name} must be a port from 0 to 65535, and “${text}” is none`);
  return port;
}
