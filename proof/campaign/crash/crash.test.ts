import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { withTemporaryFolder } from '@chatferry/testkit/processes/temporary-folder';
import { beforeAll, expect, it } from 'vitest';
import { runCrashCampaign } from './campaign.ts';
import { planStrikes, shortSizes } from './plan.ts';
import { seeded } from './seeded.ts';

beforeAll(buildPrograms, buildLimitMs);

it('a gateway keeps every promise when it and its database are killed at every named point', {
  timeout: 1_800_000,
}, async () => {
  // The same strikes each time, so that a red run comes back; `npm run crash` draws new ones.
  const seed = 1;
  const strikes = planStrikes(shortSizes, seeded(seed));
  const course: string[] = [];
  const { verdict, missed, deadLetters, webhookProblems } = await withTemporaryFolder('chatferry-campaign-', (folder) =>
    runCrashCampaign({ folder, strikes, chatsPerBot: 2, say: (line) => course.push(line) }),
  );
  const broken = Object.entries(verdict.breaches).filter(([, list]) => list.length > 0);
  const told = `npm run crash -- --short --seed ${seed}\n${course.join('\n')}`;
  expect({ broken, missed, deadLetters, webhookProblems }, told).toEqual({
    broken: [],
    missed: [],
    deadLetters: [],
    webhookProblems: [],
  });
  expect(verdict.tally.sent).toBeGreaterThan(strikes.length);
});
