import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const conditions = ['@chatferry/source'];

/** The files of `proof` start processes and take longest. They come first, so that no worker is left with one of them at the end. */
class ProofFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isProof = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/proof/');
    return [...sorted.filter(isProof), ...sorted.filter((file) => !isProof(file))];
  }
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // The environment of the global setup.
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts', 'proof/**/*.test.ts'],
    // One worker more than processors, because many tests wait for a process or a time limit. At most five, because the test server
    // accepts 100 connections and a test file opens up to 18.
    maxWorkers: Math.min(availableParallelism() + 1, 5),
    // A worker runs many files in one process, which saves a second of imports for each file. No module has state that a test could
    // change, so the order of the files does not matter.
    isolate: false,
    sequence: { sequencer: ProofFirst },
    testTimeout: 20_000,
    // How long a poll waits for a state; a shared machine may be slow.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 60_000,
    globalSetup: ['packages/testkit/src/postgres/postgres-setup.ts'],
    provide: {
      // biome-ignore lint/style/noProcessEnv: the tests' one setting: run them on this server instead of an embedded one.
      testDatabaseUrl: process.env['TEST_DATABASE_URL'] ?? '',
      // biome-ignore lint/style/noProcessEnv: `npm run conformance` sets both of these.
      hubspotDescriptions: process.env['HUBSPOT_DESCRIPTIONS'] ?? '',
      // biome-ignore lint/style/noProcessEnv: see above.
      conformanceReports: process.env['CONFORMANCE_REPORTS'] ?? '',
    },
  },
});
