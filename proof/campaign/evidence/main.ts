/**
 * `npm run evidence` runs the long form of every part and writes docs/evidence.md. `-- --only crash` runs one part (repeatable) and
 * uses the stored findings of the others. `-- --render` runs nothing and writes the page from the stored findings. `-- --short` runs
 * the short forms, prints the page and writes nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startTemporaryPostgres } from '@chatferry/testkit/postgres/temporary-postgres';
import { withTemporaryFolder } from '@chatferry/testkit/processes/temporary-folder';
import { runCrashCampaign } from '../crash/campaign.ts';
import { longSizes, planStrikes, shortSizes } from '../crash/plan.ts';
import { seeded } from '../crash/seeded.ts';
import { runHangCampaign } from '../hangs/campaign.ts';
import { areHangsGood } from '../hangs/report.ts';
import { breachesIn } from '../judge/judge.ts';
import { runNetworkCampaign } from '../network/campaign.ts';
import { root } from '../sabotage/patch.ts';
import { patches } from '../sabotage/patches.ts';
import { caughtIn, runSabotage } from '../sabotage/run-all.ts';
import { readEnvironment } from './environment.ts';
import { keepPart, readParts } from './kept-parts.ts';
import { type Findings, type Part, type PartName, type Parts, partNames, toPage } from './page.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    render: { type: 'boolean', default: false },
    seed: { type: 'string' },
    only: { type: 'string', multiple: true },
  },
});
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
  const findings = await withTemporaryFolder('chatferry-campaign-', (folder) =>
    runCrashCampaign({ folder, strikes, chatsPerBot: 3, say }),
  );
  return { ...findings, seed };
}

async function network(): Promise<Findings['network']> {
  const server = await startTemporaryPostgres();
  try {
    return await withTemporaryFolder('chatferry-campaign-', (folder) =>
      runNetworkCampaign({ folder, database: server.ownerConnection, form: isShort ? 'short' : 'long', say }),
    );
  } finally {
    await server.stop();
  }
}

const hangs = (): Promise<Findings['hangs']> =>
  withTemporaryFolder('chatferry-campaign-', (folder) =>
    runHangCampaign({ folder, form: isShort ? 'short' : 'long', say }),
  );

const run: { readonly [Name in PartName]: () => Promise<Findings[Name]> } = {
  simulation: simulate,
  crash,
  network,
  hangs,
  sabotage: () => runSabotage(isShort ? patches.slice(0, 2) : patches, say),
};

const isGood: { readonly [Name in PartName]: (findings: Findings[Name]) => boolean } = {
  simulation: (findings) => findings.isGood,
  crash: ({ verdict, missed, deadLetters, webhookProblems }) =>
    breachesIn(verdict) + missed.length + deadLetters.length + webhookProblems.length === 0,
  network: ({ verdict, missed, stuck }) => breachesIn(verdict) + missed.length + stuck.length === 0,
  hangs: areHangsGood,
  sabotage: (findings) => caughtIn(findings) === findings.results.length && findings.unharmedFailures.length === 0,
};

const writePage = (): void => writeFileSync(join(root, 'docs/evidence.md'), toPage(readParts()));

async function runPart<Name extends PartName>(name: Name): Promise<Parts> {
  say(`${name} …`);
  const environment = readEnvironment();
  const part: Part<Name> = { environment, findings: await run[name]() };
  if (!isGood[name](part.findings)) {
    say(`${name}: a promise was broken, or a part of the run proves nothing. See the page.`);
    if ('unharmedFailures' in part.findings) for (const failure of part.findings.unharmedFailures) say(failure);
    process.exitCode = 1;
  }
  if (!isShort) {
    keepPart(name, part);
    writePage();
  }
  return { [name]: part };
}

const wanted = values.render ? [] : (values.only ?? [...partNames]);
const unknown = wanted.filter((name) => !partNames.some((known) => known === name));
if (unknown.length > 0) {
  say(`There is no part ${unknown.join(', ')}. --only takes: ${partNames.join(', ')}.`);
  process.exit(2);
}
let parts: Parts = {};
for (const name of partNames.filter((known) => wanted.includes(known))) parts = { ...parts, ...(await runPart(name)) };
if (values.render) writePage();
else if (isShort) process.stdout.write(toPage(parts));
