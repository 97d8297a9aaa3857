/**
 * Judges `openapi.json` with two public linters, and exits with 1 if one of them finds an error. They are installed in a temporary
 * folder, because they bring hundreds of packages, which no other command needs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const document = fileURLToPath(new URL('../openapi.json', import.meta.url));
const linters = ['@redocly/cli@2.77.0', '@stoplight/spectral-cli@6.16.3'];

const folder = mkdtempSync(join(tmpdir(), 'chatferry-lint-'));
const run = (command: string, ...options: readonly string[]): boolean =>
  spawnSync(command, options, { cwd: folder, stdio: 'inherit' }).status === 0;
const tool = (name: string): string => join(folder, 'node_modules/.bin', name);

try {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  writeFileSync(join(folder, 'spectral.yaml'), 'extends: ["spectral:oas"]\n');
  const isInstalled = run('npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', ...linters);
  const isFine =
    isInstalled &&
    [
      run(tool('redocly'), 'lint', document),
      run(tool('spectral'), 'lint', document, '--ruleset', 'spectral.yaml', '--fail-severity', 'error'),
    ].every((ok) => ok);
  if (!isInstalled) console.error('The linters could not be installed: is the registry reachable?');
  process.exitCode = isFine ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
