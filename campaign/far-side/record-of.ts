import type { FeedEvent, Sandbox } from '@chatferry/sandbox';
import type { FarRecord } from '../judge/records.ts';
import { tokenIn } from '../judge/token.ts';

/** What the judge wants to know of an event; null for what carries no token. */
export function recordOf(sandbox: Sandbox, { provider, name, data }: FeedEvent): FarRecord | null {
  switch (`${provider} ${name}`) {
    case 'telegram message.sent':
      return withToken(data['text'], (token) => ({ what: 'sent', token, messageId: Number(data['message_id']) }));
    case 'telegram message.received':
      return withToken(data['text'], (token) => ({ what: 'wrote', token }));
    case 'intercom conversation.created':
    case 'intercom part.added':
      return intercomEntry(sandbox, data);
    case 'hubspot message.added':
      return hubspotEntry(sandbox, data);
    default:
      return null;
  }
}

function withToken(text: unknown, make: (token: NonNullable<ReturnType<typeof tokenIn>>) => FarRecord) {
  const token = typeof text === 'string' ? tokenIn(text) : null;
  return token === null ? null : make(token);
}

function intercomEntry(sandbox: Sandbox, data: FeedEvent['data']): FarRecord | null {
  const conversationId = String(data['conversationId']);
  const { entries } = sandbox.intercom.transcript(String(data['workspaceId']), conversationId);
  const entry = data['partId'] === undefined ? entries[0] : entries.find(({ id }) => id === data['partId']);
  if (!entry || entry.is_note) return null;
  return withToken(entry.text, (token) => ({
    what: 'entry',
    token,
    by: entry.made_by === 'api' ? 'api' : 'inbox',
    conversationId,
  }));
}

function hubspotEntry(sandbox: Sandbox, data: FeedEvent['data']): FarRecord | null {
  const conversationId = String(data['threadId']);
  const { entries } = sandbox.hubspot.transcript(String(data['portalId']), conversationId);
  const entry = entries.find(({ id }) => id === data['messageId']);
  if (!entry) return null;
  return withToken(entry.text, (token) => ({ what: 'entry', token, by: entry.made_by, conversationId }));
}
