import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSuites, type Patch, root } from './patch.ts';

/** Whether the suites noticed a bug: `caught` names the first test that failed. */
export type Catch =
  | { readonly kind: 'caught'; readonly by: string }
  /** They passed. */
  | { readonly kind: 'missed' }
  /** They never loaded the file, or could not run: this proves nothing. */
  | { readonly kind: 'void'; readonly why: string };

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/**
 * Runs the suites of a patch with its bug in place, to the first test that fails. With `--bail`, vitest sometimes reports a
 * failed test as passed. So if none seems to fail, the suites run once more, to their ends.
 */
export async function catchBug(patch: Patch): Promise<Catch> {
  const first = await tryToCatch(patch, ['--bail=1']);
  return first.kind === 'caught' ? first : tryToCatch(patch, []);
}

async function tryToCatch(patch: Patch, options: readonly string[]): Promise<Catch> {
  const { report, applied, output } = await runSuites(findSuites(patch), patch.name, options);
  if (applied !== patch.name) return { kind: 'void', why: `its file was never loaded\n${output}` };
  if (report === null) return { kind: 'void', why: `the suites could not run\n${output}` };
  const [by] = failedIn(report);
  if (by !== undefined) return { kind: 'caught', by };
  return report.success
    ? { kind: 'missed' }
    : { kind: 'void', why: `no test failed, and they did not pass\n${output}` };
}

/** The tests that fail without any bug put back; none may. */
export async function runUnharmed(suites: readonly string[]): Promise<readonly string[]> {
  const { report, output } = await runSuites(suites, null, []);
  if (report === null) return [output];
  return report.success ? [] : [...failedIn(report), ...(failedIn(report).length === 0 ? [output] : [])];
}

async function runSuites(suites: readonly string[], name: string | null, options: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'chatferry-sabotage-'));
  const reportPath = join(folder, 'report.json');
  const appliedPath = join(folder, 'applied');
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      'proof/campaign/sabotage/vitest.config.ts',
      '--reporter=json',
      `--outputFile=${reportPath}`,
      ...options,
      ...suites,
    ],
    {
      cwd: root,
      env: { ...process.env, ...(name === null ? {} : { SABOTAGE: name, SABOTAGE_APPLIED: appliedPath }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  await once(child, 'close');
  const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : null);
  const text = read(reportPath);
  const applied = read(appliedPath);
  rmSync(folder, { recursive: true, force: true });
  return { report: text === null ? null : (JSON.parse(text) as Report), applied, output: output.join('') };
}

const failedIn = ({ testResults }: Report): readonly string[] =>
  testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `${name.replace(root, '')} > ${fullName}`),
  );
