/** Runs every test and writes what came of it to the file given; vitest's own JSON says neither why a test was skipped nor what failed outside of one. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { type Reporter, startVitest, type TestCase, type TestModule } from 'vitest/node';
import type { SkippedTest, TestReport } from './test-report.ts';

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('Give the file that the report is written to.');

const nameOf = (one: TestCase): string => `${relative(process.cwd(), one.module.moduleId)} > ${one.fullName}`;

const reasonOf = (note: string | undefined): string => note ?? 'not for this machine';

const failuresOutsideOfTests = (modules: readonly TestModule[]): readonly string[] =>
  modules.flatMap((module) => {
    const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
    const file = relative(process.cwd(), module.moduleId);
    return [...(module.errors().length > 0 ? [file] : []), ...suites.map((suite) => `${file} > ${suite.fullName}`)];
  });

const reporter: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    let passed = 0;
    const failed: string[] = [...failuresOutsideOfTests(modules)];
    const skipped: SkippedTest[] = [];
    for (const one of modules.flatMap((module) => [...module.children.allTests()])) {
      const result = one.result();
      if (result.state === 'passed') passed += 1;
      else if (result.state === 'skipped') skipped.push({ name: nameOf(one), reason: reasonOf(result.note) });
      else failed.push(nameOf(one));
    }
    failed.push(...unhandledErrors.map((error) => `outside of every test: ${error.message}`));
    const report: TestReport = { passed, failed, skipped };
    writeFileSync(target, JSON.stringify(report));
  },
};

const vitest = await startVitest('test', [], { run: true, watch: false, reporters: ['default', reporter] });
await vitest.close();
