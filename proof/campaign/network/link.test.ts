import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { struckStatements } from './link.ts';

const store = fileURLToPath(new URL('../../../packages/gateway/src/store', import.meta.url));

it('each statement that a fault waits for is one of the gateway', () => {
  const source = readdirSync(store, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(store, name), 'utf8'))
    .join();
  const names = struckStatements.flatMap(([, ...statements]) => statements);
  expect(names.filter((name) => !source.includes(`name: '${name}'`))).toEqual([]);
});
