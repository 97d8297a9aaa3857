import { describe, expect, it } from 'vitest';
import { findFolderCycles, findForbiddenImports, type ImportingFile } from './architecture-rules.ts';

const src = 'packages/gateway/src';
const planted = (
  file: string,
  specifier: string,
  isTypeOnly = false,
  names: readonly string[] = ['x'],
): readonly ImportingFile[] => [{ file, imports: [{ specifier, isTypeOnly, names }] }];

describe('the import rules', () => {
  it.each([
    ['core/delivery/decide.ts', '../../store/database/pool.ts'],
    ['core/delivery/decide.ts', '../../ports/clock.ts'],
    ['core/delivery/decide.ts', '../inbox/entry.ts'],
    ['core/delivery/decide.ts', 'node:crypto'],
    ['core/delivery/decide.ts', 'zod'],
    ['ports/inbox.ts', '../adapters/intercom/inbox.ts'],
    ['adapters/intercom/inbox.ts', '../hubspot/client.ts'],
    ['adapters/intercom/inbox.ts', '../registry.ts'],
    ['adapters/intercom/inbox.ts', '../../store/database/pool.ts'],
    ['adapters/rich-text/link.ts', '../telegram/channel.ts'],
    ['adapters/telegram/client.ts', 'undici'],
    ['adapters/telegram/client.ts', '../../config/config.ts'],
    ['store/database/pool.ts', '../../engine/lanes/worker.ts'],
    ['store/database/pool.ts', '../../embedded-postgres/start-embedded.ts'],
    ['embedded-postgres/start-embedded.ts', '../store/database/pool.ts'],
    ['engine/lanes/worker.ts', '../../adapters/telegram/channel.ts'],
    ['engine/lanes/worker.ts', '../../http/server.ts'],
    ['engine/lanes/worker.ts', '../../operations/context.ts'],
    ['engine/lanes/worker.ts', '../send/deliver.ts'],
    ['engine/lanes/worker.ts', 'pg'],
    ['engine/send/deliver.ts', '../relay/carry-reply.ts'],
    ['engine/mirror/mirror-message.ts', '../relay/carry-reply.ts'],
    ['operations/cut-page.ts', 'fastify'],
    ['operations/cut-page.ts', '../http/server.ts'],
    ['receive/receive-telegram-update.ts', '../operations/context.ts'],
    ['http/server.ts', '../adapters/registry.ts'],
    ['http/server.ts', '../store/keys.ts'],
    ['http/server.ts', '../compose/start-gateway.ts'],
    ['compose/start-gateway.ts', '../main.ts'],
    ['compose/start-gateway.ts', 'fastify'],
    ['compose/start-gateway.ts', '../../../testkit/src/rigs/rig.ts'],
    ['core/delivery/decide.ts', './decide.test.ts'],
    ['core/delivery/decide.ts', '(computed)'],
    ['core/delivery/decide.ts', '../../../../contract/src/ids.ts'],
    ['new-folder/thing.ts', '../core/delivery/decide.ts'],
    ['store/database/pool.test.ts', '../../main.ts'],
    ['store/database/pool.test.ts', '../../../../sandbox/src/sandbox.ts'],
  ])('forbid %s to import %s', (file, specifier) => {
    expect(findForbiddenImports(planted(`${src}/${file}`, specifier))).toHaveLength(1);
  });

  it.each([
    ['packages/sdk/src/chatferry.ts', 'node:http'],
    ['packages/sdk/src/chatferry.ts', '@chatferry/contract'],
    ['packages/cli/src/run.ts', '@chatferry/contract'],
    ['packages/cli/src/run.ts', 'zod'],
    ['packages/contract/src/ids.ts', 'node:crypto'],
    ['packages/sandbox/src/sandbox.ts', '@chatferry/gateway'],
    ['packages/sandbox/src/sandbox.test.ts', '@chatferry/gateway'],
    ['packages/console/src/main.ts', 'react'],
  ])('forbid %s to import %s', (file, specifier) => {
    expect(findForbiddenImports(planted(file, specifier))).toHaveLength(1);
  });

  it.each([
    ['adapters/telegram/client.ts', 'node:https', ['request']],
    ['adapters/identity/openid-connect.ts', 'node:http', ['request']],
    ['store/database/pool.ts', 'node:net', ['connect']],
    ['http/networks.ts', 'node:net', ['isIP', 'connect']],
    ['compose/start-gateway.ts', 'node:tls', ['connect']],
    ['compose/start-gateway.ts', 'undici', ['Client']],
    ['process/run-gateway.ts', 'node:http2', ['*']],
    ['backup/write-backup.ts', 'http', ['get']],
    ['observe/log.ts', 'node:dgram', ['createSocket']],
    ['secrets/master-key.ts', 'node:dns/promises', ['lookup']],
  ])('forbid %s to make calls by %s (%j)', (file, specifier, names) => {
    expect(findForbiddenImports(planted(`${src}/${file}`, specifier, false, names))).toHaveLength(1);
  });

  it('allow the transport to call, and all to compare addresses', () => {
    expect(findForbiddenImports(planted(`${src}/adapters/http/connections.ts`, 'undici', false, ['Client']))).toEqual(
      [],
    );
    expect(findForbiddenImports(planted(`${src}/http/networks.ts`, 'node:net', false, ['BlockList', 'isIP']))).toEqual(
      [],
    );
    expect(findForbiddenImports(planted(`${src}/http/x.ts`, 'node:net', true, []))).toEqual([]);
  });

  it('allow a type where a value is forbidden', () => {
    expect(findForbiddenImports(planted(`${src}/http/server.ts`, '../store/keys.ts', true))).toEqual([]);
    expect(findForbiddenImports(planted(`${src}/store/keys.ts`, '../ports/clock.ts'))).toHaveLength(1);
    expect(findForbiddenImports(planted(`${src}/store/keys.ts`, '../ports/clock.ts', true))).toEqual([]);
  });

  it('allow a test to import from an outer folder', () => {
    expect(findForbiddenImports(planted(`${src}/store/database/pool.test.ts`, '../../engine/lanes/worker.ts'))).toEqual(
      [],
    );
    expect(findForbiddenImports(planted('packages/sdk/src/chatferry.test.ts', '@chatferry/contract'))).toEqual([]);
  });

  it('find folders that import each other', () => {
    const circle = [
      ...planted(`${src}/observe/a.ts`, '../store/b.ts', true),
      ...planted(`${src}/store/b.ts`, '../receive/c.ts'),
      ...planted(`${src}/receive/c.ts`, '../observe/a.ts'),
    ];
    expect(findFolderCycles(circle)).toEqual([
      'gateway/observe -> gateway/store -> gateway/receive -> gateway/observe',
    ]);
    expect(findFolderCycles(circle.slice(1))).toEqual([]);
  });
});
