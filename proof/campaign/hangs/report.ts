import { type Cells, markdownTable } from '../evidence/markdown-table.ts';
import type { HangFindings, PlaceWaits, RowFindings } from './findings.ts';
import { bounds } from './plan.ts';
import { type ErrandName, errandNames, type Waits } from './waits.ts';

/** Whether no promise was broken, and every wait is within the bound that also a busy machine keeps. */
export const areHangsGood = ({ rows }: HangFindings): boolean => rows.every((row) => problemsOf(row).length === 0);

/** What is wrong with a row, in words. */
export function problemsOf({ touched, waits, recovery, verdict }: RowFindings): readonly string[] {
  const { firstEntry, lastEntry } = bounds;
  const isLate = (ms: number | null, { passMs }: { readonly passMs: number }) => ms === null || ms > passMs;
  const hasWaited = recovery !== null && recovery.count > 0;
  return [
    ...(touched === 0 ? ['no call met the trouble'] : []),
    ...waits.flatMap(lateErrands),
    ...(recovery !== null && !hasWaited ? ['nothing waited for the end of the outage'] : []),
    ...(hasWaited && isLate(recovery.firstMs, firstEntry) ? ['the first entry came late'] : []),
    ...(hasWaited && isLate(recovery.lastMs, lastEntry) ? ['the last entry came late'] : []),
    ...Object.entries(verdict.breaches).flatMap(([name, list]) => (list.length > 0 ? [`${name}: ${list.length}`] : [])),
  ];
}

function lateErrands({ place, waits }: PlaceWaits): readonly string[] {
  const measured = place === 'same conversation' ? (['reply'] as const) : errandNames;
  const { passMs } = place === 'same conversation' ? bounds.sameConversation : bounds.stranger;
  return measured
    .filter((name) => waits[name].count === 0 || waits[name].missing > 0 || waits[name].p99Ms > passMs)
    .map((name) => `${errandTitles[name]} (${place}) came late`);
}

export const errandTitles: Readonly<Record<ErrandName, string>> = {
  reply: 'an agent’s reply',
  words: 'a customer’s words',
  copy: 'the copy of a backend’s message',
};

export const waitHeads: Cells = ['in trouble', 'measured', ...errandNames.map((name) => errandTitles[name])];

/** One line for each place: of each kind of errand the median, the 99th percentile, the longest wait, and how many there were. */
export const waitRows = ({ rows }: HangFindings): readonly Cells[] =>
  rows.flatMap(({ name, waits }) =>
    waits.map(({ place, waits: ofPlace }) => [name, place, ...errandNames.map((errand) => cellOf(ofPlace[errand]))]),
  );

function cellOf({ count, p50Ms, p99Ms, maxMs, missing }: Waits): string {
  if (count === 0) return '–';
  if (missing > 0) return `**${missing} of ${count} not within ${seconds(maxMs)}**`;
  return `${[p50Ms, p99Ms, maxMs].map((ms) => (ms / 1_000).toFixed(2)).join(' / ')} s (${count})`;
}

export const recoveryHeads: Cells = ['outage', 'waited', 'first arrived after', 'last arrived after'];

export const recoveryRows = ({ rows }: HangFindings): readonly Cells[] =>
  rows.flatMap(({ name, recovery }) =>
    recovery === null ? [] : [[name, recovery.count, seconds(recovery.firstMs), seconds(recovery.lastMs)]],
  );

/** The findings of one row, in lines. */
export const printRow = (row: RowFindings): string => {
  const one = { rows: [row], elapsedMs: 0 };
  const cells = [...waitRows(one), ...recoveryRows(one)].map((line) => line.slice(1).join(' | '));
  return [...cells, ...problemsOf(row)].map((line) => `  ${line}`).join('\n');
};

const seconds = (ms: number | null): string => (ms === null ? 'missing' : `${(ms / 1_000).toFixed(2)} s`);

/** The findings as they are printed at the end of a run. */
export function printHangs(findings: HangFindings): string {
  const problems = findings.rows.flatMap((row) => problemsOf(row).map((problem) => `${row.name}: ${problem}`));
  return [
    markdownTable(waitHeads, waitRows(findings)),
    markdownTable(recoveryHeads, recoveryRows(findings)),
    `${findings.rows.length} rows in ${(findings.elapsedMs / 60_000).toFixed(1)} minutes; ${problems.length} problems`,
    ...problems,
  ].join('\n\n');
}
