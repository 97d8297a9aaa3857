import type { Exception } from '@chatferry/testkit/provider-descriptions/exceptions';
import type { ConformanceReport } from '@chatferry/testkit/provider-descriptions/watched-sandbox';

const add = (
  left: Readonly<Record<string, number>>,
  right: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> => {
  const sum: Record<string, number> = { ...left };
  for (const [name, count] of Object.entries(right)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};

const empty: ConformanceReport = { checked: {}, skipped: {}, violations: [], excepted: {} };

/** What all sandboxes of a run have found. */
export const joinConformance = (reports: readonly ConformanceReport[]): ConformanceReport =>
  reports.reduce(
    (left, right) => ({
      checked: add(left.checked, right.checked),
      skipped: add(left.skipped, right.skipped),
      violations: [...new Set([...left.violations, ...right.violations])].sort(),
      excepted: add(left.excepted, right.excepted),
    }),
    empty,
  );

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const table = (counts: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(counts)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, count]) => `${String(count).padStart(6)}  ${name}`);

/** What was compared, what was not and why, which differences are right, and at the end the others. */
export function printConformance(report: ConformanceReport, exceptions: readonly Exception[]): string {
  const used = exceptions.filter(({ why }) => report.excepted[why] !== undefined);
  return [
    '',
    `${total(report.checked)} exchanges were compared with the providers' descriptions:`,
    ...table(report.checked),
    `${total(report.skipped)} exchanges were skipped:`,
    ...table(report.skipped),
    `${total(report.excepted)} differences are right:`,
    ...used.map(
      ({ provider, why, source }) => `${String(report.excepted[why]).padStart(6)}  ${provider}: ${why} (${source})`,
    ),
    `${report.violations.length} other differences${report.violations.length === 0 ? '.' : ':'}`,
    ...report.violations,
    '',
  ].join('\n');
}
