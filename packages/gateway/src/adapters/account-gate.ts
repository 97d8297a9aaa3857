import type { Clock } from '../ports/clock.ts';
import type { Reply } from './json-answer.ts';

/**
 * Holds back calls with one account of a provider while they are pointless: its limit is used up, or the provider does not answer.
 * While the provider is down, only one call at a time checks whether it is back.
 */
export interface AccountGate {
  /** Makes the call, or returns at once how long to wait. */
  pass(call: () => Promise<Reply>, limitOf: (reply: Answered) => number | null): Promise<Reply>;
}

export type Answered = Extract<Reply, { readonly kind: 'answered' }>;

/** Calls in a row without an answer after which the provider counts as down. */
const failuresMax = 5;
const pauseFirstMs = 1_000;
const pauseMaxMs = 60_000;
/** How long the other calls wait while one checks whether the provider is back. */
const probeWaitMs = 10_000;

/**
 * `limitOf` reads how long an answer asks all calls to wait; null if it does not ask. `onAnswer` is called after each call
 * that the provider answered, but not for an error of its server.
 */
export function createAccountGate(clock: Clock, onAnswer: () => void = () => undefined): AccountGate {
  let limitedUntilMs = 0;
  let downUntilMs = 0;
  let failures = 0;
  let pauseMs = pauseFirstMs;
  let isProbing = false;

  const waitMs = (): number => {
    const nowMs = clock.monotonicMs();
    const untilMs = Math.max(limitedUntilMs, downUntilMs);
    if (nowMs < untilMs) return untilMs - nowMs;
    return failures >= failuresMax && isProbing ? probeWaitMs : 0;
  };

  const fail = (): void => {
    failures += 1;
    const nowMs = clock.monotonicMs();
    // A call that began before the provider went down proves nothing new.
    if (failures < failuresMax || nowMs < downUntilMs) return;
    downUntilMs = nowMs + pauseMs;
    pauseMs = Math.min(pauseMs * 2, pauseMaxMs);
  };

  const succeed = (): void => {
    failures = 0;
    downUntilMs = 0;
    pauseMs = pauseFirstMs;
    onAnswer();
  };

  return {
    async pass(call, limitOf) {
      const wait = waitMs();
      if (wait > 0) {
        const waiting = { kind: 'not-written', retryAfterMs: Math.ceil(wait) } as const;
        return failures >= failuresMax
          ? { ...waiting, detail: 'not called: the inbox does not answer', isDown: true }
          : { ...waiting, detail: 'not called: the inbox has asked to wait' };
      }
      const isProbe = failures >= failuresMax;
      if (isProbe) isProbing = true;
      try {
        const reply = await call();
        if (reply.kind !== 'answered' || reply.status >= 500 || reply.status === 408) {
          fail();
          return reply;
        }
        succeed();
        const limitMs = limitOf(reply);
        if (limitMs !== null) limitedUntilMs = Math.max(limitedUntilMs, clock.monotonicMs() + limitMs);
        return reply;
      } finally {
        if (isProbe) isProbing = false;
      }
    },
  };
}
