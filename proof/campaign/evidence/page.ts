import { wrapMarkdown } from '../../../scripts/wrap-markdown.ts';
import type { Blow, CrashFindings } from '../crash/campaign.ts';
import type { HangFindings } from '../hangs/findings.ts';
import { problemsOf, recoveryHeads, recoveryRows, waitHeads, waitRows } from '../hangs/report.ts';
import type { Breaches, Tally, Verdict } from '../judge/judge.ts';
import type { NetworkFindings } from '../network/campaign.ts';
import { caughtIn, type SabotageFindings } from '../sabotage/run-all.ts';
import type { Environment } from './environment.ts';
import { markdownTable } from './markdown-table.ts';

export interface Findings {
  /** The output of `npm run simulate`, and the number of seeds that it was called with. */
  readonly simulation: { readonly seeds: number; readonly output: string; readonly isGood: boolean };
  readonly crash: CrashFindings & { readonly seed: number };
  readonly network: NetworkFindings;
  readonly hangs: HangFindings;
  readonly sabotage: SabotageFindings;
}

export type PartName = keyof Findings;
export const partNames: readonly PartName[] = ['simulation', 'crash', 'network', 'hangs', 'sabotage'];

/** The findings of one part, and the environment of its run. */
export interface Part<Name extends PartName> {
  readonly environment: Environment;
  readonly findings: Findings[Name];
}

/** Every part that was run. The runs may be from different days. */
export type Parts = { readonly [Name in PartName]?: Part<Name> };

const promises: readonly (readonly [keyof Breaches, string])[] = [
  ['lostSends', 'answered 201 but not at Telegram'],
  ['doubledSends', 'more than once at Telegram'],
  ['falseFailures', 'reported as failed but at Telegram'],
  ['sendInversions', 'at Telegram before an earlier message of the same chat'],
  ['groundlessUnknowns', 'reported as unknown without a fault that explains it'],
  ['lostEntries', 'sent or received but not in the inbox'],
  ['doubledEntries', 'more than once in the inbox'],
  ['entryInversions', 'in the inbox before an earlier message of the same person'],
  ['doubledConversations', 'chats with two conversations'],
  ['lostReplies', 'agents’ replies lost'],
  ['untold', 'not told by the event log, or not once and in order'],
  ['doubledEvents', 'events that are twice in the log'],
  ['lostWebhooks', 'events that did not reach the backend'],
  ['wrongWebhooks', 'webhooks without a valid signature, for the wrong backend or under a new id'],
  ['webhookInversions', 'webhooks before an earlier event of the same chat'],
  ['unfinished', 'not final after all work has ended'],
];

/** Prints the page: what was tried, how often, and with which result. A part that was not run says so. */
export function toPage(parts: Parts): string {
  const { simulation, crash, network, hangs, sabotage } = parts;
  const page = [
    head,
    summary(parts),
    chapter('simulation', simulation, simulationPart),
    chapter('crash', crash, crashPart),
    chapter('network', network, networkPart),
    chapter('hangs', hangs, hangsPart),
    chapter('sabotage', sabotage, sabotagePart),
    limits,
  ];
  return `${wrapMarkdown(page.join('\n\n'))}\n`;
}

const head = `# Evidence

\`npm run evidence\` writes this page. You can repeat the whole page or one part (\`npm run evidence -- --only crash\`).
[proof/campaign/README.md](../proof/campaign/README.md) explains how the parts work and who judges. Names of bugs and tests are those of
the commit that was tested.`;

const titles: Readonly<Record<PartName, string>> = {
  simulation: 'Simulation',
  crash: 'Crashes',
  network: 'Network faults',
  hangs: 'Hangs and outages',
  sabotage: 'Reintroduced bugs',
};

function chapter<Name extends PartName>(
  name: Name,
  part: Part<Name> | undefined,
  print: (findings: Findings[Name]) => string,
): string {
  const body = part === undefined ? notRun(name) : `${print(part.findings)}\n\n${where(part.environment)}`;
  return `## ${titles[name]}\n\n${body}`;
}

const notRun = (name: PartName): string =>
  `**Not run yet in its long form.** \`npm run evidence -- --only ${name}\` runs it and fills this chapter.`;

const where = ({ date, machine, kernel, node, commit, loadBefore }: Environment): string =>
  `On ${date}, at commit ${commit}: ${machine}, kernel ${kernel}, Node.js ${node}; load average before the run: ${loadBefore.toFixed(1)}.`;

/** What one campaign did, and what each of its verdicts says. */
interface Campaign {
  readonly title: string;
  readonly done: number;
  readonly verdicts: readonly Verdict[];
}

function campaignsOf({ crash, network, hangs }: Parts): readonly Campaign[] {
  const rows = hangs?.findings.rows ?? [];
  return [
    ...(crash ? [{ title: 'crashes', done: crash.findings.blows.length, verdicts: [crash.findings.verdict] }] : []),
    ...(network
      ? [{ title: 'network faults', done: network.findings.scenarios.length, verdicts: [network.findings.verdict] }]
      : []),
    ...(hangs ? [{ title: 'hangs and outages', done: rows.length, verdicts: rows.map(({ verdict }) => verdict) }] : []),
  ];
}

function summary(parts: Parts): string {
  const { sabotage } = parts;
  const campaigns = campaignsOf(parts);
  const row = (label: string, countOf: (campaign: Campaign) => number) => [label, ...campaigns.map(countOf)];
  const sum = (label: string, countOf: (verdict: Verdict) => number) =>
    row(label, ({ verdicts }) => verdicts.reduce((total, verdict) => total + countOf(verdict), 0));
  const counts = markdownTable(
    ['what was counted', ...campaigns.map(({ title }) => title)],
    [
      row('faults injected', ({ done }) => done),
      sum('messages that callers sent', ({ tally }) => tally.sends),
      sum('messages that customers wrote', ({ tally }) => tally.customerMessages),
      sum('replies of agents', ({ tally }) => tally.replies),
      ...promises.map(([name, label]) => sum(`**${label}**`, ({ breaches }) => breaches[name]?.length ?? 0)),
    ],
  );
  return [
    '## Summary',
    ...(campaigns.length > 0 ? [counts] : []),
    sabotage
      ? `Reintroduced bugs that the tests caught: **${caughtIn(sabotage.findings)} of ${sabotage.findings.results.length}**.`
      : 'Reintroduced bugs that the tests caught: not run yet.',
  ].join('\n\n');
}

const simulationPart = ({ seeds, output, isGood }: Findings['simulation']): string =>
  `\`npm run simulate -- --seeds ${seeds}\`: the engine in virtual time. Each seed decides the faults of the network, the store and the processes.${
    isGood ? '' : ' **It found a broken promise.**'
  }

\`\`\`
${output.trim()}
\`\`\``;

function crashPart({ seed, blows, missed, points, deadLetters, verdict, elapsedMs }: Findings['crash']): string {
  const kinds = [...new Set(blows.map(({ strike }) => strike.kind))];
  const named = new Set(blows.flatMap(({ strike }) => ('point' in strike ? [strike.point] : [])));
  return `\`npm run crash -- --seed ${seed}\`, ${minutes(elapsedMs)}: the built gateway and its own PostgreSQL run under load, are killed without warning, and are started again.

${markdownTable(
  ['killed', 'times', 'ready again, median', 'longest', 'next 201, median', 'longest'],
  kinds.map((kind) => rowOf(kind, blows)),
)}

Named points with a kill: ${named.size}, of ${points.length} that the load passes. Kills whose moment did not come: ${missed.length}. Dead letters: ${deadLetters.length}.
The time until ready is measured from the start of the process, and the time until the next 201 from the kill. Everything runs on
the cores of one machine.

${outcomes(verdict.tally)}

The points: ${[...named]
    .sort()
    .map((point) => `\`${point}\``)
    .join(', ')}.`;
}

const kindNames: Readonly<Record<Blow['strike']['kind'], string>> = {
  point: 'the gateway, at a named point',
  wire: 'the gateway, after a provider carried out a call and before it answered',
  random: 'the gateway, at random',
  recovery: 'the gateway, and again during its recovery',
  database: 'PostgreSQL',
  both: 'both',
};

function rowOf(kind: Blow['strike']['kind'], blows: readonly Blow[]): readonly (string | number)[] {
  const ours = blows.filter(({ strike }) => strike.kind === kind);
  const ready = ours.flatMap(({ readyMs }) => (readyMs === null ? [] : [readyMs]));
  const sent = ours.map(({ sentMs }) => sentMs);
  return [kindNames[kind], ours.length, median(ready), longest(ready), median(sent), longest(sent)];
}

function networkPart({ faults, scenarios, missed, stuck, verdict, elapsedMs }: NetworkFindings): string {
  const links = new Map<string, number>();
  for (const scenario of scenarios) {
    const link = scenario.replace(/ \(.*/, '');
    links.set(link, (links.get(link) ?? 0) + 1);
  }
  return `\`npm run network\`, ${minutes(elapsedMs)}: a proxy on every connection injects each fault into one message: before and after its first byte, in
its middle, before and after its last byte, in both directions.

${markdownTable(
  ['kind', 'times'],
  Object.entries(faults).map(([kind, count]) => [kind, count]),
)}

${markdownTable(
  ['link', 'faults'],
  [...links].map(([link, count]) => [link, count]),
)}

Messages that never reached the proxy: ${missed.length}. Chats that could not be written to afterwards: ${stuck.length}.

${outcomes(verdict.tally)}`;
}

const outcomes = ({ sends, sent, failed, unknown, cut, entries }: Tally): string =>
  markdownTable(
    ['final answer to the caller', 'messages'],
    [
      ['201', sent],
      ['failed', failed],
      ['unknown', unknown],
      ['none: the connection broke, and the caller had no Idempotency-Key to ask again with', cut],
      ['all', sends],
      ['entries in the inboxes', entries],
    ],
  );

function hangsPart(findings: HangFindings): string {
  const problems = findings.rows.flatMap((row) => problemsOf(row).map((problem) => `- **${row.name}: ${problem}**`));
  return `\`npm run hangs\`, ${minutes(findings.elapsedMs)}: a provider takes calls and answers none of them, or is down. At the same time
the customers, backends and agents of others continue. Each row has a gateway of its own. Median / 99th percentile / longest wait (how many there were):

${markdownTable(waitHeads, waitRows(findings))}

After an outage, counted from the first call that the inbox answered:

${markdownTable(recoveryHeads, recoveryRows(findings))}

${problems.length === 0 ? 'No wait was over its bound.' : problems.join('\n')}`;
}

const sabotagePart = (sabotage: SabotageFindings): string =>
  `\`npm run sabotage\`: ${caughtIn(sabotage)} of ${sabotage.results.length} caught. The suites pass without these bugs.

${markdownTable(
  ['bug', 'effect on users', 'caught by'],
  sabotage.results.map(({ patch, result }) => [
    patch.name,
    patch.harm,
    result.kind === 'caught' ? result.by.replaceAll('|', '\\|') : '**not caught**',
  ]),
)}`;

const limits = `## What this does not show

- The providers are simulated. Telegram, Intercom and HubSpot are assumed to behave as their documentation says.
- Power cuts and disks that report false writes are not tried. The gateway refuses a store that does not flush.
- Order between different chats is not promised, and not checked.
- \`unknown\` counts as correct if a fault left no way to know.
- A machine may stop a process between the last check of its lease and the write to an inbox. When the process wakes, it
  writes, although another process has taken over its work. Inboxes cannot be told to refuse this write, so the entry
  appears twice there. The simulation does this too, and counts it as a finding (\`I6\`).`;

const sorted = (values: readonly number[]): readonly number[] => [...values].sort((left, right) => left - right);
const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1_000).toFixed(1)} s`);
const median = (values: readonly number[]): string => seconds(sorted(values)[Math.floor(values.length / 2)]);
const longest = (values: readonly number[]): string => seconds(sorted(values).at(-1));
const minutes = (ms: number): string => `${(ms / 60_000).toFixed(1)} minutes`;
