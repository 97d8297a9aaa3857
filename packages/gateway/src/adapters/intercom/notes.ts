import { noteBody } from '../../core/inbox/note-body.ts';
import type { InboxNote, InboxOutcome } from '../../ports/inbox.ts';
import type { PartAuthor } from './part-author.ts';
import type { Replies } from './replies.ts';
import type { Teammates } from './teammates.ts';

export interface NoteDeps {
  readonly replies: Replies;
  readonly teammates: Pick<Teammates, 'choose'>;
}

/** Writes an internal note behind an entry, once, however often it is asked for. The default sender is its author. */
export async function addNote({ replies, teammates }: NoteDeps, note: InboxNote): Promise<InboxOutcome<true>> {
  const sender = await teammates.choose(null);
  if (sender.kind !== 'ok') return sender;
  const author: PartAuthor = { kind: 'admin', sender: sender.value };
  const { conversationId, entryId, happenedAtMs } = note;
  const place = { conversationId, contact: null, lastEntryId: entryId };
  const entry = { author: { kind: 'note' }, body: noteBody(note), happenedAtMs } as const;
  const found = await replies.find(place, entry, author);
  if (found.kind !== 'ok') return found;
  if (found.value !== null) return { kind: 'ok', value: true };
  const written = await replies.add(place, entry, author);
  return written.kind === 'ok' ? { kind: 'ok', value: true } : written;
}
