import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = 'packages/gateway/src';
const root = fileURLToPath(new URL('../..', import.meta.url));
const files = readdirSync(join(root, src), { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
);
const filesWith = (pattern: RegExp): readonly string[] =>
  files.filter((path) => pattern.test(readFileSync(join(root, src, path), 'utf8'))).sort();

describe('a secret in the source of the gateway', () => {
  it('is revealed without an address only if it never leaves the process, or goes where the settings say', () => {
    expect(filesWith(/\breveal\(\)/)).toEqual([
      // The provider of OpenID Connect: no request names it.
      'adapters/identity/openid-connect.ts',
      'http/authenticate.ts',
      'ports/secret.ts',
      'process/open-database.ts',
      'process/run-backup.ts',
      'process/run-migrate.ts',
      'secrets/master-key.ts',
    ]);
  });

  it('is revealed for an address only where the request to this address is made', () => {
    expect(filesWith(/\brevealFor\(/)).toEqual(['ports/secret.ts']);
    expect(filesWith(/\brevealTo\(/)).toEqual([
      'adapters/hubspot/authorization.ts',
      'adapters/hubspot/client.ts',
      'adapters/intercom/authorization.ts',
      'adapters/intercom/client.ts',
      'adapters/telegram/channel.ts',
      'adapters/telegram/client.ts',
    ]);
  });

  it('is taken apart only where it is sealed', () => {
    expect(filesWith(/\bpackSecret\(/)).toEqual([
      'compose/share-grant.ts',
      'operations/channels/seal-channel.ts',
      'operations/connections/seal-app.ts',
      'operations/workspaces/seal-inbox.ts',
    ]);
  });

  it('is bound to an address only where it comes from a request, from the settings or from storage', () => {
    expect(filesWith(/new BoundSecret\(/)).toEqual([
      'operations/channels/connect-bot.ts',
      'operations/channels/seal-channel.ts',
      'operations/channels/update-channel.ts',
      'operations/connections/apps.ts',
      // Test mode: what is called at its address is answered inside the process.
      'operations/test-mode/create-test-channel.ts',
      'operations/workspaces/seal-inbox.ts',
      'ports/bound-inbox.ts',
      'ports/secret.ts',
    ]);
  });
});
