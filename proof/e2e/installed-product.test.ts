import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { guides } from '@chatferry/contract';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { findFreePort } from '@chatferry/testkit/processes/ports';
import { createTemporaryFolder } from '@chatferry/testkit/processes/temporary-folder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InstalledProduct, installProduct } from './installed-product.ts';

/** An installation copies a hundred megabytes, and may have to download them. */
const installLimitMs = 300_000;

// biome-ignore lint/style/noProcessEnv: where npm and its cache are.
const { PATH = '', HOME = '' } = process.env;
const temporary = createTemporaryFolder('chatferry-installed-');
let product: InstalledProduct;

beforeAll(async () => {
  await buildPrograms();
  product = await installProduct(temporary.path, { PATH, HOME, XDG_CONFIG_HOME: join(temporary.path, 'config') });
}, buildLimitMs + installLimitMs);
afterAll(() => temporary.remove());

describe('the package chatferry, installed without a clone', () => {
  it('supports the Node.js that it says it supports: npm has nothing to complain about', () => {
    expect(product.installation.err).not.toContain('EBADENGINE');
  });

  it('contains no compiler and no sources in TypeScript', () => {
    const modules = join(product.folder, 'node_modules');
    for (const compiler of ['typescript', 'esbuild', 'tsx']) expect(existsSync(join(modules, compiler))).toBe(false);
    const sources = ['chatferry', '@chatferry/gateway', '@chatferry/contract', '@chatferry/sdk'].flatMap((name) =>
      readdirSync(join(modules, name), { recursive: true, encoding: 'utf8' }).filter((path) =>
        /(?<!\.d)\.ts$/.test(path),
      ),
    );
    expect(sources).toEqual([]);
  });

  it(
    'has the pages of /docs with their viewer and the guides, which are not packages of the project',
    async () => {
      expect(existsSync(join(product.folder, 'node_modules/swagger-ui-dist'))).toBe(false);
      const port = await findFreePort();
      const gateway = product.start('npx chatferry start', { CHATFERRY_PORT: String(port) });
      try {
        await gateway.waitFor('gateway.ready');
        const get = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
        expect(await get('/docs')).toContain('docs/assets/viewer.js');
        expect(await get('/docs/assets/viewer.js')).toContain('SwaggerUIBundle');
        expect(await get('/docs/assets/viewer.css')).toContain('.swagger-ui');
        for (const { title, name } of guides) expect(await get(`/docs/guides/${name}`)).toContain(`<h1>${title}</h1>`);
        expect(await get('/docs/reference/webhooks')).toContain('whsec_');
      } finally {
        await gateway.stop();
      }
    },
    installLimitMs,
  );

  it(
    'leads from nothing to a message of one’s own in at most six typed lines',
    async () => {
      const port = await findFreePort();
      // What a person would not have to type: the usual port may be taken here.
      const env = { CHATFERRY_PORT: String(port), CHATFERRY_URL: `http://127.0.0.1:${port}` };
      const lines = [
        'npx chatferry start',
        'npx chatferry setup --test',
        'npx chatferry send --to 424242 --text "My own message" --buttons Yes=yes',
        'npx chatferry messages list --state sent',
      ];
      expect(lines.length).toBeLessThanOrEqual(6);
      const [startLine = '', ...others] = lines;
      const gateway = product.start(startLine, env);
      try {
        await gateway.waitFor('gateway.ready');
        const results = [];
        for (const line of others) {
          const ended = await product.type(line, env);
          expect([ended.exitCode, ended.err], line).toEqual([0, '']);
          results.push(ended.out);
        }
        expect(results[1]).toMatch(/^sent +yes$/m);
        expect(results[2]).toMatch(/outbound +sent +424242 .* My own message$/m);
        expect(results.join('')).not.toContain('cf_test_');
      } finally {
        await gateway.stop();
      }
    },
    installLimitMs,
  );
});
