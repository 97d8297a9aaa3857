import { describe, expect, it } from 'vitest';
import { judgeAttempt, readRetryAfter, webhookAttemptsMax } from './judge-attempt.ts';

const answered = (status: number, retryAfterMs: number | null = null) =>
  ({ kind: 'answered', status, retryAfterMs }) as const;

describe('an attempt to deliver an event', () => {
  it.each([200, 201, 202, 204, 299])('that was answered %i delivered it', (status) => {
    expect(judgeAttempt(answered(status), 7)).toEqual({ kind: 'delivered' });
  });

  it.each([199, 300, 301, 308, 400, 401, 404, 429, 500, 503])('that was answered %i is repeated', (status) => {
    expect(judgeAttempt(answered(status), 0)).toMatchObject({ kind: 'retry', wishMs: null });
  });

  it('that was answered 410 ends the endpoint, also at the last attempt', () => {
    for (const failures of [0, 7]) expect(judgeAttempt(answered(410), failures)).toMatchObject({ kind: 'gone' });
  });

  it('that has no answer is repeated, up to the eighth', () => {
    const kinds = Array.from(
      { length: 8 },
      (_, failures) => judgeAttempt({ kind: 'unanswered', detail: 'reset' }, failures).kind,
    );
    expect(kinds).toEqual([...Array(webhookAttemptsMax - 1).fill('retry'), 'given-up']);
  });

  it('waits as long as the endpoint asks, and a day at most', () => {
    expect(judgeAttempt(answered(503, 120_000), 0)).toMatchObject({ wishMs: 120_000 });
    expect(judgeAttempt(answered(503, 9e9), 0)).toMatchObject({ wishMs: 86_400_000 });
  });
});

describe('Retry-After', () => {
  const nowMs = Date.parse('2026-01-31T12:00:00Z');
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sat, 31 Jan 2026 12:01:00 GMT', 60_000],
    ['Sat, 31 Jan 2026 11:00:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    ['', null],
    ['9'.repeat(100), null],
  ])('of “%s” is %s ms', (header, waitMs) => {
    expect(readRetryAfter(header, nowMs)).toBe(waitMs);
  });

  it('that is absent asks for nothing', () => {
    expect(readRetryAfter(undefined, nowMs)).toBeNull();
  });
});
