/** Commands that run the gateway itself, or work on its database, in this process. */
import { type Call, type Command, defineLocalCommand, type Outcome } from '../command.ts';
import { number, type Options, text } from '../option.ts';

/** Loaded only when it runs: the other commands start without it. */
const loadGateway = () => import('@chatferry/gateway/program');

type GatewayEnvironment = Readonly<Record<string, string | undefined>>;

const environmentOf = ({ env, common }: Call<Options>): GatewayEnvironment =>
  common['data-dir'] === undefined ? env : { ...env, CHATFERRY_DATA_DIR: common['data-dir'] };

/** The gateway prints its own report. */
const done = (exitCode: 0 | 1): Outcome => ({ json: undefined, view: [], exitCode });

const startOptions = {
  port: number('PORT', 'The port to listen on. Default: CHATFERRY_PORT, else 8080.'),
  host: text('ADDRESS', 'The address to listen on. Default: CHATFERRY_HOST, else 127.0.0.1.'),
} as const;

const start = async (call: Call<typeof startOptions>): Promise<Outcome> => {
  const { port, host } = call.values;
  const { runGateway } = await loadGateway();
  const env = {
    ...environmentOf(call as Call<Options>),
    ...(port === undefined ? {} : { CHATFERRY_PORT: String(port) }),
    ...(host === undefined ? {} : { CHATFERRY_HOST: host }),
  };
  // It runs on after this command has returned, and ends the process by itself.
  runGateway(env, { reader: call.terminal.hasScreen && !call.isJson ? 'person' : 'program' });
  return done(0);
};

export const gatewayCommands: readonly Command[] = [
  defineLocalCommand({
    name: 'start',
    summary: 'Run the gateway in this folder.',
    description:
      'Without DATABASE_URL it makes a PostgreSQL of its own in the data folder. All settings are environment variables: docs/configuration.md lists them. On a terminal it prints what a person needs; otherwise, or with --json, it prints its log, one JSON object per line.',
    options: startOptions,
    examples: ['start', 'start --port 8081 --data-dir ./data'],
    run: start,
  }),
  defineLocalCommand({
    name: 'backup',
    summary: 'Write the whole database to a new file, even while the gateway runs.',
    argument: 'file',
    examples: ['backup /backups/today.backup'],
    run: async (call) => {
      const { runBackupCommand } = await loadGateway();
      return done(await runBackupCommand({ kind: 'backup', file: call.argument }, environmentOf(call)));
    },
  }),
  defineLocalCommand({
    name: 'restore',
    summary: 'Restore such a file into an empty database or a new data folder.',
    argument: 'file',
    examples: ['restore /backups/today.backup --data-dir ./restored'],
    run: async (call) => {
      const { runBackupCommand } = await loadGateway();
      return done(await runBackupCommand({ kind: 'restore', file: call.argument }, environmentOf(call)));
    },
  }),
  defineLocalCommand({
    name: 'migrate',
    summary: 'Bring the schema up to date with the role of CHATFERRY_MIGRATION_DATABASE_URL.',
    run: async (call) => done(await (await loadGateway()).runMigrate(environmentOf(call))),
  }),
  defineLocalCommand({
    name: 'rotate-master-key',
    summary: 'Make a new master key, which is used after a restart.',
    run: async (call) => done(await (await loadGateway()).runRotateMasterKey(environmentOf(call))),
  }),
];
