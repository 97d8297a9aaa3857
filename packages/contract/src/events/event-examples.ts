/** One example of each event. They are in the documentation and in the OpenAPI document. */
import type { Alarm } from '../operations/alarms.ts';
import type { EventOf } from './event.ts';
import type { EventMessage } from './event-data.ts';
import type { EventType } from './event-types.ts';

const workspace = 'wsp_06fzt8kq2n4v9x1c3b5d7f0gh';
const channel = 'chn_06fzt8m1a2b3c4d5e6f7g8h9j';
const chatId = '123456789';
const at = '2026-01-31T12:00:00.000Z';

const sent: EventMessage = {
  id: 7382914,
  direction: 'outbound',
  origin: 'api',
  kind: 'text',
  state: 'sent',
  channel_id: channel,
  chat_id: chatId,
  topic_id: null,
  text: 'Your order has shipped.',
  files: [],
  location: null,
  contact: null,
  poll: null,
  buttons: [[{ text: 'Track', action: 'data', data: 'track:42' }]],
  tap: null,
  reply_to: null,
  author: null,
  sender: null,
  metadata: { order: '42' },
  inbox: 'record',
  channel_message_id: 'tg-2418',
  channel_message_ids: ['tg-2418'],
  request_id: '3e6b1d2a-9f4e-4c1d-8b7a-1b3c5d7e9f0a',
  created_at: at,
  updated_at: at,
  send_at: null,
  edited_at: null,
  deleted_at: null,
  failure: null,
  resolution: null,
  resend_of: null,
  resend_note: null,
  resent_as: null,
  mirror: { state: 'pending', conversation_id: null, entry_id: null, detail: null },
};

const inInbox = { state: 'done', conversation_id: '215468', entry_id: '884213', detail: null } as const;
const recorded: EventMessage = { ...sent, mirror: inInbox };
const failed: EventMessage = {
  ...sent,
  state: 'failed',
  channel_message_id: null,
  failure: {
    code: 5,
    name: 'TELEGRAM_REJECTED',
    reason: 'blocked',
    detail: 'The customer has blocked the bot.',
    can_retry: false,
  },
  mirror: { state: 'none', conversation_id: null, entry_id: null, detail: null },
};
const unknown: EventMessage = {
  ...failed,
  state: 'unknown',
  failure: {
    code: 154,
    name: 'OUTCOME_UNKNOWN',
    reason: null,
    detail: 'Telegram did not answer.',
    can_retry: false,
  },
};
const fromAgent = { origin: 'agent', request_id: null, buttons: null, metadata: {} } as const;
const received: EventMessage = {
  ...recorded,
  id: 7382915,
  direction: 'inbound',
  origin: 'customer',
  state: 'received',
  text: 'Thank you',
  buttons: null,
  author: { id: chatId, name: 'Ada Lovelace', username: 'ada', language: 'en' },
  metadata: {},
  channel_message_id: 'tg-2419',
  request_id: null,
};
const tap = { button: 'Track', data: 'track:42', message_id: sent.id };
const contact = { phone_number: '+4915112345678', first_name: 'Ada', last_name: 'Lovelace', is_own: true };
const location = { latitude: 52.52, longitude: 13.405, title: null, address: null, is_live: false };

const alarm: Alarm = {
  id: 'alm_42',
  kind: 'channel-broken',
  subject: channel,
  workspace_id: workspace,
  detail: 'Telegram refuses the token of the bot.',
  remedy: 'Store the new token with PATCH /api/v1/channels/{id}.',
  raised_at: at,
  cleared_at: null,
};

/** Numbers the examples, so that their ids sort as the log does. */
const idOf = (number: number): string => `evt_0000000000000k7q2${String(number).padStart(12, '0')}0m04`;

const head = (number: number) => ({ id: idOf(number), occurred_at: at, workspace_id: workspace, channel_id: channel });
const about = (number: number, message: EventMessage) => ({
  ...head(number),
  chat_id: chatId,
  message_id: message.id,
  ...(Object.keys(message.metadata).length === 0 ? {} : { metadata: message.metadata }),
});
const chat = { id: chatId, title: 'Ada Lovelace', username: 'ada' };

export const eventExamples: { readonly [T in EventType]: EventOf<T> } = {
  'message.accepted': { type: 'message.accepted', ...about(1, sent), data: { message: { ...sent, state: 'sending' } } },
  'message.sent': { type: 'message.sent', ...about(2, sent), data: { message: sent } },
  'message.failed': { type: 'message.failed', ...about(3, failed), data: { message: failed } },
  'message.unknown': { type: 'message.unknown', ...about(4, unknown), data: { message: unknown } },
  'message.resolved': { type: 'message.resolved', ...about(5, sent), data: { message: sent, state: 'sent' } },
  'message.edited': { type: 'message.edited', ...about(6, sent), data: { message: sent } },
  'message.deleted': { type: 'message.deleted', ...about(7, sent), data: { message: sent } },
  'message.recorded': { type: 'message.recorded', ...about(8, recorded), data: { message: recorded } },
  'message.not_recorded': {
    type: 'message.not_recorded',
    ...about(9, sent),
    data: {
      message: { ...sent, mirror: { ...inInbox, state: 'dead', entry_id: null, detail: 'The inbox refused it.' } },
    },
  },
  'message.received': { type: 'message.received', ...about(10, received), data: { message: received } },
  'message.received_edited': {
    type: 'message.received_edited',
    ...about(11, received),
    data: { message: { ...received, text: 'Thank you!' } },
  },
  'button.tapped': {
    type: 'button.tapped',
    ...about(12, received),
    data: { message: { ...received, kind: 'tap', text: 'Track', channel_message_id: null, tap }, tap },
  },
  'contact.shared': {
    type: 'contact.shared',
    ...about(13, received),
    data: { message: { ...received, kind: 'contact', text: null, contact }, contact },
  },
  'location.shared': {
    type: 'location.shared',
    ...about(14, received),
    data: { message: { ...received, kind: 'location', text: null, location }, location },
  },
  'chat.started': { type: 'chat.started', ...about(15, received), data: { chat, payload: 'spring-offer' } },
  'chat.blocked': { type: 'chat.blocked', ...about(16, received), data: { chat } },
  'chat.unblocked': { type: 'chat.unblocked', ...about(17, received), data: { chat } },
  'chat.migrated': {
    type: 'chat.migrated',
    ...head(18),
    chat_id: '-987654321',
    data: { chat: { id: '-987654321', title: 'Support', username: null }, migrated_to: '-1001234567890' },
  },
  'reply.sent': {
    type: 'reply.sent',
    ...about(19, { ...recorded, ...fromAgent }),
    data: { message: { ...recorded, ...fromAgent } },
  },
  'reply.failed': {
    type: 'reply.failed',
    ...about(20, { ...failed, ...fromAgent }),
    data: { message: { ...failed, ...fromAgent } },
  },
  'reply.unknown': {
    type: 'reply.unknown',
    ...about(21, { ...unknown, ...fromAgent }),
    data: { message: { ...unknown, ...fromAgent } },
  },
  'channel.broken': {
    type: 'channel.broken',
    ...head(22),
    data: { problem: 'Telegram refuses the token of the bot.' },
  },
  'channel.recovered': { type: 'channel.recovered', ...head(23), data: {} },
  'alarm.raised': { type: 'alarm.raised', ...head(24), data: { alarm } },
  'alarm.cleared': { type: 'alarm.cleared', ...head(25), data: { alarm: { ...alarm, cleared_at: at } } },
};
