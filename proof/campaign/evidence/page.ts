import type { Blow, CrashFindings } from '../crash/campaign.ts';
import type { Breaches, Tally } from '../judge/judge.ts';
import type { NetworkFindings } from '../network/campaign.ts';
import { caughtIn, type SabotageFindings } from '../sabotage/run-all.ts';
import type { Environment } from './environment.ts';

export interface Findings {
  /** What `npm run simulate` printed, and how it was called. */
  readonly simulation: { readonly seeds: number; readonly output: string; readonly isGood: boolean };
  readonly crash: CrashFindings & { readonly seed: number };
  readonly network: NetworkFindings;
  readonly sabotage: SabotageFindings;
}

export type PartName = keyof Findings;
export const partNames: readonly PartName[] = ['simulation', 'crash', 'network', 'sabotage'];

/** One part as it was found, and where. */
export interface Part<Name extends PartName> {
  readonly environment: Environment;
  readonly findings: Findings[Name];
}

/** Each part that was run; they may be of different days. */
export type Parts = { readonly [Name in PartName]?: Part<Name> };

const promises: readonly (readonly [keyof Breaches, string])[] = [
  ['lostSends', 'answered 201 and not at Telegram'],
  ['doubledSends', 'more than once at Telegram'],
  ['falseFailures', 'called failed and at Telegram all the same'],
  ['sendInversions', 'at Telegram before what was said earlier in the same chat'],
  ['groundlessUnknowns', 'called unknown without a fault that made it so'],
  ['lostEntries', 'sent or received and not in the inbox'],
  ['doubledEntries', 'more than once in the inbox'],
  ['entryInversions', 'in the inbox before what the same person said earlier'],
  ['doubledConversations', 'chats with two conversations'],
  ['lostReplies', 'agents’ replies lost'],
  ['unfinished', 'not final although all is quiet'],
];

/** The page: what was tried, how often, and what came of it. A part that was not run says so. */
export function toPage(parts: Parts): string {
  const { simulation, crash, network, sabotage } = parts;
  return `${[
    head,
    summary(parts),
    chapter('simulation', simulation, simulationPart),
    chapter('crash', crash, crashPart),
    chapter('network', network, networkPart),
    chapter('sabotage', sabotage, sabotagePart),
    limits,
  ].join('\n\n')}\n`;
}

const head = `# Evidence

Written by \`npm run evidence\`. Anybody can make this page anew, whole or a part at a time (\`npm run evidence -- --only crash\`);
[proof/campaign/README.md](../campaign/README.md) says how the parts work and who judges.`;

const titles: Readonly<Record<PartName, string>> = {
  simulation: 'Simulation',
  crash: 'Crashes',
  network: 'Network faults',
  sabotage: 'Bugs put back',
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
  `On ${date}, at commit ${commit}: ${machine}, kernel ${kernel}, Node.js ${node}; load of the machine before: ${loadBefore.toFixed(1)}.`;

function summary({ crash, network, sabotage }: Parts): string {
  const campaigns = [
    ...(crash ? [{ title: 'crashes', done: crash.findings.blows.length, verdict: crash.findings.verdict }] : []),
    ...(network
      ? [{ title: 'network faults', done: network.findings.scenarios.length, verdict: network.findings.verdict }]
      : []),
  ];
  const row = (says: string, countOf: (campaign: (typeof campaigns)[number]) => number) => [
    says,
    ...campaigns.map(countOf),
  ];
  const counts = table(
    ['of what was tried', ...campaigns.map(({ title }) => title)],
    [
      row('faults done', ({ done }) => done),
      row('messages that callers sent', ({ verdict }) => verdict.tally.sends),
      row('messages that customers wrote', ({ verdict }) => verdict.tally.customerMessages),
      row('replies of agents', ({ verdict }) => verdict.tally.replies),
      ...promises.map(([name, says]) => row(`**${says}**`, ({ verdict }) => verdict.breaches[name].length)),
    ],
  );
  return [
    '## On one page',
    ...(campaigns.length > 0 ? [counts] : []),
    sabotage
      ? `Bugs put back and caught: **${caughtIn(sabotage.findings)} of ${sabotage.findings.results.length}**.`
      : 'Bugs put back and caught: not run yet.',
  ].join('\n\n');
}

const simulationPart = ({ seeds, output, isGood }: Findings['simulation']): string =>
  `\`npm run simulate -- --seeds ${seeds}\`: the engine in virtual time, with faults of the network, the store and the processes that each seed decides.${
    isGood ? '' : ' **It found something.**'
  }

\`\`\`
${output.trim()}
\`\`\``;

function crashPart({ seed, blows, missed, points, deadLetters, verdict, elapsedMs }: Findings['crash']): string {
  const kinds = [...new Set(blows.map(({ strike }) => strike.kind))];
  const named = new Set(blows.flatMap(({ strike }) => ('point' in strike ? [strike.point] : [])));
  return `\`npm run crash -- --seed ${seed}\`, ${minutes(elapsedMs)}: the built gateway and its own PostgreSQL under load, killed without a word and stood up again.

${table(
  ['struck', 'times', 'ready again, median', 'longest', 'next 201, median', 'longest'],
  kinds.map((kind) => rowOf(kind, blows)),
)}

Named points struck: ${named.size}, of ${points.length} that the load passes. Strikes whose moment did not come: ${missed.length}. Dead letters: ${deadLetters.length}.
Ready is counted from the start of the process, the next 201 from the blow, with everything on the cores of one machine.

${outcomes(verdict.tally)}

The points: ${[...named]
    .sort()
    .map((point) => `\`${point}\``)
    .join(', ')}.`;
}

const kindNames: Readonly<Record<Blow['strike']['kind'], string>> = {
  point: 'the gateway, at a named point',
  wire: 'the gateway, while the far side had carried a call out and not answered',
  random: 'the gateway, at random',
  recovery: 'the gateway, and once more while it recovered',
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
  return `\`npm run network\`, ${minutes(elapsedMs)}: a proxy on every connection, which does each fault to one message, before and after its first byte, in its
middle, before and after its last, both ways.

${table(
  ['kind', 'times'],
  Object.entries(faults).map(([kind, count]) => [kind, count]),
)}

${table(
  ['link', 'faults'],
  [...links].map(([link, count]) => [link, count]),
)}

Messages that never came by: ${missed.length}. Chats that could not be written to afterwards: ${stuck.length}.

${outcomes(verdict.tally)}`;
}

const outcomes = ({ sends, sent, failed, unknown, cut, entries }: Tally): string =>
  table(
    ['what callers were told in the end', 'messages'],
    [
      ['201', sent],
      ['failed', failed],
      ['unknown', unknown],
      ['nothing: the connection broke, and they had no Idempotency-Key to ask again with', cut],
      ['all', sends],
      ['entries in the inboxes', entries],
    ],
  );

const sabotagePart = (sabotage: SabotageFindings): string =>
  `\`npm run sabotage\`: ${caughtIn(sabotage)} of ${sabotage.results.length} caught. The suites pass without them.

${table(
  ['bug', 'what it would do', 'caught by'],
  sabotage.results.map(({ patch, result }) => [
    patch.name,
    patch.harm,
    result.kind === 'caught' ? result.by.replaceAll('|', '\\|') : '**not caught**',
  ]),
)}`;

const limits = `## What this does not show

The far side is simulated: what Telegram, Intercom and HubSpot really do is held to their documentation. Power cuts and disks that lie are not tried; the store
is refused where it does not flush. Order between different chats is not promised, and not looked at. \`unknown\` is counted as right where a
fault left nobody able to know. A process that is stopped by its machine between the last look at its lease and the write to an inbox writes when it wakes,
after another has taken its work over: inboxes cannot be told to refuse it, and the entry stands twice there. The simulation does this too, and counts it as
found (\`I6: … stands 2 times in the inbox\`).`;

const table = (heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [heads, heads.map((_head, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

const sorted = (values: readonly number[]): readonly number[] => [...values].sort((left, right) => left - right);
const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1_000).toFixed(1)} s`);
const median = (values: readonly number[]): string => seconds(sorted(values)[Math.floor(values.length / 2)]);
const longest = (values: readonly number[]): string => seconds(sorted(values).at(-1));
const minutes = (ms: number): string => `${(ms / 60_000).toFixed(1)} minutes`;
