import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child.ts';

/** Starts one of the two baselines, a TypeScript program that says where it listens. */
export function startBaseline(name: 'forwarder' | 'by-hand', args: readonly string[]): Promise<Child<string>> {
  return startChild({
    name,
    args: ['--import', 'tsx', fileURLToPath(new URL(`../baselines/${name}.ts`, import.meta.url)), ...args],
    ready: (line) => /^listening on (\S+)$/.exec(line)?.[1] ?? null,
  });
}
