import { closedLoop } from '../load/closed-loop.ts';
import { median, type Sample } from '../load/sample.ts';
import type { Target } from '../load/target.ts';
import { inFlight, type Plan } from '../plan.ts';

/** CPU seconds used so far. */
export interface CpuUse {
  readonly process: number;
  readonly database: number;
}

export interface Saturation {
  readonly target: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly refused: number;
  /** CPU seconds per 1,000 sends. */
  readonly cpu: CpuUse;
}

/** Closed loops against every target in turn, round by round, so that a busy moment of the machine hits them all. */
export async function measureSaturation(
  plan: Plan,
  targets: readonly { readonly target: Target; readonly cpuSeconds: () => CpuUse }[],
): Promise<readonly Saturation[]> {
  const rounds = targets.map(() => [] as Sample[]);
  const cpus = targets.map(() => [] as CpuUse[]);
  for (const { target } of targets) await closedLoop(target, { inFlight, requests: plan.warmUpSends });
  let from = plan.warmUpSends;
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const [index, { target, cpuSeconds }] of targets.entries()) {
      const before = cpuSeconds();
      const sample = await closedLoop(target, { inFlight, durationMs: plan.roundMs, from });
      const after = cpuSeconds();
      from += sample.answered;
      rounds[index]?.push(sample);
      cpus[index]?.push({
        process: ((after.process - before.process) / sample.answered) * 1_000,
        database: ((after.database - before.database) / sample.answered) * 1_000,
      });
    }
  }
  return targets.map(({ target }, index) => {
    const samples = rounds[index] ?? [];
    const cpu = cpus[index] ?? [];
    return {
      target: target.name,
      perSecond: median(samples.map((one) => one.perSecond)),
      p50Ms: median(samples.map((one) => one.p50Ms)),
      p99Ms: median(samples.map((one) => one.p99Ms)),
      refused: samples.reduce((sum, one) => sum + one.refused, 0),
      cpu: { process: median(cpu.map((one) => one.process)), database: median(cpu.map((one) => one.database)) },
    };
  });
}
