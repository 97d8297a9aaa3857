/**
 * Runs every test and writes a report to the given file. The JSON of vitest itself does not say why a test was skipped, nor what
 * failed outside of a test.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { type Reporter, startVitest, type TestCase, type TestModule } from 'vitest/node';
import type { SkippedTest, TestReport } from './test-report.ts';

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('Give the path of the file for the report.');

const testName = (one: TestCase): string => `${relative(process.cwd(), one.module.moduleId)} > ${one.fullName}`;

const skipReason = (note: string | undefined): string => note ?? 'not for this machine';

const findFailuresOutsideTests = (modules: readonly TestModule[]): readonly string[] =>
  modules.flatMap((module) => {
    const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
    const file = relative(process.cwd(), module.moduleId);
    return [...(module.errors().length > 0 ? [file] : []), ...suites.map((suite) => `${file} > ${suite.fullName}`)];
  });

const reporter: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    let passed = 0;
    const failed: string[] = [...findFailuresOutsideTests(modules)];
    const skipped: SkippedTest[] = [];
    for (const one of modules.flatMap((module) => [...module.children.allTests()])) {
      const result = one.result();
      if (result.state === 'passed') passed += 1;
      else if (result.state === 'skipped') skipped.push({ name: testName(one), reason: skipReason(result.note) });
      else failed.push(testName(one));
    }
    failed.push(...unhandledErrors.map((error) => `outside of every test: ${error.message}`));
    const report: TestReport = { passed, failed, skipped };
    writeFileSync(target, JSON.stringify(report));
  },
};

const vitest = await startVitest('test', [], { run: true, watch: false, reporters: ['default', reporter] });
await vitest.close();
