import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { findFreePort } from '@chatferry/testkit/processes/ports';
import { createTemporaryFolder } from '@chatferry/testkit/processes/temporary-folder';
import { createWatchedSandbox } from '@chatferry/testkit/provider-descriptions/watched-sandbox';
import { aSend } from '@chatferry/testkit/rigs/rig';
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
    'runs a gateway with a database of its own, and sends a message through it',
    async () => {
      const sandbox = createWatchedSandbox();
      await sandbox.listen();
      const settings = {
        CHATFERRY_URL: `http://127.0.0.1:${await findFreePort()}`,
        CHATFERRY_TELEGRAM_API_ROOT: `${sandbox.url}/telegram`,
        CHATFERRY_INTERCOM_BASE_URL: `${sandbox.url}/intercom`,
      };
      const gateway = product.start(['start', '--port', new URL(settings.CHATFERRY_URL).port], settings);
      try {
        await gateway.waitFor('gateway.ready');
        const run = async (...args: string[]) => {
          const { exitCode, out, err } = await product.chatferry([...args, '--json'], settings);
          expect([exitCode, err], args.join(' ')).toEqual([0, '']);
          return JSON.parse(out);
        };
        const file = (name: string, text: string): string => {
          writeFileSync(join(product.folder, name), text);
          return name;
        };
        const inbox = sandbox.intercom.createWorkspace({ admins: [{ name: 'Ada', email: 'ada@acme.test' }] });
        const token = file('access-token', inbox.access_token);
        const create = [
          'workspaces',
          'create',
          '--name',
          'Support',
          '--kind',
          'intercom',
          '--access-token-file',
          token,
        ];
        const workspace = await run(...create);
        const bot = sandbox.telegram.createBot({});
        const botToken = file('bot-token', bot.token);
        const channel = await run('channels', 'create', '--workspace', workspace.id, '--bot-token-file', botToken);
        await run('login', '--key-file', file('key', channel.key.secret));
        const chat = sandbox.telegram.createChat({ bot_id: bot.id, user: { first_name: 'Grace' } });
        const sent = await run('send', '--file', file('message.json', JSON.stringify(aSend(String(chat.chat_id)))));
        expect(sent).toMatchObject({ channel_message_id: expect.any(String) });
      } finally {
        await gateway.stop();
        await sandbox.close();
      }
    },
    installLimitMs,
  );
});
