import type { Assignee, ConversationRules, NewConversation } from '@chatferry/contract';

/** What the workspace's rules do to a conversation of the inbox besides writing into it. */
export interface Arrangement {
  readonly tag: string | null;
  /** A conversation that has an assignee keeps it. */
  readonly assignee: Assignee | null;
  /** Whether the customer counts as having seen it. */
  readonly isSeen: boolean;
}

/** The fields of a message that the rules use. */
export interface RuledMessage {
  readonly origin: 'api' | 'agent' | 'automatic' | 'customer';
  /** The teammate that an API message named as its sender. Null if it named none. */
  readonly senderId: string | null;
  /** Whether the customer said something, and did not only press Start or block the bot. */
  readonly isSpeech: boolean;
  readonly createdAtMs: number;
}

/** The message before it in the same chat, from any author. */
export type EarlierMessage = Pick<RuledMessage, 'origin' | 'senderId' | 'createdAtMs'>;

/** Whether this message may begin a new conversation: the first words of either side do. */
export const mayBeginConversation = ({ origin, isSpeech }: RuledMessage): boolean =>
  origin === 'api' || (origin === 'customer' && isSpeech);

/**
 * Whether the conversation was over when the message came. `sinceMs` is when it was closed, or the time of its last message.
 * Null if it is open, or if no earlier message is known.
 */
export const wasOver = (rule: NewConversation, sinceMs: number | null, { createdAtMs }: RuledMessage): boolean => {
  if (sinceMs === null) return rule.after === 'silence';
  return createdAtMs - sinceMs >= rule.minutes * 60_000 && createdAtMs >= sinceMs;
};

/** What the rules ask for after the message was written. Null for nothing. `opened`: the message opened its conversation. */
export function arrangementFor(
  rules: ConversationRules,
  message: RuledMessage,
  { opened, earlier }: { readonly opened: boolean; readonly earlier: EarlierMessage | null },
): Arrangement | null {
  const answeredSender =
    rules.assign_to_sender === 'on' && message.isSpeech && earlier?.origin === 'api' ? earlier.senderId : null;
  // The sender gets the conversation with the customer's answer. Until then it is assigned to no one else.
  const waitsForAnswer = rules.assign_to_sender === 'on' && message.origin === 'api' && message.senderId !== null;
  const arrangement: Arrangement = {
    tag: opened ? rules.tag : null,
    assignee:
      answeredSender !== null ? teammate(answeredSender) : opened && !waitsForAnswer ? rules.assign_new_to : null,
    isSeen: opened && rules.mark_seen === 'on' && message.origin === 'api',
  };
  const isNothing = arrangement.tag === null && arrangement.assignee === null && !arrangement.isSeen;
  return isNothing ? null : arrangement;
}

const teammate = (id: string): Assignee => ({ kind: 'teammate', id });
