import type { InboxOutcome } from '../../ports/inbox.ts';
import type { JobEnd } from './job.ts';

type NotAccepted = Extract<InboxOutcome<unknown>, { readonly kind: 'deferred' | 'broken' | 'uncertain' }>;

/** Ends a try that the inbox did not accept now. The job is tried again, after the wait that the inbox named. */
export function retryLater(outcome: NotAccepted): Extract<JobEnd, { readonly kind: 'later' }> {
  const { kind, detail } = outcome;
  const later = { kind: 'later', wishMs: kind === 'deferred' ? outcome.retryAfterMs : null, detail } as const;
  const isUnanswered = kind === 'uncertain' || (kind === 'deferred' && outcome.unanswered === true);
  if (isUnanswered) return { ...later, unanswered: true };
  return later.wishMs === null ? later : { ...later, exactly: true };
}
