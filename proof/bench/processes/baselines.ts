import { fileURLToPath } from 'node:url';
import { type NodeProcess, startNodeProcess } from '@chatferry/testkit/processes/node-process';

export interface Baseline extends NodeProcess {
  readonly url: string;
}

/** Starts one of the two baselines, a TypeScript program that prints where it listens. */
export async function startBaseline(name: 'forwarder' | 'by-hand', args: readonly string[]): Promise<Baseline> {
  const program = fileURLToPath(new URL(`../baselines/${name}.ts`, import.meta.url));
  const baseline = startNodeProcess({
    name,
    args: ['--import', 'tsx', program, ...args],
    env: { NODE_ENV: 'production' },
  });
  return { ...baseline, url: await baseline.waitForLine((line) => /^listening on (\S+)$/.exec(line)?.[1] ?? null) };
}
