import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { type Config, configSettings, loadConfig } from './config.ts';

type Env = Readonly<Record<string, string | undefined>>;

const folder = mkdtempSync(join(tmpdir(), 'chatferry-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileWith = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const configOf = (env: Env): Config => {
  const loaded = loadConfig(env);
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  return loaded.config;
};

const problemsOf = (env: Env): readonly string[] => {
  const loaded = loadConfig(env);
  return loaded.ok ? [] : loaded.problems;
};

const token = 'token-to-be-hidden';

describe('the configuration', () => {
  it('has a default for an empty environment', () => {
    expect(configOf({})).toMatchObject({
      role: 'all',
      host: '127.0.0.1',
      port: 8080,
      publicUrl: null,
      trustedProxies: [],
      dataDir: './data',
      databaseUrl: null,
      adminToken: null,
      masterKey: null,
      logLevel: 'info',
      channel: { apiRoot: 'https://api.telegram.org', fileRoot: null },
      callerWaitMs: 30_000,
      keyRatePerSecond: 100,
      keyRateBurst: 200,
    });
  });

  it('has the values of the environment, and treats an empty value as absent', () => {
    const config = configOf({
      CHATFERRY_PORT: '0',
      CHATFERRY_HOST: '',
      CHATFERRY_PUBLIC_URL: 'https://chat.example.com/',
      CHATFERRY_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8 ,fd00::/8',
      CHATFERRY_ADMIN_TOKEN: token,
    });
    expect(config).toMatchObject({
      port: 0,
      host: '127.0.0.1',
      publicUrl: 'https://chat.example.com',
      trustedProxies: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'],
    });
    expect(config.adminToken?.reveal()).toBe(token);
  });

  it('has the servers that workspaces may choose, by name', () => {
    const servers = ' eu=https://bot-api.example.com/ ,files=http://10.0.0.7:8081/x';
    expect(configOf({ CHATFERRY_PROVIDER_SERVERS: servers }).providerServers).toEqual({
      eu: 'https://bot-api.example.com',
      files: 'http://10.0.0.7:8081/x',
    });
    expect(configOf({}).providerServers).toEqual({});
    for (const wrong of [
      'https://x.example',
      'eu=',
      'eu=ftp://x',
      'EU=https://x',
      'a=https://x,a=https://y',
      'a=https://u@x',
    ]) {
      expect(problemsOf({ CHATFERRY_PROVIDER_SERVERS: wrong }).join()).toContain('CHATFERRY_PROVIDER_SERVERS');
    }
  });

  it('ignores unrelated variables in the environment', () => {
    // biome-ignore lint/style/noProcessEnv: the environment of this process, which has many unrelated variables.
    const other = Object.entries(process.env).filter(([name]) => !/^(CHATFERRY_|DATABASE_URL)/.test(name));
    expect(other.length).toBeGreaterThan(3);
    expect(problemsOf(Object.fromEntries(other))).toEqual([]);
  });

  it('ignores the variables of the chatferry command', () => {
    expect(problemsOf({ CHATFERRY_URL: 'http://x', CHATFERRY_KEY: 'cf_x', CHATFERRY_KEY_FILE: '/run/key' })).toEqual(
      [],
    );
  });

  it.each(configSettings.map((one) => [one.env, one] as const))('accepts the example of %s', (_, { env, example }) => {
    // An example that is a command is replaced by a result of this command.
    const resultOf: Readonly<Record<string, string>> = {
      '$(openssl rand -hex 24)': 'a'.repeat(48),
      '$(openssl rand -base64 32)': Buffer.alloc(32, 7).toString('base64'),
    };
    expect(problemsOf({ [env]: resultOf[example] ?? example })).toEqual([]);
  });

  it.each(configSettings.map((one) => [one.env, one] as const))('documents %s and its default', (_, one) => {
    expect(one.description).toMatch(/\.$/);
    expect([one.fallback, one.without].filter((value) => typeof value === 'string')).toHaveLength(1);
    if (one.secret) expect(one.fallback).toBeNull();
  });
});

describe('an invalid environment', () => {
  it('is reported with every problem at once, each with a name and an example', () => {
    const problems = problemsOf({
      CHATFERRY_PORT: '80800',
      CHATFERRY_ROLE: 'server',
      CHATFERRY_PUBLIC_URL: 'chat.example.com',
      CHATFERRY_PROT: '8080',
      CHATFERRY_ADMIN_TOKEN: 'short',
    });
    expect(problems).toEqual([
      'CHATFERRY_ROLE: “server” must be one of all, serve, work. For example: CHATFERRY_ROLE=all',
      'CHATFERRY_PORT: “80800” must be a whole number from 0 to 65535. For example: CHATFERRY_PORT=8080',
      'CHATFERRY_PUBLIC_URL: “chat.example.com” must be an http or https address without a user or a query. For example: CHATFERRY_PUBLIC_URL=https://chat.example.com',
      'CHATFERRY_ADMIN_TOKEN: The value given is not valid: it must be 16 to 255 visible characters. For example: CHATFERRY_ADMIN_TOKEN=$(openssl rand -hex 24)',
      'CHATFERRY_PROT is not a setting. Correct its name or remove it; docs/configuration.md lists them all.',
    ]);
  });

  it.each([
    ['CHATFERRY_PORT', '-1'],
    ['CHATFERRY_PORT', '8080.5'],
    ['CHATFERRY_PORT', '0x50'],
    ['CHATFERRY_HOST', 'two words'],
    ['CHATFERRY_PUBLIC_URL', 'https://chat.example.com?x=1'],
    ['CHATFERRY_PUBLIC_URL', 'https://user:word@chat.example.com'],
    ['CHATFERRY_PUBLIC_URL', 'https://chat.example.com:99999'],
    ['CHATFERRY_TRUSTED_PROXIES', '127.0.0.1,proxy.example.com'],
    ['CHATFERRY_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['CHATFERRY_MASTER_KEY', 'c2hvcnQ='],
    ['DATABASE_URL', 'mysql://db.example.com/x'],
    ['CHATFERRY_RETENTION_MESSAGES_DAYS', '0'],
    ['CHATFERRY_PORT_FILE', '/run/port'],
  ])('is refused with %s=%s', (name, value) => {
    const [problem, ...more] = problemsOf({ [name]: value });
    expect(problem).toContain(name);
    expect(more).toEqual([]);
  });
});

describe('a public address with http', () => {
  it('is refused with the reason, because no provider calls it', () => {
    const hosts = [
      'chat.example.com',
      'chat.example.com:8080/ferry',
      '203.0.113.7',
      '[2001:4860::1]',
      'local.example.com',
    ];
    for (const host of hosts)
      expect(problemsOf({ CHATFERRY_PUBLIC_URL: `http://${host}` })).toEqual([
        `CHATFERRY_PUBLIC_URL: “http://${host}” must begin with https: Telegram and the inboxes accept https only. For example: CHATFERRY_PUBLIC_URL=https://chat.example.com`,
      ]);
  });

  it('is taken for a host of one’s own, which only the sandbox calls', () => {
    const hosts = [
      '127.0.0.1:8080',
      'localhost:8080',
      '10.1.2.3',
      '192.168.0.7',
      '172.31.0.1',
      '[::1]:80',
      'gateway',
      'a.local',
    ];
    for (const host of hosts)
      expect(configOf({ CHATFERRY_PUBLIC_URL: `http://${host}` }).publicUrl).toBe(`http://${host}`);
  });
});

describe('a secret setting', () => {
  it('can be given as a file', () => {
    const file = fileWith('token', `${token}\n`);
    expect(configOf({ CHATFERRY_ADMIN_TOKEN_FILE: file }).adminToken?.reveal()).toBe(token);
  });

  it('in an unreadable file is reported with the path of the file', () => {
    const file = join(folder, 'none');
    expect(problemsOf({ CHATFERRY_ADMIN_TOKEN_FILE: file })).toEqual([
      `CHATFERRY_ADMIN_TOKEN_FILE: ${file} cannot be read (ENOENT). Give the path of a file that the gateway may read.`,
    ]);
  });

  it('in an empty file is reported', () => {
    expect(problemsOf({ CHATFERRY_ADMIN_TOKEN_FILE: fileWith('empty', '\n') })).toHaveLength(1);
  });

  it('is refused if it is given twice', () => {
    const file = fileWith('second', `${token}\n`);
    expect(problemsOf({ CHATFERRY_ADMIN_TOKEN: token, CHATFERRY_ADMIN_TOKEN_FILE: file })).toEqual([
      'CHATFERRY_ADMIN_TOKEN and CHATFERRY_ADMIN_TOKEN_FILE are both set. Remove one.',
    ]);
  });

  it('appears neither in a problem nor in the printed configuration', () => {
    const bad = { CHATFERRY_ADMIN_TOKEN: 'se cret', CHATFERRY_MASTER_KEY: 'se-cret', DATABASE_URL: 'se-cret' };
    expect(problemsOf(bad)).toHaveLength(3);
    expect(problemsOf(bad).join()).not.toMatch(/se.cret/);
    const config = configOf({ CHATFERRY_ADMIN_TOKEN: token, DATABASE_URL: 'postgres://me:word@db.example.com/x' });
    expect(inspect(config) + JSON.stringify(config)).not.toMatch(/to-be-hidden|word/);
  });
});
