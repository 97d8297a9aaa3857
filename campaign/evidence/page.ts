import type { Blow, CrashFindings } from '../crash/campaign.ts';
import type { Breaches, Tally } from '../judge/judge.ts';
import type { NetworkFindings } from '../network/campaign.ts';
import { caughtIn, type SabotageFindings } from '../sabotage/run-all.ts';
import type { Environment } from './environment.ts';

export interface Findings {
  readonly environment: Environment;
  /** What `npm run simulate` printed, and how it was called. */
  readonly simulation: { readonly seeds: number; readonly output: string; readonly isGood: boolean };
  readonly crash: CrashFindings & { readonly seed: number };
  readonly network: NetworkFindings;
  readonly sabotage: SabotageFindings;
}

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

/** The page: what was tried, how often, and what came of it. */
export function toPage(findings: Findings): string {
  return `${[
    head(findings.environment),
    summary(findings),
    simulationPart(findings),
    crashPart(findings.crash),
    networkPart(findings.network),
    sabotagePart(findings.sabotage),
    limits,
  ].join('\n\n')}\n`;
}

const head = ({ date, machine, kernel, node, commit, loadBefore }: Environment): string =>
  `# Evidence

Written by \`npm run evidence\` on ${date}, at commit ${commit}: ${machine}, kernel ${kernel}, Node.js ${node}; load of the machine
before: ${loadBefore.toFixed(1)}. Anybody can make this page anew; [campaign/README.md](../campaign/README.md) says how the parts work and who judges.`;

function summary({ crash, network, sabotage }: Findings): string {
  const caught = caughtIn(sabotage);
  return `## On one page

${table(
  ['of what was tried', 'crashes', 'network faults'],
  [
    ['faults done', crash.blows.length, network.scenarios.length],
    ['messages that callers sent', crash.verdict.tally.sends, network.verdict.tally.sends],
    ['messages that customers wrote', crash.verdict.tally.customerMessages, network.verdict.tally.customerMessages],
    ['replies of agents', crash.verdict.tally.replies, network.verdict.tally.replies],
    ...promises.map(([name, says]) => [
      `**${says}**`,
      crash.verdict.breaches[name].length,
      network.verdict.breaches[name].length,
    ]),
  ],
)}

Bugs put back and caught: **${caught} of ${sabotage.results.length}**.`;
}

const simulationPart = ({ simulation: { seeds, output, isGood } }: Findings): string =>
  `## Simulation

\`npm run simulate -- --seeds ${seeds}\`: the engine in virtual time, with faults of the network, the store and the processes that each seed decides.${
    isGood ? '' : ' **It found something.**'
  }

\`\`\`
${output.trim()}
\`\`\``;

function crashPart({ seed, blows, missed, points, deadLetters, verdict, elapsedMs }: Findings['crash']): string {
  const kinds = [...new Set(blows.map(({ strike }) => strike.kind))];
  const named = new Set(blows.flatMap(({ strike }) => ('point' in strike ? [strike.point] : [])));
  return `## Crashes

\`npm run crash -- --seed ${seed}\`, ${minutes(elapsedMs)}: the built gateway and its own PostgreSQL under load, killed without a word and stood up again.

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
  return `## Network faults

\`npm run network\`, ${minutes(elapsedMs)}: a proxy on every connection, which does each fault to one message, before and after its first byte, in its
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
  `## Bugs put back

\`npm run sabotage\`: ${caughtIn(sabotage)} of ${sabotage.results.length} caught. The suites pass without them.

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
fault left nobody able to know.`;

const table = (heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [heads, heads.map((_head, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

const sorted = (values: readonly number[]): readonly number[] => [...values].sort((left, right) => left - right);
const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1_000).toFixed(1)} s`);
const median = (values: readonly number[]): string => seconds(sorted(values)[Math.floor(values.length / 2)]);
const longest = (values: readonly number[]): string => seconds(sorted(values).at(-1));
const minutes = (ms: number): string => `${(ms / 60_000).toFixed(1)} minutes`;
