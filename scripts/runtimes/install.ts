/** Installs what the runtimes need into a temporary folder, and runs the scenario there. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Check } from '../../packages/sdk/src/testing/scenario.ts';
import type { ScenarioServer } from '../../packages/sdk/src/testing/scenario-server.ts';
import type { Runtime } from './runtime.ts';

const sdk = fileURLToPath(new URL('../../packages/sdk', import.meta.url));
const run = promisify(execFile);

/** Installs the packed SDK as an app would. */
export async function installSdk(folder: string): Promise<void> {
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: sdk });
  writeFileSync(join(folder, 'package.json'), '{"name":"app","private":true}');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${stdout.trim()}`], { cwd: folder });
}

const program = `
import * as sdk from '@chatferry/sdk';
import { runScenario } from ${JSON.stringify(join(sdk, 'src/testing/scenario.ts'))};
const { SCENARIO_URL: baseUrl, SCENARIO_CLOSED_URL: closedUrl } = process.env;
runScenario(sdk, { baseUrl, closedUrl, isBrowser: false }).then((checks) => console.log(JSON.stringify(checks)));
`;

/** Writes the scenario as one file for `import` and one for `require`. Both load the installed SDK. */
export async function packScenario(folder: string): Promise<void> {
  for (const [format, name] of [
    ['esm', 'scenario.mjs'],
    ['cjs', 'scenario.cjs'],
  ] as const)
    await build({
      stdin: { contents: program, resolveDir: sdk },
      outfile: join(folder, name),
      bundle: true,
      format,
      platform: 'node',
      external: ['@chatferry/sdk'],
      logLevel: 'error',
    });
}

/** The program of a runtime, after its installation from npm. */
async function findProgram({ package: name, program = '' }: Runtime, folder: string): Promise<string> {
  if (name === undefined) return process.execPath;
  const place = join(folder, name.replaceAll(/\W/g, '-'));
  if (!existsSync(place)) {
    mkdirSync(place);
    writeFileSync(join(place, 'package.json'), '{"name":"runtime","private":true}');
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', name], { cwd: place });
  }
  return join(place, program);
}

/** Runs the scenario in a runtime. */
export async function runIn(
  runtime: Runtime,
  folder: string,
  { baseUrl, closedUrl }: ScenarioServer,
): Promise<{ readonly version: string; readonly checks: readonly Check[] }> {
  const found = await findProgram(runtime, folder);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    SCENARIO_URL: baseUrl,
    SCENARIO_CLOSED_URL: closedUrl,
    CHATFERRY_URL: baseUrl,
    CHATFERRY_KEY: 'cf_test_scenario',
  };
  const version = await run(found, ['--version'], { env });
  const file = runtime.module === 'import' ? 'scenario.mjs' : 'scenario.cjs';
  const { stdout } = await run(found, [...(runtime.words ?? []), file], { cwd: folder, env, timeout: 60_000 });
  return { version: /\d+\.\d+\.\d+/.exec(version.stdout)?.[0] ?? '', checks: JSON.parse(stdout) };
}
