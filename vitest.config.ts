import { defineConfig } from 'vitest/config';

const source = {
  resolve: { conditions: ['@chatferry/source'] },
  ssr: { resolve: { conditions: ['@chatferry/source'] } },
};

export default defineConfig({
  ...source,
  test: {
    include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts', 'proof/**/*.test.ts'],
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
