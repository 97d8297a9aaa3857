/** An entry of the event log. Webhooks, the stream, the command line and the SDK carry the same objects. */
import { z } from 'zod';
import { Alarm } from '../alarm.ts';
import { Timestamp } from '../field-schemas.ts';
import { idSchema } from '../ids.ts';
import { SharedContact, SharedLocation, Tap } from '../messages/message.ts';
import { Metadata } from '../messages/metadata.ts';
import { EventChat, EventMessage } from './event-data.ts';
import { type EventType, eventSentences } from './event-types.ts';

/** `message.not_recorded` is `MessageNotRecordedEvent`. */
const nameOf = (type: EventType): string =>
  `${type
    .split(/[._]/)
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('')}Event`;

const EventId = idSchema('event').meta({
  description: 'Ids sort as text in the order in which the log is read. An event has the same id wherever it is read.',
});

const head = <T extends EventType>(type: T) => ({
  id: EventId,
  type: z.literal(type),
  occurred_at: Timestamp,
});

const named = <T extends EventType, S extends z.ZodObject>(type: T, schema: S) =>
  schema.meta({ id: nameOf(type), description: eventSentences[type] });

const place = { workspace_id: idSchema('workspace'), channel_id: idSchema('channel') };
const ofChat = { ...place, chat_id: z.string().meta({ description: "Telegram's chat id." }) };
const ofMessage = {
  ...ofChat,
  message_id: z.int(),
  metadata: Metadata.optional().meta({ description: 'The metadata of the message. Absent if it has none.' }),
};

const messageEvent = <T extends EventType, D extends z.ZodRawShape>(type: T, data: D) =>
  named(
    type,
    z.strictObject({ ...head(type), ...ofMessage, data: z.strictObject({ message: EventMessage, ...data }) }),
  );

const customerEvent = <T extends EventType, D extends z.ZodRawShape>(type: T, data: D) =>
  named(type, z.strictObject({ ...head(type), ...ofMessage, data: z.strictObject({ chat: EventChat, ...data }) }));

const channelEvent = <T extends EventType, D extends z.ZodRawShape>(type: T, data: D) =>
  named(type, z.strictObject({ ...head(type), ...place, data: z.strictObject(data) }));

const alarmEvent = <T extends EventType>(type: T) =>
  named(
    type,
    z.strictObject({
      ...head(type),
      workspace_id: idSchema('workspace').nullable().meta({ description: 'Null if it concerns the whole gateway.' }),
      channel_id: idSchema('channel').nullable(),
      data: z.strictObject({ alarm: Alarm }),
    }),
  );

/** The schema of each type. */
export const eventSchemas = {
  'message.accepted': messageEvent('message.accepted', {}),
  'message.sent': messageEvent('message.sent', {}),
  'message.failed': messageEvent('message.failed', {}),
  'message.unknown': messageEvent('message.unknown', {}),
  'message.resolved': messageEvent('message.resolved', {
    state: z.enum(['sent', 'failed']).meta({ description: 'What was decided.' }),
  }),
  'message.edited': messageEvent('message.edited', {}),
  'message.deleted': messageEvent('message.deleted', {}),
  'message.recorded': messageEvent('message.recorded', {}),
  'message.not_recorded': messageEvent('message.not_recorded', {}),
  'message.received': messageEvent('message.received', {}),
  'message.received_edited': messageEvent('message.received_edited', {}),
  'button.tapped': messageEvent('button.tapped', { tap: Tap }),
  'contact.shared': messageEvent('contact.shared', { contact: SharedContact }),
  'location.shared': messageEvent('location.shared', { location: SharedLocation }),
  'chat.started': customerEvent('chat.started', {
    payload: z.string().nullable().meta({ description: 'What the link after `?start=` had. Null without one.' }),
  }),
  'chat.blocked': customerEvent('chat.blocked', {}),
  'chat.unblocked': customerEvent('chat.unblocked', {}),
  'chat.migrated': named(
    'chat.migrated',
    z.strictObject({
      ...head('chat.migrated'),
      ...ofChat,
      data: z.strictObject({
        chat: EventChat,
        migrated_to: z.string().meta({ description: 'The new chat id.' }),
      }),
    }),
  ),
  'reply.sent': messageEvent('reply.sent', {}),
  'reply.failed': messageEvent('reply.failed', {}),
  'reply.unknown': messageEvent('reply.unknown', {}),
  'channel.broken': channelEvent('channel.broken', {
    problem: z.string().nullable().meta({ description: 'What is wrong.' }),
  }),
  'channel.recovered': channelEvent('channel.recovered', {}),
  'alarm.raised': alarmEvent('alarm.raised'),
  'alarm.cleared': alarmEvent('alarm.cleared'),
} as const;

/** One thing that happened. `type` says which, and what `data` has. */
export const Event = z
  .discriminatedUnion('type', [
    eventSchemas['message.accepted'],
    eventSchemas['message.sent'],
    eventSchemas['message.failed'],
    eventSchemas['message.unknown'],
    eventSchemas['message.resolved'],
    eventSchemas['message.edited'],
    eventSchemas['message.deleted'],
    eventSchemas['message.recorded'],
    eventSchemas['message.not_recorded'],
    eventSchemas['message.received'],
    eventSchemas['message.received_edited'],
    eventSchemas['button.tapped'],
    eventSchemas['contact.shared'],
    eventSchemas['location.shared'],
    eventSchemas['chat.started'],
    eventSchemas['chat.blocked'],
    eventSchemas['chat.unblocked'],
    eventSchemas['chat.migrated'],
    eventSchemas['reply.sent'],
    eventSchemas['reply.failed'],
    eventSchemas['reply.unknown'],
    eventSchemas['channel.broken'],
    eventSchemas['channel.recovered'],
    eventSchemas['alarm.raised'],
    eventSchemas['alarm.cleared'],
  ])
  .meta({ id: 'Event', description: 'One entry of the event log.' });
export type Event = z.output<typeof Event>;

/** The event of one type: `EventOf<'button.tapped'>`. */
export type EventOf<T extends EventType> = Extract<Event, { readonly type: T }>;
