import type { InboxOutcome } from '@chatferry/gateway/internal/ports/inbox';

/** What the adapter reports for a call without an answer: a write may have happened, and a read is repeated later. */
export type Ambiguous = 'uncertain' | 'deferred';

/** Makes a call to an inbox, which carries out `work` when the call arrives. */
export type Call = <T>(name: string, ambiguous: Ambiguous, work: () => InboxOutcome<T>) => Promise<InboxOutcome<T>>;

/** The adapters wait so long for an answer. */
export const callLimitMs = 20_000;
