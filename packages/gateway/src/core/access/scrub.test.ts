import { apiKeyPattern } from '@chatferry/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrub } from './scrub.ts';

const token = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1';
const word = (pattern: RegExp) => fc.stringMatching(pattern);
const tokens = word(/^[1-9][0-9]{7,9}:AA[A-Za-z0-9_-]{33}$/);
const keys = word(new RegExp(`^${apiKeyPattern}$`));
const around = fc.constantFrom('', ' ', '/', '"', '=', '\n', 'https://api.telegram.org/bot');

describe('scrubbing a text', () => {
  it('removes a bot token from a URL and nothing else', () => {
    expect(scrub(`POST https://api.telegram.org/bot${token}/sendMessage failed`)).toBe(
      'POST https://api.telegram.org/bot[bot token]/sendMessage failed',
    );
  });

  it('removes a bot token whose colon is escaped', () => {
    expect(scrub(`/bot${token.replace(':', '%3A')}/getMe and ${token.replace(':', '%3a')}`)).toBe(
      '/bot[bot token]/getMe and [bot token]',
    );
  });

  it('removes every token and every key, anywhere in the text', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(around, fc.oneof(tokens, keys), around), { maxLength: 5 }), (parts) => {
        const scrubbed = scrub(parts.map((part) => part.join('')).join(' '));
        for (const [, secret] of parts) expect(scrubbed).not.toContain(secret.slice(-25));
      }),
    );
  });

  it('does not change times, ids and addresses', () => {
    const harmless = '2026-01-15T12:30:45.123Z chn_01 127.0.0.1:8080 message 7382914 tg-2418 cf_live_short 123456:abc';
    expect(scrub(harmless)).toBe(harmless);
  });
});
