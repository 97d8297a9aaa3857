/**
 * Installs the runtimes from npm into a temporary folder, installs the packed SDK there, runs one scenario in each, and prints a table.
 * Exits with 1 if a step failed anywhere. `npm run runtimes -- bun deno` runs only these.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startScenarioServer } from '../../packages/sdk/src/testing/scenario-server.ts';
import { markdownTable } from '../markdown-table.ts';
import { installSdk, packScenario, runIn } from './install.ts';
import { type Runtime, runtimes } from './runtime.ts';

const folder = mkdtempSync(join(tmpdir(), 'chatferry-runtimes-'));
const server = await startScenarioServer();

const wanted = process.argv.slice(2);
const chosen = runtimes.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)));

const rowOf = async (runtime: Runtime): Promise<readonly string[]> => {
  try {
    const { version, checks } = await runIn(runtime, folder, server);
    const failed = checks.filter(({ result }) => result !== 'ok');
    for (const { name, result } of failed) console.error(`${runtime.name}: ${name}: ${result}`);
    const outcome =
      failed.length === 0 ? `all ${checks.length}` : `${checks.length - failed.length} of ${checks.length}`;
    return [runtime.name, version, runtime.module, outcome];
  } catch (error) {
    console.error(`${runtime.name}: ${error instanceof Error ? error.message : error}`);
    return [runtime.name, '', runtime.module, 'did not run'];
  }
};

try {
  await installSdk(folder);
  await packScenario(folder);
  writeFileSync(join(folder, 'deno.json'), '{"nodeModulesDir":"manual"}');
  const rows: (readonly string[])[] = [];
  for (const runtime of chosen) rows.push(await rowOf(runtime));
  console.log(markdownTable(['runtime', 'version', 'loaded by', 'steps that passed'], rows));
  if (rows.some(([, , , outcome]) => outcome?.startsWith('all') !== true)) process.exitCode = 1;
} finally {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
