import type { Inbox } from '../../ports/inbox.ts';
import type { JobEnd } from '../lanes/job.ts';
import { retryLater } from '../lanes/retry-later.ts';
import type { CarriedReply } from './carried-reply.ts';

/** Writes an internal note about a reply behind it. Notes are never relayed, so the gateway need not store that it wrote one. */
export async function addNote(inbox: Inbox, reply: CarriedReply['reply'], text: string): Promise<JobEnd> {
  const { conversationId, entryId, happenedAtMs } = reply;
  const added = await inbox.addNote({ conversationId, entryId, text, happenedAtMs });
  switch (added.kind) {
    case 'ok':
    case 'gone':
      return { kind: 'done' };
    case 'rejected':
      return { kind: 'dead', detail: `the inbox did not take the note: ${added.detail}` };
    case 'deferred':
    case 'broken':
    case 'uncertain':
      return retryLater(added);
  }
}
