import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { configuredOrigins } from './configured-origins.ts';

const originsOf = (env: Readonly<Record<string, string>>): readonly string[] => {
  const loaded = loadConfig(env);
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  return configuredOrigins(loaded.config);
};

describe('the origins that the settings name', () => {
  it('are none by default: the addresses of the providers are public', () => {
    expect(originsOf({})).toEqual([]);
    expect(originsOf({ CHATFERRY_PUBLIC_URL: 'https://chat.example.com' })).toEqual([]);
  });

  it('are those of all addresses of providers, each once', () => {
    const origins = originsOf({
      CHATFERRY_TELEGRAM_API_ROOT: 'http://10.0.0.7:8081/bots',
      CHATFERRY_TELEGRAM_FILE_ROOT: 'http://10.0.0.7:8082',
      CHATFERRY_HUBSPOT_BASE_URL: 'http://Standin.internal:80/hubspot',
      CHATFERRY_HUBSPOT_APP_URL: 'http://standin.internal/hubspot',
      CHATFERRY_OIDC_ISSUER: 'https://login.acme.test/realms/staff',
    });
    expect([...origins].sort()).toEqual([
      'http://10.0.0.7:8081',
      'http://10.0.0.7:8082',
      'http://standin.internal',
      'https://login.acme.test',
    ]);
  });

  it('are those of every region', () => {
    const origins = originsOf({
      CHATFERRY_INTERCOM_BASE_URL: 'http://{region}.intercom.internal:4010/api',
      CHATFERRY_ALLOWED_PRIVATE_ORIGINS: 'https://files-{region}.internal',
    });
    expect([...origins].sort()).toEqual([
      ...['au', 'eu', 'us'].map((region) => `http://${region}.intercom.internal:4010`),
      ...['au', 'eu', 'us'].map((region) => `https://files-${region}.internal`),
    ]);
  });

  it('include the allowed ones, in whatever form they are written', () => {
    const list = 'http://2130706433:8081, HTTPS://Bots.Internal:443/ ,http://[0:0:0:0:0:0:0:1]:9000';
    expect(originsOf({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: list })).toEqual([
      'http://127.0.0.1:8081',
      'https://bots.internal',
      'http://[::1]:9000',
    ]);
  });

  it.each([
    '10.0.0.7',
    'ftp://10.0.0.7',
    'http://10.0.0.7/path',
    'http://user@10.0.0.7',
    'http://*',
    'http://a b',
    '*',
  ])('cannot be %j', (origin) => {
    const loaded = loadConfig({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: `http://10.0.0.1,${origin}` });
    expect(loaded).toEqual({ ok: false, problems: [expect.stringContaining('CHATFERRY_ALLOWED_PRIVATE_ORIGINS')] });
  });
});
