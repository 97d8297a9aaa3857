/** `npm run crash`: the crash campaign in its long form; `-- --short` for the one of the tests, `-- --seed <n>` to repeat one. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { breachesIn } from '../judge/judge.ts';
import { runCrashCampaign } from './campaign.ts';
import { longSizes, namedPoints, planStrikes, shortSizes } from './plan.ts';
import { seeded } from './seeded.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string' },
    keep: { type: 'boolean' },
    only: { type: 'string' },
  },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'chatferry-crash-'));
chmodSync(folder, 0o755);
console.log(`seed ${seed}, in ${folder}`);
let strikes = planStrikes(values.short ? shortSizes : longSizes, namedPoints, seeded(seed));
if (values.only) strikes = strikes.filter((s) => JSON.stringify(s).includes(values.only ?? ''));
const findings = await runCrashCampaign({ folder, strikes, chatsPerBot: 3, say: console.log });
console.log(JSON.stringify({ ...findings, blows: findings.blows.length }, null, 1));
process.exitCode = breachesIn(findings.verdict) > 0 || findings.missed.length > 0 ? 1 : 0;
if (!values.keep) rmSync(folder, { recursive: true, force: true });
