import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** The machine and the commit of a run. */
export interface Environment {
  readonly date: string;
  readonly machine: string;
  readonly kernel: string;
  readonly node: string;
  readonly commit: string;
  /** The load average of the minute before the run. */
  readonly loadBefore: number;
}

export function readEnvironment(): Environment {
  const processors = cpus();
  const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const isChanged = git('status', '--porcelain', '--untracked-files=no', 'packages', 'proof/campaign') !== '';
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: release(),
    node: process.versions.node,
    commit: `${git('rev-parse', '--short=10', 'HEAD')}${isChanged ? ' with local changes' : ''}`,
    loadBefore: loadavg()[0] ?? Number.NaN,
  };
}
