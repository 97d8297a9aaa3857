import type { ConversationKey } from '../../store/conversations.ts';

/** The topic of a conversation. Null in a chat without topics, for which the store has `0`. */
export const topicOf = ({ topicId }: Pick<ConversationKey, 'topicId'>): string | null =>
  topicId === '0' ? null : topicId;
