// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of programs are tested here, as strings.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { channelAdapter, inboxAdapters } from '@chatferry/gateway/internal/adapters/registry';
import { describe, expect, it } from 'vitest';
import { findNamedKinds } from './kinds.ts';
import { scanSource } from './scan-source.ts';

const src = 'packages/gateway/src';
const root = fileURLToPath(new URL('../..', import.meta.url));
const files = readdirSync(join(root, src), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => `${src}/${path}`);

const kinds = {
  kinds: [...Object.keys(inboxAdapters), channelAdapter.facts.kind],
  otherWords: [channelAdapter.facts.tokenIssuer],
};
const namedIn = (file: string, source: string): readonly string[] => findNamedKinds(kinds, file, scanSource(source));

describe('the gateway', () => {
  it('has a registry with the kinds that this rule looks for', () => {
    expect(kinds.kinds).toEqual(expect.arrayContaining(['intercom', 'hubspot', 'telegram']));
    expect(kinds.otherWords).toEqual(['BotFather']);
  });

  it('names a kind of inbox or channel only in the folder of its adapter and in the registry', () => {
    expect(files.length).toBeGreaterThan(300);
    expect(files.flatMap((file) => namedIn(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});

describe('the rule that kinds are named in one place', () => {
  it.each([
    ['engine/directory/directory.ts', "const accounts = { intercom: accountsOf('x') };"],
    ['operations/connections/apps.ts', "if (given.kind === 'hubspot') return app;"],
    ['config/config.ts', "const env = 'CHATFERRY_HUBSPOT_CLIENT_ID';"],
    ['core/delivery/decide.ts', "const reason = 'Telegram refuses the bot token';"],
    ['core/health/alarm.ts', 'const remedy = `Take a new token from BotFather: ${command}`;'],
    ['http/bind-setup-page.ts', "const path = '/connect/hubspot/channel';"],
    ['http/bind-channel-hooks.ts', "app.post('/hooks/telegram/:path');"],
    ['compose/open-providers.ts', "import { openIntercom } from '../adapters/intercom/inbox.ts';"],
    ['compose/open-providers.ts', 'const baseUrl = config.intercomBaseUrl;'],
    ['operations/channels/check-channel.ts', 'export const checkTelegram = check;'],
    ['operations/api-error.ts', 'export interface Parts { readonly telegram: string }'],
    ['receive/receive-telegram-update.ts', 'export const x = 1;'],
    ['adapters/http/transport.ts', "const host = 'api.hubapi.com or api.hubspot.com';"],
  ])('finds the kind that is named in %s: %s', (file, source) => {
    expect(namedIn(`${src}/${file}`, source)).not.toEqual([]);
  });

  it.each([
    ['a comment', 'engine/send/pace.ts', '// Telegram: groups have negative ids\nexport const x = 1;'],
    ['the folder of the kind', 'adapters/hubspot/kind.ts', "export const kind = 'hubspot';"],
    ['the registry', 'adapters/registry.ts', "import { hubspotAdapter } from './hubspot/adapter.ts';"],
    ['a test', 'engine/send/pace.test.ts', "const chat = 'Telegram chat 1';"],
    ['an operation of the contract', 'compose/build-api.ts', 'const handlers = { sendTelegramInteractive };'],
    [
      'the file of an operation',
      'compose/build-api.ts',
      "import x from '../operations/send-telegram-interactive/handler.ts';",
    ],
    ['an error code of the contract', 'core/delivery/decide.ts', "const name = 'TELEGRAM_REJECTED';"],
    ['a leg of the contract', 'operations/channels/activity.ts', 'const place = { telegram_in: 1 };'],
    ['a field of an answer', 'http/error-reply.ts', 'const body = { telegram: provider };'],
  ])('leaves %s alone', (_, file, source) => {
    expect(namedIn(`${src}/${file}`, source)).toEqual([]);
  });
});
