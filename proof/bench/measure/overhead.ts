import { loneCaller } from '../load/closed-loop.ts';
import { openLoop } from '../load/open-loop.ts';
import { median, type Sample } from '../load/sample.ts';
import type { Target } from '../load/target.ts';
import { type Plan, steadyPerSecond, telegramLatencyMs } from '../plan.ts';
import type { BenchSandbox } from '../processes/sandbox.ts';
import type { Scene } from '../scene.ts';

/** What a target adds to the simulated Telegram's own answer, measured straight in the same round. */
export interface Overhead {
  readonly target: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly refused: number;
}

/** A timetable of sends with a Telegram that takes its time: over the median of the same calls straight to Telegram. */
export async function measureSteady(plan: Plan, scene: Scene, sandbox: BenchSandbox): Promise<readonly Overhead[]> {
  await sandbox.setLatency(telegramLatencyMs);
  try {
    return await over(scene, plan.rounds, (target) =>
      openLoop(target, { perSecond: steadyPerSecond, durationMs: plan.steadyMs }),
    );
  } finally {
    await sandbox.setLatency(0);
  }
}

/** One send at a time with a pause before each. */
export const measureIdle = (plan: Plan, scene: Scene): Promise<readonly Overhead[]> =>
  over(scene, plan.rounds, (target) => loneCaller(target, { count: plan.idleSends, pauseMs: 10 }));

async function over(
  scene: Scene,
  roundCount: number,
  run: (target: Target) => Promise<Sample>,
): Promise<readonly Overhead[]> {
  const targets = [scene.ours.target, scene.forwarder.target, scene.byHand.target];
  const found = targets.map((target) => ({
    target: target.name,
    p50s: [] as number[],
    p99s: [] as number[],
    refused: 0,
  }));
  for (let round = 0; round < roundCount; round += 1) {
    const straight = await run(scene.straight);
    for (const [index, target] of targets.entries()) {
      const sample = await run(target);
      const one = found[index];
      one?.p50s.push(sample.p50Ms - straight.p50Ms);
      one?.p99s.push(sample.p99Ms - straight.p50Ms);
      if (one) one.refused += sample.refused;
    }
  }
  return found.map(({ target, p50s, p99s, refused }) => ({
    target,
    p50Ms: median(p50s),
    p99Ms: median(p99s),
    refused,
  }));
}
