/** The result of a test run. Every check and test that should have run is counted once. */

export interface SkippedTest {
  /** The file, the suites and the test. */
  readonly name: string;
  readonly reason: string;
}

export interface TestReport {
  readonly passed: number;
  /** One line for each failure. */
  readonly failed: readonly string[];
  readonly skipped: readonly SkippedTest[];
}

/** How a process ended: its exit code, or null if a signal or a time limit ended it. */
export interface Ending {
  readonly exitCode: number | null;
}

/** Reports a check as one test. */
export const reportCheck = (name: string, { exitCode }: Ending): TestReport =>
  exitCode === 0
    ? { passed: 1, failed: [], skipped: [] }
    : { passed: 0, failed: [`${name} (${exitCode === null ? 'killed' : `exit code ${exitCode}`})`], skipped: [] };

/**
 * Reads the report of vitest. A run fails if it has no report, if its report cannot be read, or if the report does not explain the
 * exit code: a crashed run must never look like a passed one.
 */
export const reportVitest = (written: string | undefined, ending: Ending): TestReport => {
  const report = written === undefined ? undefined : parseReport(written);
  if (report === undefined) return { passed: 0, failed: ['vitest ended without a report'], skipped: [] };
  const isExplained = ending.exitCode === 0 || report.failed.length > 0;
  const isEmpty = report.passed + report.failed.length + report.skipped.length === 0;
  return {
    ...report,
    failed: [
      ...report.failed,
      ...(isExplained ? [] : reportCheck('vitest', ending).failed),
      ...(isEmpty ? ['vitest found no tests'] : []),
    ],
  };
};

const parseReport = (written: string): TestReport | undefined => {
  try {
    return JSON.parse(written) as TestReport;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

export const joinReports = (reports: readonly TestReport[]): TestReport => ({
  passed: reports.reduce((sum, { passed }) => sum + passed, 0),
  failed: reports.flatMap(({ failed }) => failed),
  skipped: reports.flatMap(({ skipped }) => skipped),
});

/** Prints the end of the output. The last line has the numbers. */
export const printReport = ({ passed, failed, skipped }: TestReport): string =>
  [
    '',
    ...skipped.map(({ name, reason }) => `skipped: ${name}: ${reason}`),
    ...failed.map((name) => `failed: ${name}`),
    `${passed} passed, ${failed.length} failed${skipped.length === 0 ? '' : `, ${skipped.length} skipped`}`,
    '',
  ].join('\n');
