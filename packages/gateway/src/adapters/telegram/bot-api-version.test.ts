import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { botApiVersion } from './bot-api-version.ts';

const { resolve } = createRequire(import.meta.url);
const textAt = (path: string): string => readFileSync(path, 'utf8');

describe('the version of the Bot API', () => {
  it('is that of the installed types', () => {
    const grammy = resolve('grammy').replace(/[/\\]out[/\\].*$/, '');
    expect(textAt(`${grammy}/README.md`)).toContain(`Bot%20API-${botApiVersion}-`);
  });

  it.each(['README.md', 'docs/inbound.md'])('is the one that %s names', (path) => {
    const text = textAt(fileURLToPath(new URL(`../../../../../${path}`, import.meta.url)));
    expect(text.replaceAll('\n', ' ')).toContain(`Bot API ${botApiVersion}`);
  });
});
