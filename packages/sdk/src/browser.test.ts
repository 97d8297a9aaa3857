import { existsSync } from 'node:fs';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Check } from './testing/scenario.js';
import { startScenarioServer } from './testing/scenario-server.js';

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const why = browser === undefined ? ' (no Chromium here: apt-get install chromium)' : '';

const program = `
import * as sdk from './index.js';
import { runScenario } from './testing/scenario.js';
globalThis.checks = runScenario(sdk, { baseUrl: location.origin, closedUrl: '', isBrowser: true });
`;

const bundleForBrowser = async (): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
  });
  return outputFiles[0]?.text ?? '';
};

describe.skipIf(browser === undefined)(`the client in a browser${why}`, () => {
  it('passes every step of the scenario that a page can take', { timeout: 60_000 }, async () => {
    const server = await startScenarioServer({
      '/': {
        type: 'text/html',
        text: '<!doctype html><title>SDK</title><script type="module" src="/app.js"></script>',
      },
      '/app.js': { type: 'text/javascript', text: await bundleForBrowser() },
    });
    const launched = await chromium.launch({
      executablePath: browser ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    try {
      const page = await launched.newPage();
      await page.goto(server.baseUrl);
      const checks = await page.evaluate<readonly Check[]>('checks');
      expect(checks.filter(({ result }) => result !== 'ok')).toEqual([]);
      expect(checks.map(({ name }) => name)).toContain('a stream of events that continues after a lost connection');
    } finally {
      await launched.close();
      await server.close();
    }
  });
});
