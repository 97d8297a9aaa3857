import { parseArguments, usage } from './arguments.ts';
import { DemoFailure, Interrupted } from './demo-failure.ts';
import { runDemo } from './run-demo.ts';
import { createTimeline } from './timeline.ts';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!interrupt.signal.aborted) process.stderr.write('\nEnding everything …\n');
    interrupt.abort(new Interrupted(signal));
  });
}

async function main(): Promise<void> {
  const given = parseArguments(process.argv.slice(2));
  if (given === null) {
    process.stdout.write(usage);
    return;
  }
  const colour = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
  await runDemo({
    arguments: given,
    timeline: createTimeline(process.stdout, { quiet: given.quiet, colour }),
    interrupt: interrupt.signal,
    nowMs: () => performance.now(),
  });
}

main().then(
  () => process.exit(0),
  (cause: unknown) => {
    // As a shell reports Ctrl-C: the scene was not played to its end.
    if (cause instanceof Interrupted) process.exit(130);
    const text =
      cause instanceof DemoFailure
        ? cause.message
        : cause instanceof Error
          ? (cause.stack ?? cause.message)
          : String(cause);
    process.stderr.write(`\nThe demo failed. ${text}\n`);
    process.exit(1);
  },
);
