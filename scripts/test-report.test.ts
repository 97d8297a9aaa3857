import { describe, expect, it } from 'vitest';
import { joinReports, printReport, reportCheck, reportVitest, type TestReport } from './test-report.ts';

const lastLine = (report: TestReport): string | undefined => printReport(report).trimEnd().split('\n').at(-1);
const green: TestReport = { passed: 3, failed: [], skipped: [] };

describe('the test report', () => {
  it('ends with the numbers', () => {
    const checks = [reportCheck('biome', { exitCode: 0 }), reportCheck('tsc', { exitCode: 2 })];
    expect(lastLine(joinReports([...checks, green]))).toBe('4 passed, 1 failed');
  });

  it('lists each skipped test with its reason', () => {
    const report = { ...green, skipped: [{ name: 'the page', reason: 'no Chromium here' }] };
    expect(printReport(report)).toContain('skipped: the page: no Chromium here\n');
    expect(lastLine(report)).toBe('3 passed, 0 failed, 1 skipped');
  });

  it('uses the report that vitest wrote', () => {
    const report = { passed: 2, failed: ['a'], skipped: [] };
    expect(reportVitest(JSON.stringify(report), { exitCode: 1 })).toEqual(report);
  });

  it.each([
    ['without a report', undefined, 0],
    ['with half a report', '{"passed": 3, "fai', 1],
    ['that a signal ended', JSON.stringify(green), null],
    ['with an exit code that no test explains', JSON.stringify(green), 1],
    ['without a single test', JSON.stringify({ ...green, passed: 0 }), 0],
  ])('counts a vitest run %s as failed', (_, written, exitCode) => {
    expect(reportVitest(written, { exitCode }).failed).toHaveLength(1);
  });
});
