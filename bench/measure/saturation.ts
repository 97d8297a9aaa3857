import { closedLoop } from '../load/closed-loop.ts';
import { median, type Sample } from '../load/sample.ts';
import type { Target } from '../load/target.ts';
import { inFlight, type Plan } from '../plan.ts';
import type { BenchGateway } from '../processes/gateway.ts';

export interface Saturation {
  readonly target: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly refused: number;
  /** CPU seconds per 1,000 sends; null for a baseline. */
  readonly cpu: { readonly gateway: number; readonly database: number } | null;
}

/** Closed loops against every target in turn, round by round, so that a busy moment of the machine hits them all. */
export async function measureSaturation(
  plan: Plan,
  targets: readonly { readonly target: Target; readonly gateway?: BenchGateway }[],
): Promise<readonly Saturation[]> {
  let from = 0;
  const rounds = targets.map(() => [] as Sample[]);
  const cpus = targets.map(() => [] as { gateway: number; database: number }[]);
  for (const { target } of targets) await closedLoop(target, { inFlight, durationMs: plan.warmUpMs });
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const [index, { target, gateway }] of targets.entries()) {
      const before = gateway?.cpuSeconds();
      const sample = await closedLoop(target, { inFlight, durationMs: plan.roundMs, from });
      const after = gateway?.cpuSeconds();
      from += sample.answered;
      rounds[index]?.push(sample);
      if (before && after) {
        cpus[index]?.push({
          gateway: ((after.gateway - before.gateway) / sample.answered) * 1_000,
          database: ((after.database - before.database) / sample.answered) * 1_000,
        });
      }
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
      cpu:
        cpu.length === 0
          ? null
          : { gateway: median(cpu.map((one) => one.gateway)), database: median(cpu.map((one) => one.database)) },
    };
  });
}
