import type { Inbox } from '../ports/inbox.ts';
import { mapCalls } from './map-calls.ts';

/** The same inbox. `onAnswer` is called after each call that the inbox carried out or refused. */
export const reportAnswers = (inbox: Inbox, onAnswer: () => void): Inbox =>
  mapCalls(inbox, async (result) => {
    const outcome = await result;
    if (isAnswer(outcome)) onAnswer();
    return outcome;
  });

const answers: readonly unknown[] = ['ok', 'rejected', 'gone'];

const isAnswer = (outcome: unknown): boolean =>
  typeof outcome === 'object' && outcome !== null && 'kind' in outcome && answers.includes(outcome.kind);
