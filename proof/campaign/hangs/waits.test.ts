import { describe, expect, it } from 'vitest';
import type { TimedRecord } from '../judge/records.ts';
import { tokenOf } from '../judge/token.ts';
import { recoveryOf, waitsOf } from './waits.ts';

const wrote = (chat: number, number: number, atMs: number): TimedRecord => ({
  what: 'wrote',
  token: tokenOf('customer', chat, number),
  atMs,
});
const sent = (speaker: 'backend' | 'agent', chat: number, number: number, atMs: number): TimedRecord => ({
  what: 'sent',
  token: tokenOf(speaker, chat, number),
  messageId: number,
  atMs,
});
const entry = (speaker: 'backend' | 'customer' | 'agent', chat: number, number: number, atMs: number): TimedRecord => ({
  what: 'entry',
  token: tokenOf(speaker, chat, number),
  by: speaker === 'agent' ? 'inbox' : 'api',
  conversationId: `c${chat}`,
  atMs,
});

const none = { count: 0, missing: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 };

describe('the waits in a journal', () => {
  it('are those from one end to the other, of the chats and the time that are measured', () => {
    const journal = [
      wrote(1, 1, 100),
      entry('customer', 1, 1, 150),
      sent('backend', 1, 1, 200),
      entry('backend', 1, 1, 300),
      entry('agent', 1, 1, 400),
      sent('agent', 1, 1, 430),
      // Another chat, and another time.
      wrote(2, 1, 100),
      wrote(1, 2, 5_000),
    ];
    const waits = waitsOf({ journal, chats: new Set([1]), fromMs: 0, untilMs: 1_000 });
    const one = (ms: number) => ({ count: 1, missing: 0, p50Ms: ms, p99Ms: ms, maxMs: ms });
    expect(waits).toEqual({ words: one(50), copy: one(100), reply: one(30) });
  });

  it('of what has not arrived last until the end of the measurement', () => {
    const journal = [wrote(1, 1, 100), wrote(1, 2, 100), entry('customer', 1, 1, 110), entry('customer', 1, 2, 2_000)];
    const waits = waitsOf({ journal, chats: new Set([1]), fromMs: 0, untilMs: 1_000 });
    expect(waits).toEqual({
      words: { count: 2, missing: 1, p50Ms: 10, p99Ms: 900, maxMs: 900 },
      copy: none,
      reply: none,
    });
  });

  it('after an outage are counted from the first call that was answered', () => {
    const journal = [
      wrote(1, 1, 100),
      entry('customer', 1, 1, 110),
      wrote(1, 2, 200),
      wrote(1, 3, 300),
      entry('customer', 1, 2, 1_250),
      entry('customer', 1, 3, 1_900),
    ];
    const outage = { journal, chats: new Set([1]), fromMs: 0, untilMs: 1_000 };
    expect(recoveryOf(outage, 1_200)).toEqual({ count: 2, firstMs: 50, lastMs: 700 });
    const lacking = { ...outage, journal: journal.slice(0, -1) };
    expect(recoveryOf(lacking, 1_200)).toEqual({ count: 2, firstMs: 50, lastMs: null });
  });
});
