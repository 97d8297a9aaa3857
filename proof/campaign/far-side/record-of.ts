import type { FeedEvent } from '@chatferry/sandbox';
import type { FarRecord, TimedRecord } from '../judge/records.ts';
import { type Token, tokenIn } from '../judge/token.ts';

/** The record of an event for the judge; null for an event without a token. */
export function recordOf(event: FeedEvent): TimedRecord | null {
  const record = untimedRecordOf(event);
  return record === null ? null : { ...record, atMs: event.atMs };
}

function untimedRecordOf({ provider, name, data }: FeedEvent): FarRecord | null {
  switch (`${provider} ${name}`) {
    case 'telegram message.sent':
      return withToken(data['text'], (token) => ({ what: 'sent', token, messageId: Number(data['message_id']) }));
    case 'telegram message.received':
      return withToken(data['text'] ?? data['caption'], (token) => ({ what: 'wrote', token }));
    case 'intercom conversation.created':
    case 'intercom part.added':
      // A note of the team is no message.
      return data['partType'] === 'note'
        ? null
        : entryOf(data['body'], data['conversationId'], data['madeBy'] === 'api');
    case 'hubspot message.added':
      return entryOf(data['text'], data['threadId'], data['clientType'] === 'INTEGRATION');
    default:
      return null;
  }
}

const entryOf = (text: unknown, conversationId: unknown, isOurs: boolean): FarRecord | null =>
  withToken(text, (token) => ({
    what: 'entry',
    token,
    by: isOurs ? 'api' : 'inbox',
    conversationId: String(conversationId),
  }));

function withToken(text: unknown, make: (token: Token) => FarRecord): FarRecord | null {
  const token = typeof text === 'string' ? tokenIn(text) : null;
  return token === null ? null : make(token);
}
