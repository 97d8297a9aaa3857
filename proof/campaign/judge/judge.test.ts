import { describe, expect, it } from 'vitest';
import { breachesIn, judge } from './judge.ts';
import type { CallerAnswer, Evidence, FarRecord, LoggedEvent, StoredMessage, WebhookArrival } from './records.ts';
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
/** The event `number` of the log, about message `messageId` in chat 7. */
const logged = (number: number, type: string, text: string, messageId: number): LoggedEvent => ({
  id: `evt_${number}`,
  type,
  workspaceId: 'wsp_1',
  channelId: 'chn_1',
  chatId: '7',
  messageId,
  token: token(text),
});
const arrival = ({ id, type, messageId }: LoggedEvent, change: Partial<WebhookArrival> = {}): WebhookArrival => ({
  workspaceId: 'wsp_1',
  eventId: id,
  type,
  messageId,
  problem: null,
  ...change,
});
const nothing: Evidence = { far: [], told: [], kept: [], ambiguities: [], log: [], arrivals: [], listening: [] };
/** What the log must say of everything that is in an inbox. */
const logOf = (far: readonly FarRecord[]): readonly LoggedEvent[] =>
  [...new Set(far.flatMap((record) => (record.what === 'entry' ? [record.token.text] : [])))].flatMap((text, index) => {
    const types = text.startsWith('customer') ? ['message.received', 'message.recorded'] : ['message.recorded'];
    return types.map((type, at) => logged(10 * index + at, type, text, index));
  });
const evidence = (given: Partial<Evidence>): Evidence => ({
  ...nothing,
  log: logOf(given.far ?? []),
  ...given,
});

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

/** What agrees, with more or something else. */
const withHonest = (given: Partial<Evidence>): Evidence => ({
  ...honest,
  log: logOf(given.far ?? honest.far),
  ...given,
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
  const [accepted, sentLater] = [
    logged(1, 'message.accepted', 'backend-7-1', 1),
    logged(2, 'message.sent', 'backend-7-1', 1),
  ];
  const listening = ['wsp_1', 'wsp_2'];
  const heard = { ...nothing, log: [accepted, sentLater], listening };
  const both = [arrival(accepted), arrival(sentLater)];
  it.each<[string, Evidence]>([
    [
      'lostSends',
      withHonest({ told: [...honest.told, told('backend-7-3', 'sent', 9)], far: [...far, entry('backend-7-3')] }),
    ],
    [
      'lostSends',
      evidence({ far: [sent('backend-7-1', 2), entry('backend-7-1')], told: [told('backend-7-1', 'sent', 1)] }),
    ],
    ['doubledSends', withHonest({ far: [...far, sent('agent-7-1', 4)] })],
    ['falseFailures', evidence({ far: [sent('backend-7-1')], kept: [kept('backend-7-1', 'failed')] })],
    ['sendInversions', withHonest({ far: [...far, sent('backend-7-5'), sent('backend-7-4'), entry('backend-7-4')] })],
    ['groundlessUnknowns', evidence({ kept: [kept('backend-7-1', 'unknown')] })],
    [
      'groundlessUnknowns',
      evidence({ kept: [kept('backend-7-1', 'unknown')], ambiguities: [{ fromMs: 300, untilMs: 300 }] }),
    ],
    [
      'groundlessUnknowns',
      evidence({ kept: [kept('backend-7-1', 'unknown')], ambiguities: [{ fromMs: 150, untilMs: 150, chatId: 8 }] }),
    ],
    ['lostEntries', withHonest({ far: [...far, wrote('customer-7-2')] })],
    ['lostEntries', evidence({ far: [sent('backend-7-1')], told: [told('backend-7-1', 'sent')] })],
    ['doubledEntries', withHonest({ far: [...far, entry('customer-7-1')] })],
    ['entryInversions', withHonest({ far: [...far, entry('customer-7-3'), entry('customer-7-2')] })],
    ['doubledConversations', withHonest({ far: [...far, entry('customer-7-2', 'api', 'd')] })],
    ['lostReplies', withHonest({ far: [...far, entry('agent-7-2', 'inbox')] })],
    ['untold', evidence({ kept: [{ ...kept('backend-7-1', 'failed'), events: [] }] })],
    ['untold', evidence({ kept: [{ ...kept('agent-7-1', 'failed'), events: ['message.failed'] }] })],
    [
      'untold',
      evidence({
        kept: [{ ...kept('backend-7-1', 'failed'), events: ['message.accepted', 'message.failed', 'message.failed'] }],
      }),
    ],
    ['untold', evidence({ far: [entry('customer-7-1')], log: [logged(1, 'message.recorded', 'customer-7-1', 1)] })],
    ['untold', evidence({ far: [entry('customer-7-1')], log: [logged(1, 'message.received', 'customer-7-1', 1)] })],
    ['untold', evidence({ far: [entry('backend-7-1')], log: [] })],
    ['lostWebhooks', { ...heard, arrivals: [arrival(accepted)] }],
    ['wrongWebhooks', { ...heard, arrivals: [...both, arrival(accepted, { problem: 'the signature is wrong' })] }],
    ['wrongWebhooks', { ...heard, arrivals: [...both, arrival(accepted, { workspaceId: 'wsp_2' })] }],
    ['wrongWebhooks', { ...heard, arrivals: [...both, arrival(accepted, { type: 'message.failed' })] }],
    ['wrongWebhooks', { ...heard, arrivals: [...both, arrival(logged(3, 'message.sent', 'backend-7-2', 2))] }],
    ['webhookInversions', { ...heard, arrivals: both.toReversed() }],
    ['doubledEvents', { ...nothing, log: [accepted, { ...accepted, id: 'evt_2' }] }],
    ['unfinished', evidence({ kept: [kept('backend-7-1', 'sending')] })],
  ])('finds %s', (name, given) => {
    const { breaches } = judge(given);
    const found = Object.entries(breaches).filter(([, list]) => list.length > 0);
    expect(found.map(([breach]) => breach)).toEqual([name]);
  });

  it('finds a webhook that came again under another id', () => {
    const again = { ...sentLater, id: 'evt_3' };
    const { breaches } = judge({ ...heard, log: [...heard.log, again], arrivals: [...both, arrival(again)] });
    expect(breaches).toMatchObject({
      wrongWebhooks: ['message.sent of message 1 arrived under several ids'],
      doubledEvents: ['message.sent of message 1'],
    });
  });

  it('accepts webhooks that come again, also behind later ones, and the events of a workspace without a backend', () => {
    expect(breachesIn(judge({ ...heard, arrivals: [...both, ...both] }))).toBe(0);
    expect(breachesIn(judge({ ...heard, listening: [] }))).toBe(0);
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
