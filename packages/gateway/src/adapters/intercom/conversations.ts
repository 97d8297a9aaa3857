import type { AppendedEntry, ConversationLink, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import type { Openings } from './openings.ts';
import type { Replies } from './replies.ts';
import type { Teammates } from './teammates.ts';
import type { Voice } from './voice.ts';

export interface Conversations {
  append(link: ConversationLink, entry: InboxEntry): Promise<InboxOutcome<AppendedEntry>>;
  /** Looks with the same eyes as `append` wrote: the same author, the same words, not before the first try. */
  find(link: ConversationLink, entry: InboxEntry): Promise<InboxOutcome<AppendedEntry | null>>;
}

export function createConversations(openings: Openings, replies: Replies, teammates: Teammates): Conversations {
  const voiceOf = async (link: ConversationLink, entry: InboxEntry): Promise<InboxOutcome<Voice>> => {
    const { author } = entry;
    if (author.kind === 'customer' || (author.kind === 'note' && link.conversationId === null)) {
      return { kind: 'ok', value: { kind: 'contact' } };
    }
    const sender = await teammates.choose(author.kind === 'teammate' ? author.senderId : null);
    return sender.kind === 'ok' ? { kind: 'ok', value: { kind: 'admin', sender: sender.value } } : sender;
  };
  return {
    async append(link, entry) {
      const voice = await voiceOf(link, entry);
      if (voice.kind !== 'ok') return voice;
      return link.conversationId === null
        ? openings.open(link, entry, voice.value)
        : replies.add(link.conversationId, link, entry, voice.value);
    },
    async find(link, entry) {
      const voice = await voiceOf(link, entry);
      if (voice.kind !== 'ok') return voice;
      return link.conversationId === null
        ? openings.find(link, entry, voice.value)
        : replies.find(link.conversationId, link, entry, voice.value);
    },
  };
}
