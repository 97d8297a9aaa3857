import { readFileSync } from 'node:fs';
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

/** The most memory that the process ever had, as Linux counts it. */
function peakMiB(pid: number): number {
  const [, kiB] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kiB) / 1024;
}

describe.runIf(process.platform === 'linux')('a thousand connections that send a MiB each without proof', () => {
  it.each([
    ['without a signature', {}],
    ['with a signature of nobody', { 'X-Hub-Signature': `sha1=${'0'.repeat(40)}` }],
  ])('%s take little memory, while other callers are served', { timeout: 120_000 }, async (_name, signature) => {
    const gateway = await rig.start({
      CHATFERRY_DATA_DIR: join(rig.folder, `data-${Object.keys(signature).length}`),
      CHATFERRY_TRUSTED_PROXIES: '127.0.0.1',
    });
    const bot = await connectBot(rig, gateway);
    const isServed = async () => expect((await sendTo(gateway, bot, bot.newChat(), 'Hello')).status).toBe(201);
    await isServed();
    const before = peakMiB(gateway.pid);
    const body = new Uint8Array(MiB - 1);
    const bodies: OpenBody[] = [];
    for (let count = 0; count < 1_000; count += 1) {
      const headers = {
        'Content-Type': 'application/json',
        'X-Forwarded-For': `10.${count % 250}.0.${Math.floor(count / 250)}`,
        ...signature,
      };
      bodies.push(openBody(gateway.url, { path: '/hooks/intercom', headers, length: MiB }, body));
    }
    await isServed();
    await Promise.all(bodies.map(({ sent }) => sent));
    await isServed();
    expect(peakMiB(gateway.pid) - before).toBeLessThan(256);
    for (const one of bodies) one.close();
    gateway.kill('SIGKILL');
    await gateway.ended;
  });
});
