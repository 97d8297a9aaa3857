/** The tests with one bug put back: the patch that `SABOTAGE` names is applied as its file is read. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mergeConfig } from 'vitest/config';
import tests from '../../../vitest.config.ts';
import { findFile, root, sabotage } from './patch.ts';
import { patches } from './patches.ts';

const { SABOTAGE: name, SABOTAGE_APPLIED: applied } = process.env;
const patch = patches.find((one) => one.name === name);
if (name !== undefined && patch === undefined) throw new Error(`There is no patch “${name}”.`);

const file = patch === undefined ? null : `${root}${findFile(patch)}`;

const plugin = {
  name: 'sabotage',
  enforce: 'pre' as const,
  load(id: string): string | undefined {
    if (patch === undefined || file === null || id.split('?')[0] !== file) return undefined;
    // Tells the program that runs the tests that the bug was really there.
    if (applied !== undefined) writeFileSync(applied, patch.name);
    return sabotage(patch, readFileSync(file, 'utf8'));
  },
};

export default mergeConfig(tests, { root, plugins: [plugin] });
