import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Patience } from './decide.ts';
import type { SendOutcome } from './outcome.ts';

const patient: Patience = { triesMax: 3, waitMaxMs: 5_000, remainingMs: 30_000, mayAmend: true };
const noCallerWaits: Patience = { ...patient, remainingMs: null };
const left: Patience = { ...patient, remainingMs: 0 };

const delivered: SendOutcome = { kind: 'delivered', channelMessageId: '2418' };
const uncertain: SendOutcome = { kind: 'uncertain', detail: 'the answer was cut short' };
const notWritten: SendOutcome = { kind: 'deferred', because: 'not-written', detail: 'connect ECONNREFUSED' };
const migrated: SendOutcome = { kind: 'deferred', because: 'migrated', newChatId: '-1001', detail: 'migrated' };
const amendable: SendOutcome = {
  kind: 'deferred',
  because: 'amendable',
  amendment: 'without-topic',
  providerCode: 400,
  detail: 'message thread not found',
};
const limited = (retryAfterMs: number): SendOutcome => ({
  kind: 'deferred',
  because: 'rate-limited',
  retryAfterMs,
  detail: 'Too Many Requests',
});
const rejected = (reason: Extract<SendOutcome, { kind: 'rejected' }>['reason']): SendOutcome => ({
  kind: 'rejected',
  reason,
  providerCode: 403,
  detail: 'Forbidden',
});

const again = (waitMs: number, newChatId: string | null = null) => ({ kind: 'again', waitMs, newChatId });
const unavailable = { kind: 'give-up', failure: { name: 'UNAVAILABLE' } };
const tooMany = (retryAfterMs: number) => ({ kind: 'give-up', failure: { name: 'RATE_LIMITED', retryAfterMs } });
const failed = (name: string, marks: object = {}) => ({
  kind: 'failed',
  failure: { name, reason: 'Forbidden', providerCode: 403 },
  recipientGone: false,
  channelBroken: false,
  ...marks,
});

describe('the decision after one attempt', () => {
  it.each<[string, SendOutcome, number, Patience, object]>([
    ['delivered is sent', delivered, 1, patient, { kind: 'sent', channelMessageId: '2418' }],
    ['delivered is sent after the caller left', delivered, 3, left, { kind: 'sent', channelMessageId: '2418' }],
    ['uncertain is unknown', uncertain, 1, patient, { kind: 'unknown', failure: { name: 'OUTCOME_UNKNOWN' } }],
    ['uncertain is unknown even if no caller waits', uncertain, 1, noCallerWaits, { kind: 'unknown' }],
    ['an unknown recipient fails', rejected('recipient-unknown'), 1, patient, failed('USER_NOT_FOUND')],
    [
      'a recipient who is gone fails and is marked',
      rejected('recipient-gone'),
      1,
      patient,
      failed('TELEGRAM_REJECTED', { recipientGone: true }),
    ],
    [
      'a dead token fails and marks the channel',
      rejected('channel-broken'),
      1,
      patient,
      failed('TELEGRAM_REJECTED', { channelBroken: true }),
    ],
    ['any other refusal fails', rejected('refused'), 1, patient, failed('TELEGRAM_REJECTED')],
    ['a short pause is waited out', limited(5_000), 1, patient, again(5_000)],
    ['a short pause is waited out on a late try', limited(5_000), 9, patient, again(5_000)],
    ['a pause above the maximum gives up', limited(5_001), 1, patient, tooMany(5_001)],
    ['a pause as long as the caller waits gives up', limited(800), 1, { ...patient, remainingMs: 800 }, tooMany(800)],
    ['a pause shorter than that is waited out', limited(799), 1, { ...patient, remainingMs: 800 }, again(799)],
    ['a short pause is waited out if no caller waits', limited(5_000), 1, noCallerWaits, again(5_000)],
    [
      'a short pause gives up after three attempts if no caller waits',
      limited(5_000),
      3,
      noCallerWaits,
      tooMany(5_000),
    ],
    ['a long pause gives up if no caller waits', limited(60_000), 1, noCallerWaits, tooMany(60_000)],
    ['a moved chat is tried at its new address at once', migrated, 1, patient, again(0, '-1001')],
    ['a moved chat is tried after the caller left', migrated, 1, left, again(0, '-1001')],
    ['a chat that moves again and again gives up', migrated, 3, patient, unavailable],
    [
      'a refused part is left out at once',
      amendable,
      1,
      patient,
      { ...again(0), amended: { amendment: 'without-topic', reason: 'message thread not found' } },
    ],
    ['a refused part is left out after other tries', amendable, 7, noCallerWaits, again(0)],
    ['a part that is refused again and again fails', amendable, 8, noCallerWaits, { kind: 'failed' }],
    [
      'a refused part fails if its sender must decide',
      amendable,
      1,
      { ...patient, mayAmend: false },
      { kind: 'failed', failure: { name: 'TELEGRAM_REJECTED', providerCode: 400, reason: 'message thread not found' } },
    ],
    ['nothing written is tried again', notWritten, 1, patient, again(300)],
    ['nothing written is tried a last time', notWritten, 2, patient, again(300)],
    ['nothing written three times gives up', notWritten, 3, patient, unavailable],
    [
      'nothing written gives up if the caller leaves first',
      notWritten,
      1,
      { ...patient, remainingMs: 300 },
      unavailable,
    ],
    ['nothing written gives up after the caller left', notWritten, 1, left, unavailable],
  ])('%s', (_name, outcome, tries, patience, next) => {
    expect(decide(outcome, tries, patience, 0.5)).toMatchObject(next);
  });

  it('contains the provider’s own words', () => {
    expect(decide(uncertain, 1, patient, 0)).toMatchObject({ failure: { reason: 'the answer was cut short' } });
    expect(decide(notWritten, 3, patient, 0)).toMatchObject({ failure: { reason: 'connect ECONNREFUSED' } });
    expect(decide(limited(9_000), 1, patient, 0)).toMatchObject({ failure: { reason: 'Too Many Requests' } });
  });
});

const outcomes: fc.Arbitrary<SendOutcome> = fc.oneof(
  fc.constantFrom(delivered, uncertain, notWritten, migrated, amendable),
  fc
    .constantFrom('recipient-unknown', 'recipient-gone', 'channel-broken', 'refused')
    .map((reason) => rejected(reason as Extract<SendOutcome, { kind: 'rejected' }>['reason'])),
  fc.integer({ min: 1, max: 100_000 }).map(limited),
);
const patiences: fc.Arbitrary<Patience> = fc.record({
  triesMax: fc.integer({ min: 1, max: 5 }),
  waitMaxMs: fc.integer({ min: 0, max: 10_000 }),
  remainingMs: fc.option(fc.integer({ min: 0, max: 60_000 })),
  mayAmend: fc.boolean(),
});
const situations = [
  outcomes,
  fc.integer({ min: 1, max: 9 }),
  patiences,
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
] as const;

describe('the decision after any outcome', () => {
  it('is to try again only if the message surely was not sent', () => {
    fc.assert(
      fc.property(...situations, (outcome, tries, patience, uniform) => {
        if (decide(outcome, tries, patience, uniform).kind === 'again') expect(outcome.kind).toBe('deferred');
      }),
    );
  });

  it('never waits longer than the maximum, nor as long as the caller waits', () => {
    fc.assert(
      fc.property(...situations, (outcome, tries, patience, uniform) => {
        const next = decide(outcome, tries, patience, uniform);
        if (next.kind !== 'again' || next.waitMs === 0) return;
        expect(next.waitMs).toBeLessThanOrEqual(patience.waitMaxMs);
        expect(next.waitMs).toBeLessThan(patience.remainingMs ?? Number.POSITIVE_INFINITY);
      }),
    );
  });

  it('never waits less than Telegram asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), patiences, (retryAfterMs, patience) => {
        const next = decide(limited(retryAfterMs), 1, patience, 0);
        if (next.kind === 'again') expect(next.waitMs).toBeGreaterThanOrEqual(retryAfterMs);
        else expect(next).toMatchObject({ failure: { retryAfterMs } });
      }),
    );
  });

  it('tries a message that was not written, or whose chat moved, at most triesMax times', () => {
    fc.assert(
      fc.property(fc.constantFrom(notWritten, migrated), patiences, (outcome, patience) => {
        let tries = 1;
        while (decide(outcome, tries, patience, 0.5).kind === 'again') tries += 1;
        expect(tries).toBeLessThanOrEqual(patience.triesMax);
      }),
    );
  });
});
