import type { EntryBody } from '../../core/inbox/entry.ts';
import { noteBody } from '../../core/inbox/note-body.ts';
import type { InboxNote, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt } from '../json-answer.ts';
import { encodeComment, textOf } from './encode.ts';
import { type Portal, threadPath } from './portal.ts';

/** HubSpot's clock and ours may differ by this much when a comment is looked for by time. */
const clockSkewMs = 60_000;

/** An internal comment in a thread. */
export interface Comment {
  readonly threadId: string;
  readonly body: EntryBody;
  readonly happenedAtMs: number;
  /** The newest entry of ours that is known to be there: it is not this comment. */
  readonly lastEntryId: string | null;
}

/** `files` are those that were uploaded for it. Resolves with the comment's id. */
export async function addComment(
  portal: Portal,
  { threadId, body }: Comment,
  files: readonly object[] = [],
): Promise<InboxOutcome<string>> {
  const path = `${threadPath(threadId)}/messages`;
  const outcome = await portal.client.call('POST', path, encodeComment(body, files), {
    effect: 'writes',
    about: 'thread',
  });
  if (outcome.kind !== 'ok') return outcome;
  const entryId = textAt(outcome.value, 'id');
  return entryId === null
    ? { kind: 'uncertain', detail: 'HubSpot took the comment and did not return its id' }
    : { kind: 'ok', value: entryId };
}

/** Resolves with the id of the comment that an earlier try wrote; null if there is none. */
export async function findComment(portal: Portal, comment: Comment): Promise<InboxOutcome<string | null>> {
  const path = `${threadPath(comment.threadId)}/messages`;
  const outcome = await portal.client.call('GET', path, null, { effect: 'reads', about: 'thread' });
  if (outcome.kind !== 'ok') return outcome;
  const found = listAt(outcome.value, 'results').find(
    (message) =>
      textAt(message, 'type') === 'COMMENT' &&
      textAt(message, 'id') !== comment.lastEntryId &&
      sameWords(textAt(message, 'text') ?? '', textOf(comment.body)) &&
      Date.parse(textAt(message, 'createdAt') ?? '') >= comment.happenedAtMs - clockSkewMs,
  );
  return { kind: 'ok', value: textAt(found, 'id') };
}

/** Writes an internal note behind an entry, once, however often it is asked for. */
export async function addNote(portal: Portal, note: InboxNote): Promise<InboxOutcome<true>> {
  const { conversationId, entryId, happenedAtMs } = note;
  const comment = { threadId: conversationId, body: noteBody(note), happenedAtMs, lastEntryId: entryId };
  const found = await findComment(portal, comment);
  if (found.kind !== 'ok') return found;
  if (found.value !== null) return { kind: 'ok', value: true };
  const written = await addComment(portal, comment);
  return written.kind === 'ok' ? { kind: 'ok', value: true } : written;
}

const sameWords = (left: string, right: string): boolean => left.replace(/\s+/g, '') === right.replace(/\s+/g, '');
