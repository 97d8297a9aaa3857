import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { type BenchGateway, withClient } from '../processes/gateway.ts';

export interface Environment {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly node: string;
  readonly postgres: string;
  readonly commit: string;
  /** The load average of the minute before the benchmark. */
  readonly loadBefore: number;
}

/** Call this before the benchmark starts its own load. */
export const loadNow = (): number => loadavg()[0] ?? Number.NaN;

export async function readEnvironment(gateway: BenchGateway, loadBefore: number): Promise<Environment> {
  const postgres = await withClient(gateway, async (client) => {
    const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
    return rows[0]?.version ?? 'unknown';
  });
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    postgres,
    commit: commit(),
    loadBefore,
  };
}

function commit(): string {
  const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const head = git('rev-parse', '--short=10', 'HEAD');
  return git('status', '--porcelain', '--untracked-files=no', 'packages') === '' ? head : `${head} with local changes`;
}
