import { defineConfig } from 'vitest/config';

const source = {
  resolve: { conditions: ['@chatferry/source'] },
  ssr: { resolve: { conditions: ['@chatferry/source'] } },
  environments: { __vitest__: { resolve: { conditions: ['@chatferry/source'] } } },
};

export default defineConfig({
  ...source,
  test: {
    include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts', 'proof/**/*.test.ts'],
    // One process for many files saves a second of imports for each file. No module has state that a test could change, so the
    // order of the files does not matter.
    isolate: false,
    testTimeout: 20_000,
    // How long a poll waits for a state; a shared machine may be slow.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 60_000,
    globalSetup: ['packages/testkit/src/postgres/postgres-setup.ts'],
    provide: {
      // biome-ignore lint/style/noProcessEnv: the tests' one setting: run them on this server instead of an embedded one.
      testDatabaseUrl: process.env['TEST_DATABASE_URL'] ?? '',
    },
  },
});
