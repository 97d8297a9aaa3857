import { parseArgs } from 'node:util';
import { createSandbox } from './sandbox.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4010' },
    host: { type: 'string', default: '127.0.0.1' },
    lean: { type: 'boolean', default: false },
    latency: { type: 'string', default: '0' },
    journal: { type: 'string' },
  },
});

const sandbox = createSandbox({
  telegram: {
    lean: values.lean,
    latencyMs: Number(values.latency),
    ...(values.journal === undefined ? {} : { journalPath: values.journal }),
  },
});
const url = await sandbox.listen({ port: Number(values.port), host: values.host });
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
      process.stderr.write(`The sandbox could not close: ${String(cause)}\n`);
      process.exit(1);
    },
  );
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
