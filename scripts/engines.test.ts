import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import semver from 'semver';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

interface Locked {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly engines?: { readonly node?: string };
}

const locked: Readonly<Record<string, Locked>> = read('package-lock.json').packages;

describe('the Node.js that the packages say they support', () => {
  it('is enough for every package that runs with the gateway', () => {
    const oldest = semver.minVersion(read('package.json').engines.node)?.version ?? '';
    expect(oldest).toMatch(/^20\./);
    const demanding = Object.entries(locked)
      .filter(([, { dev, link, engines }]) => dev !== true && link !== true && engines?.node !== undefined)
      .filter(([, { engines }]) => !semver.satisfies(oldest, engines?.node ?? '*'))
      .map(([path, { engines }]) => `${path} needs Node.js ${engines?.node}`);
    expect(demanding).toEqual([]);
  });

  it('is the same for every package of ours', () => {
    const own = Object.entries(locked).filter(([path]) => path === '' || /^packages\/[^/]+$/.test(path));
    expect(own.length).toBeGreaterThan(5);
    expect([...new Set(own.map(([, { engines }]) => engines?.node))]).toEqual([read('package.json').engines.node]);
  });
});
