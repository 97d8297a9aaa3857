import type { InboxOutcome } from '../../ports/inbox.ts';
import type { JobEnd } from './job.ts';

type NotNow = Extract<InboxOutcome<unknown>, { readonly kind: 'deferred' | 'broken' | 'uncertain' }>;

/** The end of a try that the inbox did not take now: later, as soon as the inbox wishes. */
export function putOff(outcome: NotNow): Extract<JobEnd, { readonly kind: 'later' }> {
  const { kind, detail } = outcome;
  const later = { kind: 'later', wishMs: kind === 'deferred' ? outcome.retryAfterMs : null, detail } as const;
  const isUnanswered = kind === 'uncertain' || (kind === 'deferred' && outcome.unanswered === true);
  if (isUnanswered) return { ...later, unanswered: true };
  return later.wishMs === null ? later : { ...later, exactly: true };
}
