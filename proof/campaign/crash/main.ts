/**
 * `npm run crash`: the campaign in its long form. `-- --short` takes the form of the tests, `-- --seed <n>` repeats one, `-- --strikes <n>`
 * its first strikes.
 */
import { parseArgs } from 'node:util';
import { withTemporaryFolder } from '@chatferry/testkit/processes/temporary-folder';
import { breachesIn } from '../judge/judge.ts';
import { runCrashCampaign } from './campaign.ts';
import { longSizes, planStrikes, shortSizes } from './plan.ts';
import { seeded } from './seeded.ts';

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, seed: { type: 'string' }, strikes: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
console.log(`seed ${seed}`);
const strikes = planStrikes(values.short ? shortSizes : longSizes, seeded(seed)).slice(
  0,
  Number(values.strikes ?? Number.POSITIVE_INFINITY),
);
const { blows, points, ...findings } = await withTemporaryFolder('chatferry-campaign-', (folder) =>
  runCrashCampaign({ folder, strikes, chatsPerBot: 3, say: console.log }),
);
console.log(JSON.stringify({ blows: blows.length, points: points.length, ...findings }, null, 2));
const isGood =
  breachesIn(findings.verdict) +
    findings.missed.length +
    findings.deadLetters.length +
    findings.webhookProblems.length ===
  0;
process.exitCode = isGood ? 0 : 1;
