/**
 * Builds what has changed and runs the `chatferry` command in this process: `npm start` and its siblings. JavaScript,
 * because it must run where nothing is built yet and only production dependencies are installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWithoutTypes } from './build-without-types.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const compiler = join(root, 'node_modules/typescript/bin/tsc');

/** With the development dependencies the compiler checks the types too; `npm ci --omit=dev` leaves it out. */
const build = async () => {
  if (!existsSync(compiler)) return buildWithoutTypes(root);
  const { status } = spawnSync(process.execPath, [compiler, '-b'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

await build();
await import('../../packages/cli/bin/chatferry.js');
