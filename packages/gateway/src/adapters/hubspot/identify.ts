import { createHash } from 'node:crypto';
import type { InboxEventIdentity } from '../../ports/inbox-kind.ts';
import { parseJson, textAt } from '../json-answer.ts';

/** HubSpot sends one event a call on custom channels, and lists of them elsewhere: both are read. */
export function eventsIn(raw: Buffer): readonly unknown[] {
  const json = parseJson(raw.toString('utf8'));
  return Array.isArray(json) ? json : [json];
}

/**
 * Identifies a call by the id of its event, or by the message that the event is about. A call with several events, and some
 * events about accounts, have no id: they are identified by their bytes.
 */
export function identify(raw: Buffer): InboxEventIdentity {
  const events = eventsIn(raw);
  const [first] = events;
  const fingerprint = createHash('sha256').update(raw).digest('hex');
  const kindOfEvent = textAt(first, 'type');
  if (kindOfEvent === null) return { malformed: 'the body is no event of HubSpot', fingerprint };
  const messageId = textAt(first, 'message', 'id');
  const ownId = textAt(first, 'eventId') ?? (messageId === null ? null : `message:${messageId}`);
  return {
    eventId: events.length === 1 && ownId !== null ? ownId : `sha256:${fingerprint}`,
    conversationId: textAt(first, 'message', 'conversationsThreadId'),
    kindOfEvent,
  };
}
