import { defineConfig } from 'vitest/config';

const source = {
  resolve: { conditions: ['@chatferry/source'] },
  ssr: { resolve: { conditions: ['@chatferry/source'] } },
};

export default defineConfig({
  ...source,
  test: {
    include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts', 'e2e/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
