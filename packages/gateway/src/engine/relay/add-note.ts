import type { AgentReply } from '../../core/inbox/inbox-event.ts';
import type { ConversationLink, InboxEntry } from '../../ports/inbox.ts';
import type { ConversationKey } from '../../store/conversations.ts';
import type { OpenChannel, OpenWorkspace } from '../directory/directory.ts';
import type { JobEnd } from '../lanes/job.ts';
import { putOff } from '../lanes/retry-later.ts';

/**
 * Writes an internal note about a reply behind it. It names the reply, so that a repetition finds it again; no ledger is
 * needed, because notes are never relayed.
 */
export async function writeRemark(
  about: {
    readonly workspace: OpenWorkspace;
    readonly open: OpenChannel;
    readonly key: ConversationKey;
    readonly reply: AgentReply;
  },
  remark: string,
): Promise<JobEnd> {
  const { workspace, open, key, reply } = about;
  const { bot, inboxRef } = open.record;
  const request = {
    channel: { botId: bot.botId, username: bot.username, name: bot.name, ref: inboxRef },
    chat: { chatId: key.chatId, kind: 'private', title: '', username: null, topicId: null },
    person: null,
  } as const;
  const link: ConversationLink = {
    contact: { contactId: null, data: {} },
    conversationId: reply.conversationId,
    generation: 0,
    lastEntryId: reply.entryId,
  };
  const note: InboxEntry = {
    key: `remark:${reply.entryId}`,
    author: { kind: 'note' },
    body: {
      blocks: [
        { kind: 'text', text: remark },
        { kind: 'mark', text: `reply ${reply.entryId}` },
      ],
      extras: [],
    },
    happenedAtMs: reply.happenedAtMs,
  };
  const found = await workspace.inbox.find(request, link, note);
  const stands = found.kind === 'ok' && found.value !== null;
  const written = stands || found.kind !== 'ok' ? found : await workspace.inbox.append(request, link, note);
  switch (written.kind) {
    case 'ok':
    case 'gone':
      return { kind: 'done' };
    case 'rejected':
      return { kind: 'dead', detail: `the inbox did not take the note: ${written.detail}` };
    case 'deferred':
    case 'broken':
    case 'uncertain':
      return putOff(written);
  }
}
