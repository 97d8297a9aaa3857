import { parseArgs } from 'node:util';
import { DemoFailure, Interrupted } from './demo-failure.ts';
import { type DemoArguments, runDemo } from './run-demo.ts';
import { createTimeline } from './timeline.ts';

const usage = `npm run demo -- [--once] [--quiet] [--port <n>] [--sandbox-port <n>]

  --once               play the scene and end: 0 when all is well, else 1
  --quiet              print the summary only
  --port <n>           the gateway's port (default: 8080, or a free one when that is taken; 0: a free one)
  --sandbox-port <n>   the port of the simulated Telegram, Intercom and HubSpot (default: 4010, in the same way)
`;

/** Null when help is asked for. */
function readArguments(args: readonly string[]): DemoArguments | null {
  const { values } = parseFlags(args);
  if (values.help) return null;
  return {
    once: values.once,
    port: readPort('--port', values.port),
    sandboxPort: readPort('--sandbox-port', values['sandbox-port']),
    quiet: values.quiet,
  };
}

function parseFlags(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { once: flag, quiet: flag, help: { ...flag, short: 'h' }, port: text, 'sandbox-port': text },
    });
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new DemoFailure(`${cause.message}\n\n${usage}`, { cause });
  }
}

function readPort(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new DemoFailure(`${flag} must be a port from 0 to 65535, and “${text}” is not one`);
}

async function main(interrupt: AbortSignal): Promise<void> {
  const given = readArguments(process.argv.slice(2));
  if (given === null) {
    process.stdout.write(usage);
    return;
  }
  const isColoured = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
  const timeline = createTimeline(process.stdout, { isQuiet: given.quiet, isColoured });
  await runDemo({ arguments: given, timeline, interrupt, nowMs: () => performance.now() });
}

/** Ends the process with the exit code that a shell expects. */
function fail(cause: unknown): void {
  // As a shell reports Ctrl-C: the scene was not played to its end.
  if (cause instanceof Interrupted) process.exit(130);
  const text =
    cause instanceof Error && !(cause instanceof DemoFailure) ? cause.stack : String((cause as Error).message);
  process.stderr.write(`\nThe demo failed. ${text}\n`);
  process.exit(1);
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!interrupt.signal.aborted) process.stderr.write('\nStopping everything …\n');
    interrupt.abort(new Interrupted(signal));
  });
}
main(interrupt.signal).then(() => process.exit(0), fail);
