import type { Assignee, ConversationRules, NewConversation } from '@chatferry/contract';

/** What is done to a conversation of the inbox besides writing into it. */
export interface Arrangement {
  readonly tag: string | null;
  /** Whoever has the conversation already keeps it. */
  readonly assignee: Assignee | null;
  /** It counts as seen by the customer. */
  readonly isSeen: boolean;
}

/** Of a message what the rules go by. */
export interface RuledMessage {
  readonly origin: 'api' | 'agent' | 'automatic' | 'customer';
  /** The teammate whom a message of the API named; null where it named none. */
  readonly senderId: string | null;
  /** The customer said it, and did not only press Start or block the bot. */
  readonly isSpeech: boolean;
  readonly createdAtMs: number;
}

/** The message of the same chat before it, whoever it came from. */
export type EarlierMessage = Pick<RuledMessage, 'origin' | 'senderId' | 'createdAtMs'>;

/** Whether this message may begin a new conversation: who speaks first does, on either side. */
export const mayBeginConversation = ({ origin, isSpeech }: RuledMessage): boolean =>
  origin === 'api' || (origin === 'customer' && isSpeech);

/**
 * Whether the conversation was over when the message came; `sinceMs` is when it was closed, or when somebody said something
 * last; null where it is open, or where nobody ever said anything that is still known.
 */
export const wasOver = (rule: NewConversation, sinceMs: number | null, { createdAtMs }: RuledMessage): boolean => {
  if (sinceMs === null) return rule.after === 'silence';
  return createdAtMs - sinceMs >= rule.minutes * 60_000 && createdAtMs >= sinceMs;
};

/** What the rules ask for once the message stands in the inbox; null for nothing. `opened`: it opened its conversation. */
export function arrangementFor(
  rules: ConversationRules,
  message: RuledMessage,
  { opened, earlier }: { readonly opened: boolean; readonly earlier: EarlierMessage | null },
): Arrangement | null {
  const answeredSender =
    rules.assign_to_sender === 'on' && message.isSpeech && earlier?.origin === 'api' ? earlier.senderId : null;
  // Its sender gets the conversation with the customer's answer; until then nobody else does.
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
