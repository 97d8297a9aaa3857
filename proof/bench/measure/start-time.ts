import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../load/sample.ts';
import type { Plan } from '../plan.ts';
import { startGateway } from '../processes/gateway.ts';
import type { BenchSandbox } from '../processes/sandbox.ts';

export interface StartTime {
  /** With a database that is made now. */
  readonly firstMs: number;
  readonly againMs: number;
  /** Of the gateway process, some seconds after its start. */
  readonly residentMib: number;
}

const restMs = 2_000;

export async function measureStart(plan: Plan, folder: string, sandbox: BenchSandbox): Promise<StartTime> {
  const first: number[] = [];
  const again: number[] = [];
  const resident: number[] = [];
  for (let round = 0; round < plan.startRounds; round += 1) {
    const dataDir = join(folder, `start-${round}`);
    const fresh = await startGateway({ dataDir, sandbox, role: 'all' });
    await fresh.stop();
    const restarted = await startGateway({ dataDir, sandbox, role: 'all' });
    await sleep(restMs);
    resident.push(restarted.residentMib());
    await restarted.stop();
    first.push(fresh.readyAfterMs);
    again.push(restarted.readyAfterMs);
    rmSync(dataDir, { recursive: true });
  }
  return { firstMs: median(first), againMs: median(again), residentMib: median(resident) };
}
