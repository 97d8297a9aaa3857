/** `npm test` runs every check and every test, even after a failure. The last line of the output is `N passed, N failed`. */
import { type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ending, joinReports, printReport, reportCheck, reportVitest } from './test-report.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const sourceFlags = ['--import', 'tsx', '--conditions=@chatferry/source'];
const checkLimitMs = 5 * 60_000;
const testLimitMs = 40 * 60_000;

/** Runs a program until it exits, and kills it at the time limit. */
const runProgram = (program: string, args: readonly string[], limitMs: number): Promise<Ending> => {
  const options: SpawnOptions = { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] };
  return new Promise((resolve) => {
    const child = spawn(program, args, options);
    const limit = setTimeout(() => {
      console.error(`${program} ${args.join(' ')} was killed after ${limitMs / 60_000} minutes.`);
      child.kill('SIGKILL');
    }, limitMs);
    const end = (exitCode: number | null): void => {
      clearTimeout(limit);
      resolve({ exitCode });
    };
    child.once('error', (error) => {
      console.error(`${program} could not be started: ${error.message}. Run npm ci first.`);
      end(null);
    });
    child.once('exit', end);
  });
};

const toolPath = (name: string): string => join(root, 'node_modules', '.bin', name);

const checks = [
  { name: 'biome check', program: toolPath('biome'), args: ['check', '--error-on-warnings', '.'] },
  { name: 'tsc -b', program: toolPath('tsc'), args: ['-b'] },
  { name: 'tsc -p tsconfig.tools.json', program: toolPath('tsc'), args: ['-p', 'tsconfig.tools.json'] },
  { name: 'knip', program: toolPath('knip'), args: [] },
  { name: 'gen:check', program: process.execPath, args: [...sourceFlags, 'scripts/gen.ts', '--check'] },
];

const reports = [];
for (const { name, program, args } of checks) {
  console.log(`> ${name}`);
  reports.push(reportCheck(name, await runProgram(program, args, checkLimitMs)));
}

console.log('> vitest');
const folder = mkdtempSync(join(tmpdir(), 'chatferry-report-'));
const target = join(folder, 'report.json');
const ending = await runProgram(process.execPath, [...sourceFlags, 'scripts/run-vitest.ts', target], testLimitMs);
reports.push(reportVitest(existsSync(target) ? readFileSync(target, 'utf8') : undefined, ending));
rmSync(folder, { recursive: true, force: true });

const report = joinReports(reports);
process.stdout.write(printReport(report));
process.exitCode = report.failed.length === 0 ? 0 : 1;
