// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of programs are tested here, as strings.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findFolderCycles, findForbiddenImports, type ImportingFile } from './architecture-rules.ts';
import { importsOf, scanSource } from './scan-source.ts';
import { findForbiddenWords } from './word-rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const sources = readdirSync(join(root, 'packages')).flatMap((name) =>
  readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `packages/${name}/src/${path}`),
);
const scanned = sources.map((file) => ({ file, source: scanSource(readFileSync(join(root, file), 'utf8')) }));
const files: readonly ImportingFile[] = scanned.map(({ file, source }) => ({ file, imports: importsOf(source) }));

const src = 'packages/gateway/src';
const planted = (file: string, specifier: string, isTypeOnly = false): readonly ImportingFile[] => [
  { file, imports: [{ specifier, isTypeOnly }] },
];

describe('the tree', () => {
  it('is scanned whole', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(new Set(files.map(({ file }) => file.split('/')[1])).size).toBe(6);
    const edges = files.flatMap(({ imports }) => imports);
    expect(edges.length).toBeGreaterThan(500);
    expect(files.filter(({ imports }) => imports.length === 0).length).toBeLessThan(files.length / 4);
  });

  it('imports inwards only', () => {
    expect(findForbiddenImports(files)).toEqual([]);
  });

  it('has no folders that import each other', () => {
    expect(findFolderCycles(files)).toEqual([]);
  });

  it('keeps the words of providers, the environment, time and chance in their places', () => {
    expect(scanned.flatMap(({ file, source }) => findForbiddenWords(file, source))).toEqual([]);
  });
});

describe('the rule of imports', () => {
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
    ['receive/receive-channel-update.ts', '../operations/context.ts'],
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
  ])('does not let %s import %s', (file, specifier) => {
    expect(findForbiddenImports(planted(`${src}/${file}`, specifier))).toHaveLength(1);
  });

  it.each([
    ['packages/sdk/src/client.ts', 'node:http'],
    ['packages/sdk/src/client.ts', '@chatferry/contract'],
    ['packages/cli/src/run.ts', '@chatferry/contract'],
    ['packages/cli/src/run.ts', 'zod'],
    ['packages/contract/src/ids.ts', 'node:crypto'],
    ['packages/sandbox/src/sandbox.ts', '@chatferry/gateway'],
    ['packages/sandbox/src/sandbox.test.ts', '@chatferry/gateway'],
    ['packages/console/src/main.ts', 'react'],
  ])('does not let %s import %s', (file, specifier) => {
    expect(findForbiddenImports(planted(file, specifier))).toHaveLength(1);
  });

  it('tells types from values', () => {
    expect(findForbiddenImports(planted(`${src}/http/server.ts`, '../store/keys.ts', true))).toEqual([]);
    expect(findForbiddenImports(planted(`${src}/store/keys.ts`, '../ports/clock.ts'))).toHaveLength(1);
    expect(findForbiddenImports(planted(`${src}/store/keys.ts`, '../ports/clock.ts', true))).toEqual([]);
  });

  it('leaves tests free to import outwards', () => {
    expect(findForbiddenImports(planted(`${src}/store/database/pool.test.ts`, '../../engine/lanes/worker.ts'))).toEqual(
      [],
    );
    expect(findForbiddenImports(planted('packages/sdk/src/client.test.ts', '@chatferry/contract'))).toEqual([]);
  });

  it('finds folders in a circle', () => {
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

describe('the rule of words', () => {
  const wordsIn = (file: string, source: string) => findForbiddenWords(file, scanSource(source));

  it.each([
    ['core/delivery/decide.ts', 'export const x = { reply_markup: 1 };'],
    ['engine/mirror/mirror-message.ts', "const x = y['callback_data'];"],
    ['engine/mirror/mirror-message.ts', 'const { chat_id } = update;'],
    ['store/updates.ts', 'const x = `insert into t (reply_markup) values (1)`;'],
    ['ports/inbox.ts', 'export interface X { readonly senderActorId: string }'],
    ['store/database/pool.ts', "const x = process.env['PATH'];"],
    ['engine/lanes/worker.ts', 'const x = `${Date.now()}`;'],
    ['engine/lanes/worker.ts', 'const x = Math\n.random();'],
    ['engine/lanes/worker.ts', 'const x = new Date();'],
  ])('finds what does not belong in %s: %s', (file, source) => {
    expect(wordsIn(`${src}/${file}`, source)).toHaveLength(1);
  });

  it('leaves comments, columns of the store, adapters and tests alone', () => {
    expect(wordsIn(`${src}/core/delivery/decide.ts`, '// Telegram: callback_data\n/* reply_markup */')).toEqual([]);
    expect(wordsIn(`${src}/store/chats.ts`, 'const x = row.chat_id;')).toEqual([]);
    expect(wordsIn(`${src}/adapters/telegram/encode.ts`, 'const x = { reply_markup: 1 };')).toEqual([]);
    expect(wordsIn(`${src}/engine/lanes/worker.test.ts`, 'const x = Date.now();')).toEqual([]);
  });
});

describe('the scanner', () => {
  const specifiers = (source: string) => importsOf(scanSource(source)).map(({ specifier }) => specifier);

  it('finds every way to name a module', () => {
    const source = [
      '#!/usr/bin/env node',
      "import a, { b, type C } from './1.ts';",
      'import type { D } from "./2.ts";',
      "import {\n  e,\n  f,\n} from './3.ts';",
      "export * from './4.ts';",
      "export type { G } from './5.ts';",
      "import './6.ts';",
      "const x = await import('./7.ts');",
      'const y = await import(`./8-${x}.ts`);',
      "import * as z from './9.ts';",
    ].join('\n');
    expect(new Set(specifiers(source))).toEqual(
      new Set(['./1.ts', './2.ts', './3.ts', './4.ts', './5.ts', './6.ts', './7.ts', '(computed)', './9.ts']),
    );
    const types = importsOf(scanSource(source)).filter(({ isTypeOnly }) => isTypeOnly);
    expect(types.map(({ specifier }) => specifier)).toEqual(['./2.ts', './5.ts']);
  });

  it.each([
    ['a comment', "// import a from './no.ts';\n/* import './no.ts'; */"],
    ['a string', `const x = "import a from './no.ts';";`],
    ['a template', "const x = `import a from './no.ts'; ${y + `import './no.ts'`} export * from './no.ts'`;"],
    ['a regular expression', "const x = /import '.\\/no.ts'/;"],
    ['a call of the same name', "vi.import('./no.ts'); import.meta.resolve('./no.ts');"],
  ])('is not taken in by %s', (_, source) => {
    expect(specifiers(`${source}\nimport './yes.ts';`)).toEqual(['./yes.ts']);
  });

  it.each([
    ['a regular expression with a slash in a class', 'const x = s.replace(/[/"\']/g, 1);'],
    ['an escaped quote', "const x = 'it\\'s';"],
    ['a division', 'const x = (a / b) / c;'],
    ['a string with a comment in it', "const x = 'https://x /* y';"],
    ['an object in a template', 'const x = `${{ a: 1 }.a}`;'],
  ])('goes on behind %s', (_, source) => {
    expect(specifiers(`${source}\nimport './yes.ts';`)).toEqual(['./yes.ts']);
  });
});
