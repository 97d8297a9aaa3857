// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of programs are tested here, as strings.
import { describe, expect, it } from 'vitest';
import { scanSource } from './scan-source.ts';
import { findForbiddenWords } from './word-rules.ts';

const src = 'packages/gateway/src';

describe('the word rules', () => {
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
    ['adapters/telegram/client.ts', 'await fetch(url);'],
    ['adapters/http/transport.ts', 'const call = fetch;'],
    ['compose/build-api.ts', "globalThis['fetch'](url);"],
    ['http/server.ts', 'const { a = fetch } = options;'],
    ['operations/context.ts', 'new WebSocket(url);'],
  ])('reject, in %s: %s', (file, source) => {
    expect(wordsIn(`${src}/${file}`, source)).toHaveLength(1);
  });

  it('ignore comments, column names in the store, adapters and tests', () => {
    expect(wordsIn(`${src}/core/delivery/decide.ts`, '// Telegram: callback_data\n/* reply_markup */')).toEqual([]);
    expect(wordsIn(`${src}/store/chats.ts`, 'const x = row.chat_id;')).toEqual([]);
    expect(wordsIn(`${src}/adapters/telegram/encode.ts`, 'const x = { reply_markup: 1 };')).toEqual([]);
    expect(wordsIn(`${src}/engine/lanes/worker.test.ts`, 'const x = Date.now();')).toEqual([]);
    expect(
      wordsIn(`${src}/adapters/identity/x.ts`, 'const x = { fetch: client.fetch }; fetchFiles("fetch 1");'),
    ).toEqual([]);
  });
});
