import type { Alarm, Event, EventChat, EventContact, EventLocation, EventMessage, EventTap } from '@chatferry/contract';
import type { InboundContent } from '../../core/message/content.ts';
import type { InboundEvent } from '../../core/message/inbound.ts';
import type { StoredEvent } from '../../store/events.ts';
import { showAlarm } from '../alarms/show-alarm.ts';
import { showMessage } from '../messages/show-message.ts';

/** An event as all readers of the log get it. */
export function showEvent(stored: StoredEvent): Event {
  const { id, type, channelId, chatId, messageId } = stored;
  const head = {
    id,
    type,
    occurred_at: stored.occurredAt.toISOString(),
    workspace_id: stored.workspaceId,
    channel_id: channelId,
    ...(chatId === null ? {} : { chat_id: chatId }),
    ...(messageId === null ? {} : { message_id: messageId }),
  };
  // The columns that a type needs are set by the trigger that writes it. The tests parse every type with the schema.
  return { ...head, data: dataOf(stored) } as Event;
}

function dataOf(stored: StoredEvent): Readonly<Record<string, unknown>> {
  const { type, facts } = stored;
  switch (type) {
    case 'message.resolved':
      return { message: messageOf(stored), state: facts.state };
    case 'button.tapped':
      return { message: messageOf(stored), tap: tapOf(stored) };
    case 'contact.shared':
      return { message: messageOf(stored), contact: contactOf(stored) };
    case 'location.shared':
      return { message: messageOf(stored), location: locationOf(stored) };
    case 'chat.started':
      return { chat: chatOf(stored), payload: contentOf(stored, 'started').payload };
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
      return { message: messageOf(stored) };
  }
}

function messageOf({ id, message }: StoredEvent): EventMessage {
  if (message === null) throw new Error(`event ${id} has no message`);
  const { attempts: _, ...shown } = showMessage(message);
  return shown;
}

/** What the customer did, of the kind that the type of the event says. */
function contentOf<K extends InboundContent['kind']>({ id, message }: StoredEvent, kind: K) {
  const content = (message?.content as InboundEvent | undefined)?.content;
  if (content?.kind !== kind) throw new Error(`event ${id} is about a message of the kind ${content?.kind}`);
  return content as Extract<InboundContent, { readonly kind: K }>;
}

function tapOf(stored: StoredEvent): EventTap {
  const { label, data } = contentOf(stored, 'tap');
  return { button: label, data, message_id: stored.tappedId };
}

function contactOf(stored: StoredEvent): EventContact {
  const { name, phone, own, firstName, lastName } = contentOf(stored, 'contact');
  return { phone_number: phone, first_name: firstName ?? name, last_name: lastName ?? null, is_own: own };
}

function locationOf(stored: StoredEvent): EventLocation {
  const { latitude, longitude, name, address, live } = contentOf(stored, 'location');
  return { latitude, longitude, title: name ?? null, address: address ?? null, is_live: live !== undefined };
}

function chatOf({ chatId, chat }: StoredEvent): EventChat {
  return { id: chatId ?? '', title: chat?.title ?? null, username: chat?.username ?? null };
}

function alarmOf({ id, alarm }: StoredEvent): Alarm {
  if (alarm === null) throw new Error(`event ${id} has no alarm`);
  return showAlarm(alarm);
}
