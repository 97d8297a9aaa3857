import type { InboxOutcome } from '../../ports/inbox.ts';
import { type JobWait, waitOf } from './job.ts';

type NotAccepted = Extract<InboxOutcome<unknown>, { readonly kind: 'deferred' | 'broken' | 'uncertain' }>;

/** How long a job waits, at most, for an inbox that refuses the credential. A new credential ends the wait. */
const brokenWaitMs = 60_000;

/** Ends a try that the inbox did not accept now. The job is tried again, after the wait that the inbox named. */
export function retryLater(outcome: NotAccepted): JobWait {
  const { kind, detail } = outcome;
  const waiting = { kind: 'later', detail, waitsFor: 'inbox' } as const;
  if (kind === 'broken') return { ...waiting, wishMs: brokenWaitMs, exactly: true };
  if (kind === 'uncertain') return { ...waiting, wishMs: null, unanswered: true };
  const { retryAfterMs: wishMs } = outcome;
  if (outcome.isDown === true) return { kind: 'later', detail, waitsFor: 'inbox-answer', wishMs, exactly: true };
  if (outcome.unanswered === true) return { ...waiting, wishMs, unanswered: true };
  return waitOf(wishMs, detail);
}
