/**
 * What the event log costs a send: the CPU time of the gateway and its database per 1,000 sends with the log's triggers, and
 * without them, in turns of one run. `npm run bench:events`.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedLoop } from './load/closed-loop.ts';
import { median } from './load/sample.ts';
import { sendsTo } from './load/sends.ts';
import { inFlight } from './plan.ts';
import { connectBot } from './processes/connected.ts';
import { type BenchGateway, startGateway, withClient } from './processes/gateway.ts';
import { startSandbox } from './processes/sandbox.ts';

const rounds = 8;
const roundMs = 4_000;
const warmUpSends = 3_000;

const switchLog = (gateway: BenchGateway, what: 'enable' | 'disable') =>
  withClient(gateway, async (client) => {
    await client.query(`alter table messages ${what} trigger log_new`);
    await client.query(`alter table messages ${what} trigger log_changed`);
  });

const totalOf = ({ process, database }: ReturnType<BenchGateway['cpuSeconds']>): number => process + database;

async function measure(folder: string): Promise<void> {
  const sandbox = await startSandbox();
  try {
    const gateway = await startGateway({ dataDir: join(folder, 'events'), sandbox, role: 'serve' });
    try {
      const { key } = await connectBot(gateway, sandbox);
      const target = sendsTo({ name: 'Chatferry', url: gateway.url, key });
      await closedLoop(target, { inFlight, requests: warmUpSends });
      const cpu = { enable: [] as number[], disable: [] as number[] };
      let from = warmUpSends;
      for (let round = 0; round < rounds; round += 1) {
        for (const what of round % 2 === 0 ? (['enable', 'disable'] as const) : (['disable', 'enable'] as const)) {
          await switchLog(gateway, what);
          const before = totalOf(gateway.cpuSeconds());
          const { answered } = await closedLoop(target, { inFlight, durationMs: roundMs, from });
          from += answered;
          cpu[what].push(((totalOf(gateway.cpuSeconds()) - before) / answered) * 1_000);
        }
      }
      const [withLog, without] = [median(cpu.enable), median(cpu.disable)];
      const seconds = (value: number) => `${value.toFixed(3)} s`;
      console.log(`CPU per 1,000 sends with the event log: ${seconds(withLog)}; without: ${seconds(without)}`);
      console.log(`ratio: ${(withLog / without).toFixed(2)} (${rounds} rounds of each, ${from} sends)`);
    } finally {
      await gateway.stop();
    }
  } finally {
    await sandbox.stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'chatferry-bench-'));
chmodSync(folder, 0o711);
try {
  await measure(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
