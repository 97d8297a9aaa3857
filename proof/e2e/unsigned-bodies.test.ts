import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenBody, openBody } from '@chatferry/testkit/http/open-body';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectBot, sendTo } from './process-bot.ts';
import { openProcessRig, type ProcessRig } from './process-rig.ts';

let rig: ProcessRig;

beforeAll(async () => {
  await buildPrograms();
  rig = await openProcessRig();
}, buildLimitMs);
afterAll(() => rig.close());

const MiB = 1024 * 1024;
const connections = 200;

/** The gateway keeps 16 MiB of such bodies in memory at most, so it refuses all but 16. */
const keptMax = 16;
/** For those, and for what the process needs to read and to refuse. Without a limit it would keep all 200 MiB. */
const growthMaxMiB = 120;

/** The gateway also ends a request that is not complete after 30 seconds. That is no refusal. */
const isRefused = (one: OpenBody): boolean =>
  (one.isEnded() || one.answer() !== '') && !one.answer().includes('did not arrive in time');

/** Makes Linux forget how much memory the process once had. */
const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

/** The most memory that the process had since then, as Linux counts it. */
function peakMiB(pid: number): number {
  const [, kiB] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kiB) / 1024;
}

describe.runIf(process.platform === 'linux')('hundreds of connections that send a MiB each without proof', () => {
  it.each([
    ['without a signature', {}],
    ['with a signature of no known secret', { 'X-Hub-Signature': `sha1=${'0'.repeat(40)}` }],
  ])('%s take little memory, while other callers are served', { timeout: 120_000 }, async (_name, signature) => {
    const gateway = await rig.start({
      CHATFERRY_DATA_DIR: join(rig.folder, `data-${Object.keys(signature).length}`),
      CHATFERRY_TRUSTED_PROXIES: '127.0.0.1',
    });
    const bot = await connectBot(rig, gateway);
    const isServed = async () => expect((await sendTo(gateway, bot, bot.newChat(), 'Hello')).status).toBe(201);
    await isServed();
    forgetPeak(gateway.pid);
    const before = peakMiB(gateway.pid);
    const body = new Uint8Array(MiB - 1);
    const bodies: OpenBody[] = [];
    for (let count = 0; count < connections; count += 1) {
      const headers = {
        'Content-Type': 'application/json',
        'X-Forwarded-For': `10.0.0.${count}`,
        ...signature,
      };
      bodies.push(openBody(gateway.url, { path: '/hooks/intercom', headers, length: MiB }, body));
    }
    await isServed();
    await expect
      .poll(() => bodies.filter(isRefused).length, { timeout: 60_000 })
      .toBeGreaterThanOrEqual(connections - keptMax);
    await isServed();
    expect(peakMiB(gateway.pid) - before).toBeLessThan(growthMaxMiB);
    for (const one of bodies) one.close();
    gateway.kill('SIGKILL');
    await gateway.ended;
  });
});
