import type { ConversationRules } from '@chatferry/contract';
import {
  type Arrangement,
  arrangementFor,
  mayBeginConversation,
  type RuledMessage,
  wasOver,
} from '../../core/inbox/conversation-rules.ts';
import { isCustomerSpeech } from '../../core/inbox/inbound-body.ts';
import type { AppendedEntry, Inbox, InboxOutcome } from '../../ports/inbox.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { ConversationKey, StoredConversation } from '../../store/conversations.ts';
import type { MirrorMessage } from '../../store/mirror.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { OpenWorkspace } from '../directory/directory.ts';

export type RulesStore = StoreSlice<{
  readonly conversations: 'read' | 'leave' | 'recordArranged';
  readonly messageHistory: 'readEarlier';
}>;

/** Keeps a workspace's rules for conversations while a message is written into the inbox. */
export interface RuleKeeper {
  /** Before the message is written: leaves the chat's conversation where the rules begin a new one with this message. */
  leaveIfOver(message: MirrorMessage, workspace: OpenWorkspace): Promise<InboxOutcome<true>>;
  /** What is to be done once the entry stands; to be stored with it. */
  arrangementFor(
    message: MirrorMessage,
    rules: ConversationRules,
    before: StoredConversation,
    appended: AppendedEntry,
  ): Promise<Arrangement | null>;
  /** Does what is still to be done to the chat's conversation; at the lane's so many-th `failures` in a row it is given up. */
  arrange(key: ConversationKey, inbox: Inbox, failures: number): Promise<InboxOutcome<true>>;
}

/** What anybody says must not wait for a tag for ever. */
export const arrangeTriesMax = 5;

const done = { kind: 'ok', value: true } as const;
const cannotArrange = { kind: 'ok', value: 'this inbox has neither tags nor assignees' } as const;

export function createRuleKeeper(store: RulesStore, log: EngineLog): RuleKeeper {
  /** When the conversation fell silent, or was closed. */
  const overSinceMs = async (
    message: MirrorMessage,
    after: 'closing' | 'silence',
    inbox: Inbox,
    conversationId: string,
  ): Promise<InboxOutcome<number | null>> =>
    after === 'closing'
      ? (inbox.arrangements?.closedAtMs(conversationId) ?? { kind: 'ok', value: null })
      : { kind: 'ok', value: (await store.messageHistory.readEarlier(message))?.createdAtMs ?? null };

  return {
    async leaveIfOver(message, { record, inbox }) {
      const rule = record.conversationRules.new_conversation;
      const ruled = ruledMessage(message);
      if (rule === null || !mayBeginConversation(ruled)) return done;
      const { conversationId, linkedAtMs } = await store.conversations.read(message.key);
      // A conversation that is younger than the message is the one that an earlier try of it began.
      if (conversationId === null || linkedAtMs === null || linkedAtMs >= message.createdAtMs) return done;
      const since = await overSinceMs(message, rule.after, inbox, conversationId);
      if (since.kind === 'gone') return done;
      if (since.kind !== 'ok') return since;
      if (wasOver(rule, since.value, ruled)) await store.conversations.leave(message.key, conversationId);
      return done;
    },

    async arrangementFor(message, rules, before, appended) {
      const ruled = ruledMessage(message);
      const opened = before.conversationId !== appended.conversationId;
      const asksWhoCameBefore = rules.assign_to_sender === 'on' && ruled.isSpeech;
      const earlier = asksWhoCameBefore ? await store.messageHistory.readEarlier(message) : null;
      return arrangementFor(rules, ruled, { opened, earlier });
    },

    async arrange(key, inbox, failures) {
      const { conversationId, arrangement } = await store.conversations.read(key);
      if (conversationId === null || arrangement === null) return done;
      const arranged = (await inbox.arrangements?.arrange(conversationId, arrangement)) ?? cannotArrange;
      if (arranged.kind === 'broken') return arranged;
      // A wait that the inbox named says nothing about these rules, however often it comes.
      const isAskedToWait = arranged.kind === 'deferred' && arranged.unanswered !== true;
      const isOpen = arranged.kind === 'deferred' || arranged.kind === 'uncertain';
      if (isAskedToWait || (isOpen && failures < arrangeTriesMax)) return arranged;
      const refusal = arranged.kind === 'ok' ? arranged.value : arranged.detail;
      // Nothing that anybody said is held up by it: a person must look at the rules.
      if (refusal !== null) log.warn('conversation.unarranged', { ...key, conversationId, detail: refusal });
      await store.conversations.recordArranged(key);
      return done;
    },
  };
}

const ruledMessage = ({ origin, senderId, content, createdAtMs }: MirrorMessage): RuledMessage => ({
  origin,
  senderId: origin === 'api' ? senderId : null,
  isSpeech: 'author' in content && isCustomerSpeech(content.content),
  createdAtMs,
});
