import { ArgumentsRefused, explainListening, parseArguments, type SandboxArguments, usage } from './arguments.ts';
import { createSandbox } from './sandbox.ts';

function readArguments(): SandboxArguments {
  try {
    const given = parseArguments(process.argv.slice(2));
    if (given !== null) return given;
    process.stdout.write(usage);
    return process.exit(0);
  } catch (cause) {
    if (!(cause instanceof ArgumentsRefused)) throw cause;
    process.stderr.write(`${cause.message.trimEnd()}\n`);
    return process.exit(2);
  }
}

const given = readArguments();
const sandbox = createSandbox({
  telegram: {
    lean: given.lean,
    latencyMs: given.latencyMs,
    ...(given.journalPath === undefined ? {} : { journalPath: given.journalPath }),
  },
});
const url = await sandbox.listen({ port: given.port, host: given.host }).catch((cause: unknown) => {
  const explained = explainListening(cause, given);
  if (explained === undefined) throw cause;
  process.stderr.write(`${explained}\n`);
  return process.exit(1);
});
process.stdout.write(
  [
    `Sandbox        ${url}/`,
    `Telegram       ${url}/telegram  (apiRoot and fileRoot)`,
    `Intercom       ${url}/intercom`,
    `HubSpot        ${url}/hubspot`,
    `Control        ${url}/control`,
    '',
  ].join('\n'),
);

const stop = () => {
  sandbox.close().then(
    () => process.exit(0),
    (cause: unknown) => {
      process.stderr.write(`The sandbox could not be closed: ${String(cause)}\n`);
      process.exit(1);
    },
  );
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
