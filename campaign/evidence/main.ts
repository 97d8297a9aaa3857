/**
 * `npm run evidence`: the long forms of everything, and docs/evidence.md. `-- --short` takes the forms of the tests, prints the
 * page and writes nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startTemporaryPostgres } from '../../packages/gateway/src/testing/temporary-postgres.ts';
import { runCrashCampaign } from '../crash/campaign.ts';
import { longSizes, planStrikes, shortSizes } from '../crash/plan.ts';
import { seeded } from '../crash/seeded.ts';
import { inFolder } from '../gateway/in-folder.ts';
import { breachesIn } from '../judge/judge.ts';
import { runNetworkCampaign } from '../network/campaign.ts';
import { root } from '../sabotage/patch.ts';
import { patches } from '../sabotage/patches.ts';
import { caughtIn, runSabotage } from '../sabotage/run-all.ts';
import { readEnvironment } from './environment.ts';
import { type Findings, toPage } from './page.ts';

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false }, seed: { type: 'string' } } });
const say = (line: string): void => console.error(line);
const isShort = values.short;
const seed = Number(values.seed ?? Date.now() % 1_000_000);

async function simulate(): Promise<Findings['simulation']> {
  const seeds = isShort ? 200 : 12_000;
  const child = spawn('npm', ['run', '--silent', 'simulate', '--', '--seeds', String(seeds)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
  const [code] = await once(child, 'close');
  return { seeds, output: output.join(''), isGood: code === 0 };
}

async function crash(): Promise<Findings['crash']> {
  const strikes = planStrikes(isShort ? shortSizes : longSizes, seeded(seed));
  const findings = await inFolder((folder) => runCrashCampaign({ folder, strikes, chatsPerBot: 3, say }));
  return { ...findings, seed };
}

async function network(): Promise<Findings['network']> {
  const server = await startTemporaryPostgres();
  try {
    return await inFolder((folder) =>
      runNetworkCampaign({ folder, database: server.connection, form: isShort ? 'short' : 'long', say }),
    );
  } finally {
    await server.stop();
  }
}

const isGood = ({ simulation, crash: crashes, network: faults, sabotage }: Findings): boolean =>
  simulation.isGood &&
  breachesIn(crashes.verdict) + crashes.missed.length + crashes.deadLetters.length === 0 &&
  breachesIn(faults.verdict) + faults.missed.length + faults.stuck.length === 0 &&
  caughtIn(sabotage) === sabotage.results.length &&
  sabotage.unharmedFailures.length === 0;

const environment = readEnvironment();
const findings: Findings = {
  environment,
  simulation: await simulate(),
  crash: await crash(),
  network: await network(),
  sabotage: await runSabotage(isShort ? patches.slice(0, 2) : patches, say),
};
const page = toPage(findings);
if (isShort) process.stdout.write(page);
else writeFileSync(join(root, 'docs/evidence.md'), page);
if (!isGood(findings)) {
  say('A promise was broken, or something proves nothing: see the page.');
  for (const failure of findings.sabotage.unharmedFailures) say(failure);
  process.exitCode = 1;
}
