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

export interface RulesDeps {
  readonly store: StoreSlice<{
    readonly conversations: 'read' | 'leave' | 'recordArranged';
    readonly messageHistory: 'readEarlier';
  }>;
  readonly log: EngineLog;
}

/** After this many failures in a row of the lane an arrangement is given up, so that messages do not wait for it for ever. */
export const arrangeTriesMax = 5;

const done = { kind: 'ok', value: true } as const;
const cannotArrange = { kind: 'ok', value: 'this inbox has neither tags nor assignees' } as const;

/** Leaves the chat's conversation if the rules begin a new one with this message. Call it before the message is written. */
export async function leaveConversationIfOver(
  deps: RulesDeps,
  message: MirrorMessage,
  { record, inbox }: OpenWorkspace,
): Promise<InboxOutcome<true>> {
  const { store } = deps;
  const rule = record.conversationRules.new_conversation;
  const ruled = ruledMessage(message);
  if (rule === null || !mayBeginConversation(ruled)) return done;
  const { conversationId, linkedAtMs } = await store.conversations.read(message.key);
  // A conversation that is younger than the message was begun by an earlier try of this message.
  if (conversationId === null || linkedAtMs === null || linkedAtMs >= message.createdAtMs) return done;
  const since = await overSinceMs(deps, message, rule.after, inbox, conversationId);
  if (since.kind === 'gone') return done;
  if (since.kind !== 'ok') return since;
  if (wasOver(rule, since.value, ruled)) await store.conversations.leave(message.key, conversationId);
  return done;
}

/** When the conversation fell silent, or was closed. */
async function overSinceMs(
  { store }: RulesDeps,
  message: MirrorMessage,
  after: 'closing' | 'silence',
  inbox: Inbox,
  conversationId: string,
): Promise<InboxOutcome<number | null>> {
  if (after === 'closing') return inbox.arrangements?.closedAtMs(conversationId) ?? { kind: 'ok', value: null };
  return { kind: 'ok', value: (await store.messageHistory.readEarlier(message))?.createdAtMs ?? null };
}

/** What the rules ask for after the entry was written. It is stored together with the entry. */
export async function findArrangement(
  { store }: RulesDeps,
  message: MirrorMessage,
  rules: ConversationRules,
  before: StoredConversation,
  appended: AppendedEntry,
): Promise<Arrangement | null> {
  const ruled = ruledMessage(message);
  const opened = before.conversationId !== appended.conversationId;
  const needsEarlierMessage = rules.assign_to_sender === 'on' && ruled.isSpeech;
  const earlier = needsEarlierMessage ? await store.messageHistory.readEarlier(message) : null;
  return arrangementFor(rules, ruled, { opened, earlier });
}

/** Applies the chat's stored arrangement to its conversation, if there is one. `failures`: those of the lane in a row. */
export async function applyArrangement(
  { store, log }: RulesDeps,
  key: ConversationKey,
  inbox: Inbox,
  failures: number,
): Promise<InboxOutcome<true>> {
  const { conversationId, arrangement } = await store.conversations.read(key);
  if (conversationId === null || arrangement === null) return done;
  const arranged = (await inbox.arrangements?.arrange(conversationId, arrangement)) ?? cannotArrange;
  if (arranged.kind === 'broken') return arranged;
  // A wait that the inbox named proves nothing about these rules, however often it happens.
  const isAskedToWait = arranged.kind === 'deferred' && arranged.unanswered !== true;
  const isOpen = arranged.kind === 'deferred' || arranged.kind === 'uncertain';
  if (isAskedToWait || (isOpen && failures < arrangeTriesMax)) return arranged;
  const refusal = arranged.kind === 'ok' ? arranged.value : arranged.detail;
  // It delays no message. A person must check the rules.
  if (refusal !== null) log.warn('conversation.unarranged', { ...key, conversationId, detail: refusal });
  await store.conversations.recordArranged(key);
  return done;
}

const ruledMessage = ({ origin, senderId, content, createdAtMs }: MirrorMessage): RuledMessage => ({
  origin,
  senderId: origin === 'api' ? senderId : null,
  isSpeech: 'author' in content && isCustomerSpeech(content.content),
  createdAtMs,
});
