import type { Alarm, Event, EventChat, EventMessage } from '@chatferry/contract';
import type { InboundEvent } from '../../core/message/inbound.ts';
import type { StoredEvent } from '../../store/events.ts';
import { showAlarm } from '../alarms/show-alarm.ts';
import type { LinkTo } from '../messages/file-links.ts';
import { showMessage } from '../messages/show-message.ts';

/** An event as all readers of the log get it. */
export function showEvent(linkTo: LinkTo, stored: StoredEvent): Event {
  const { id, type, channelId, chatId, messageId } = stored;
  const head = {
    id,
    type,
    occurred_at: stored.occurredAt.toISOString(),
    workspace_id: stored.workspaceId,
    channel_id: channelId,
    ...(chatId === null ? {} : { chat_id: chatId }),
    ...(messageId === null ? {} : { message_id: messageId }),
    ...metadataOf(linkTo, stored),
  };
  // The columns that a type needs are set by the trigger that writes it. The tests parse every type with the schema.
  return { ...head, data: dataOf(linkTo, stored) } as Event;
}

function metadataOf(linkTo: LinkTo, stored: StoredEvent): { readonly metadata?: EventMessage['metadata'] } {
  if (stored.message === null) return {};
  const { metadata } = messageOf(linkTo, stored);
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}

function dataOf(linkTo: LinkTo, stored: StoredEvent): Readonly<Record<string, unknown>> {
  const { type, facts } = stored;
  switch (type) {
    case 'message.resolved':
      return { message: messageOf(linkTo, stored), state: facts.state };
    case 'button.tapped':
      return tappedOf(linkTo, stored);
    case 'contact.shared':
      return { message: messageOf(linkTo, stored), contact: messageOf(linkTo, stored).contact };
    case 'location.shared':
      return { message: messageOf(linkTo, stored), location: messageOf(linkTo, stored).location };
    case 'chat.started':
      return { chat: chatOf(stored), payload: payloadOf(stored) };
    case 'chat.blocked':
    case 'chat.unblocked':
      return { chat: chatOf(stored) };
    case 'chat.migrated':
      return { chat: chatOf(stored), migrated_to: facts.migratedTo };
    case 'channel.broken':
      return { problem: facts.problem ?? null };
    case 'channel.recovered':
      return {};
    case 'alarm.raised':
    case 'alarm.cleared':
      return { alarm: alarmOf(stored) };
    default:
      return { message: messageOf(linkTo, stored) };
  }
}

function messageOf(linkTo: LinkTo, { id, message }: StoredEvent): EventMessage {
  if (message === null) throw new Error(`event ${id} has no message`);
  const { attempts: _attempts, edits: _edits, taps: _taps, ...shown } = showMessage(message, linkTo);
  return shown;
}

function tappedOf(linkTo: LinkTo, stored: StoredEvent): Readonly<Record<string, unknown>> {
  const message = messageOf(linkTo, stored);
  const tap = { ...message.tap, message_id: stored.tappedId };
  return { message: { ...message, tap }, tap };
}

/** The payload of the link that started the bot. */
function payloadOf({ id, message }: StoredEvent): string | null {
  const content = (message?.content as InboundEvent | undefined)?.content;
  if (content?.kind !== 'started') throw new Error(`event ${id} is about a message of the kind ${content?.kind}`);
  return content.payload;
}

function chatOf({ chatId, chat }: StoredEvent): EventChat {
  return { id: chatId ?? '', title: chat?.title ?? null, username: chat?.username ?? null };
}

function alarmOf({ id, alarm }: StoredEvent): Alarm {
  if (alarm === null) throw new Error(`event ${id} has no alarm`);
  return showAlarm(alarm);
}
