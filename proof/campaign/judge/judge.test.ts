import { describe, expect, it } from 'vitest';
import { breachesIn, judge } from './judge.ts';
import type { CallerAnswer, Evidence, FarRecord, StoredMessage } from './records.ts';
import { tokenIn, tokenText } from './token.ts';

const token = (text: string) => {
  const found = tokenIn(text);
  if (found === null) throw new Error(`no token: ${text}`);
  return found;
};
const sent = (text: string, messageId = 1): FarRecord => ({ what: 'sent', token: token(text), messageId });
const wrote = (text: string): FarRecord => ({ what: 'wrote', token: token(text) });
const entry = (text: string, by: 'api' | 'inbox' = 'api', conversationId = 'c'): FarRecord => ({
  what: 'entry',
  token: token(text),
  by,
  conversationId,
});
const told = (text: string, answer: CallerAnswer['answer'], messageId: number | null = 1): CallerAnswer => ({
  token: token(text),
  answer,
  messageId,
});
const kept = (text: string, state: string, startedAtMs = 100, finishedAtMs = 200): StoredMessage => ({
  token: token(text),
  state,
  attempts: [{ startedAtMs, finishedAtMs }],
  events: text.startsWith('agent') ? [`reply.${state}`] : ['message.accepted', `message.${state}`],
});
const evidence = (given: Partial<Evidence>): Evidence => ({ far: [], told: [], kept: [], ambiguities: [], ...given });

const honest = evidence({
  far: [
    sent('backend-7-1', 1),
    entry('backend-7-1'),
    wrote('customer-7-1'),
    entry('customer-7-1'),
    entry('agent-7-1', 'inbox'),
    sent('agent-7-1', 2),
    sent('backend-7-2', 3),
    entry('backend-7-2'),
  ],
  told: [told('backend-7-1', 'sent'), told('backend-7-2', 'sent', 3)],
  kept: [kept('backend-7-1', 'sent'), kept('backend-7-2', 'sent'), kept('agent-7-1', 'sent')],
});

describe('a token', () => {
  it('is found in the text as an inbox shows it', () => {
    expect(tokenIn(`Hello ${tokenText('backend', 7, 12)}.\n[Track](https://example.com)`)).toEqual({
      text: 'backend-7-12',
      speaker: 'backend',
      chatId: 7,
      number: 12,
    });
    expect(tokenIn('Hello')).toBeNull();
  });
});

describe('the judge', () => {
  it('finds no breach when everything agrees', () => {
    expect(breachesIn(judge(honest))).toBe(0);
    expect(judge(honest).tally).toMatchObject({ sends: 2, sent: 2, customerMessages: 1, replies: 1, entries: 3 });
  });

  const far = honest.far;
  it.each<[string, Evidence]>([
    [
      'lostSends',
      { ...honest, told: [...honest.told, told('backend-7-3', 'sent', 9)], far: [...far, entry('backend-7-3')] },
    ],
    [
      'lostSends',
      evidence({ far: [sent('backend-7-1', 2), entry('backend-7-1')], told: [told('backend-7-1', 'sent', 1)] }),
    ],
    ['doubledSends', { ...honest, far: [...far, sent('agent-7-1', 4)] }],
    ['falseFailures', evidence({ far: [sent('backend-7-1')], kept: [kept('backend-7-1', 'failed')] })],
    ['sendInversions', { ...honest, far: [...far, sent('backend-7-5'), sent('backend-7-4'), entry('backend-7-4')] }],
    ['groundlessUnknowns', evidence({ kept: [kept('backend-7-1', 'unknown')] })],
    [
      'groundlessUnknowns',
      evidence({ kept: [kept('backend-7-1', 'unknown')], ambiguities: [{ fromMs: 300, untilMs: 300 }] }),
    ],
    [
      'groundlessUnknowns',
      evidence({ kept: [kept('backend-7-1', 'unknown')], ambiguities: [{ fromMs: 150, untilMs: 150, chatId: 8 }] }),
    ],
    ['lostEntries', { ...honest, far: [...far, wrote('customer-7-2')] }],
    ['lostEntries', evidence({ far: [sent('backend-7-1')], told: [told('backend-7-1', 'sent')] })],
    ['doubledEntries', { ...honest, far: [...far, entry('customer-7-1')] }],
    ['entryInversions', { ...honest, far: [...far, entry('customer-7-3'), entry('customer-7-2')] }],
    ['doubledConversations', { ...honest, far: [...far, entry('customer-7-2', 'api', 'd')] }],
    ['lostReplies', { ...honest, far: [...far, entry('agent-7-2', 'inbox')] }],
    ['untold', evidence({ kept: [{ ...kept('backend-7-1', 'failed'), events: [] }] })],
    ['untold', evidence({ kept: [{ ...kept('agent-7-1', 'failed'), events: ['message.failed'] }] })],
    [
      'untold',
      evidence({
        kept: [{ ...kept('backend-7-1', 'failed'), events: ['message.accepted', 'message.failed', 'message.failed'] }],
      }),
    ],
    ['unfinished', evidence({ kept: [kept('backend-7-1', 'sending')] })],
  ])('finds %s', (name, given) => {
    const { breaches } = judge(given);
    const found = Object.entries(breaches).filter(([, list]) => list.length > 0);
    expect(found.map(([breach]) => breach)).toEqual([name]);
  });

  it('accepts an unknown outcome that a fault explains', () => {
    const cut = evidence({
      far: [sent('backend-7-1'), entry('agent-7-1', 'inbox')],
      told: [told('backend-7-1', 'cut', null), told('backend-7-2', 'unknown', null)],
      kept: [kept('backend-7-1', 'unknown'), kept('backend-7-2', 'unknown'), kept('agent-7-1', 'unknown')],
      ambiguities: [{ fromMs: 150, untilMs: 150 }],
    });
    expect(breachesIn(judge(cut))).toBe(0);
  });
});
