import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startNodeProcess } from '@chatferry/testkit/processes/node-process';
import { stopOrphanedPostgres } from '@chatferry/testkit/processes/own-postgres';
import { createTemporaryFolder } from '@chatferry/testkit/processes/temporary-folder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const installLimitMs = 300_000;
const root = fileURLToPath(new URL('../..', import.meta.url));
const clone = createTemporaryFolder('chatferry-clone-');
const dataDir = join(clone.path, 'data');

/** The files of a clone of this working tree. */
const copySources = (): void => {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', 'package*.json', '.npmrc'];
  const list = execFileSync('git', [...args, 'scripts/start', 'packages'], { cwd: root, encoding: 'utf8' });
  for (const path of list.split('\0').filter((one) => one !== '' && existsSync(join(root, one)))) {
    mkdirSync(dirname(join(clone.path, path)), { recursive: true });
    copyFileSync(join(root, path), join(clone.path, path));
  }
};

let installation = '';

beforeAll(async () => {
  copySources();
  // biome-ignore lint/style/noProcessEnv: where npm and its cache are.
  const { PATH = '', HOME = '' } = process.env;
  const args = ['ci', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund'];
  const { stdout, stderr } = await promisify(execFile)('npm', args, { cwd: clone.path, env: { PATH, HOME } });
  installation = stdout + stderr;
}, installLimitMs);
afterAll(async () => {
  await stopOrphanedPostgres(dataDir);
  clone.remove();
});

/** What `npm start` runs, without npm in between, which would have to pass on the signal. */
const start = () =>
  startNodeProcess({
    name: 'npm start',
    args: ['scripts/start/run.js', 'start', '--port', '0'],
    cwd: clone.path,
    env: { CHATFERRY_DATA_DIR: dataDir },
  });

const startAndStop = async (): Promise<void> => {
  const gateway = start();
  await gateway.waitForLine((line) => (line.includes('"event":"gateway.ready"') ? line : null));
  await gateway.stop();
};

describe('a clone with production dependencies only', () => {
  it('is installed without a warning about engines or scripts, and without a compiler', () => {
    expect(installation).not.toMatch(/EBADENGINE|install-scripts/);
    expect(existsSync(join(clone.path, 'node_modules/typescript'))).toBe(false);
  });

  it(
    'starts, and builds again what has changed since',
    async () => {
      await startAndStop();
      const changed = join(clone.path, 'packages/gateway/src/process/run-gateway.ts');
      writeFileSync(changed, "export const runGateway = () => { console.log('the changed gateway'); };\n");
      // A build in the same moment would be as new.
      const later = new Date(Date.now() + 60_000);
      utimesSync(changed, later, later);
      const gateway = start();
      await gateway.waitForLine((line) => (line === 'the changed gateway' ? line : null));
      await gateway.ended;
      rmSync(changed);
    },
    installLimitMs,
  );
});
