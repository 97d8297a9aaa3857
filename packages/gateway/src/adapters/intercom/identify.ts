import { createHash } from 'node:crypto';
import type { InboxEventIdentity } from '../../ports/inbox-kind.ts';
import { parseJson, textAt, valueAt } from '../json-answer.ts';

/**
 * Identifies a notification by its own id, which is the same when Intercom sends it again. A bot's reply comes in two notifications:
 * they have different identities here, and are recognised later by the part that they carry.
 */
export function identify(raw: Buffer): InboxEventIdentity {
  const notification = parseJson(raw.toString('utf8'));
  const topic = textAt(notification, 'topic');
  if (topic === null) return malformed('the body is no notification of Intercom', raw);
  const eventId = textAt(notification, 'id');
  if (eventId === null) return malformed(`the notification ${topic} has no id`, raw);
  const item = valueAt(notification, 'data', 'item');
  const isOfConversation = /^conversation[._]/.test(topic);
  return { eventId, conversationId: isOfConversation ? conversationIdIn(item) : null, kindOfEvent: topic };
}

/** The conversation is the item itself; where the item is less than that, it names its conversation. */
export const conversationIdIn = (item: unknown): string | null =>
  textAt(item, 'conversation_id') ?? (textAt(item, 'type') === 'conversation_part' ? null : textAt(item, 'id'));

const malformed = (why: string, raw: Buffer): InboxEventIdentity => ({
  malformed: why,
  fingerprint: createHash('sha256').update(raw).digest('hex'),
});
