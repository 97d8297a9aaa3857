/** The tests with one bug put back: the patch that `SABOTAGE` names is applied as its file is read. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mergeConfig } from 'vitest/config';
import tests from '../../../vitest.config.ts';
import { root, sabotage } from './patch.ts';
import { patches } from './patches.ts';

const { SABOTAGE: name, SABOTAGE_APPLIED: applied } = process.env;
const patch = patches.find((one) => one.name === name);
if (name !== undefined && patch === undefined) throw new Error(`There is no patch “${name}”.`);

const plugin = {
  name: 'sabotage',
  enforce: 'pre' as const,
  load(id: string): string | undefined {
    if (patch === undefined || id.split('?')[0] !== `${root}${patch.file}`) return undefined;
    // Whoever runs the tests can tell that the bug was really there.
    if (applied !== undefined) writeFileSync(applied, patch.name);
    return sabotage(patch, readFileSync(`${root}${patch.file}`, 'utf8'));
  },
};

export default mergeConfig(tests, { root, plugins: [plugin] });
