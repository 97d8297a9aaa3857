/** Writes the generated files. With `--check` it writes nothing, and exits with 1 if a file differs from its source. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findDrift } from './gen-drift.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const read = (path: string): string | undefined =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;

const drifted = findDrift(read);

if (process.argv.includes('--check')) {
  for (const { path } of drifted) console.error(`${path} differs from its source.`);
  if (drifted.length > 0) {
    console.error('Run: npm run gen');
    process.exitCode = 1;
  }
} else {
  for (const { path, text } of drifted) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}
