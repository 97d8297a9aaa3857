import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

const manifestOf = (name: string) => JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));

/** The packages that are published: all but those marked private. */
const published = readdirSync(join(root, 'packages')).filter((name) => manifestOf(name).private !== true);

/** The files that `npm pack` would put into the package's tarball. */
async function packedFiles(name: string): Promise<readonly string[]> {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '-w', `packages/${name}`], {
    cwd: root,
  });
  const packed: unknown = JSON.parse(stdout);
  const [entry] = Array.isArray(packed) ? packed : Object.values(packed as object);
  return entry.files.map(({ path }: { readonly path: string }) => path);
}

const isNotProduct =
  /\.map$|\.test\.|\.property\.|\.conformance\.|\.tsbuildinfo$|(^|\/)(testing|rigs?|samples|fixtures)(\/|\.)/;

describe('the published packages', () => {
  it('are the five that users install', () => {
    expect(published.sort()).toEqual(['cli', 'contract', 'gateway', 'sandbox', 'sdk']);
  });

  it.each(published)('ship %s without tests and source maps, and with a licence and a README', async (name) => {
    const files = await packedFiles(name);
    expect(
      files.filter((path) => path.startsWith('dist/')),
      'run npm run build first',
    ).not.toEqual([]);
    expect(files).toContain('LICENSE');
    expect(files).toContain('README.md');
    expect(files.filter((path) => isNotProduct.test(path))).toEqual([]);
  });

  it.each(published)('say where %s comes from and what it is about', (name) => {
    const manifest = manifestOf(name);
    expect(manifest.license).toBe('MIT');
    expect(manifest.repository).toMatchObject({ type: 'git', directory: `packages/${name}` });
    expect(manifest.keywords).toContain('telegram');
    expect(manifest.description).toMatch(/\.$/);
  });
});
