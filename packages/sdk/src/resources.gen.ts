// Generated from packages/contract by `npm run gen`. Do not edit.

import type { Call } from './call.js';
import { callList, type List } from './list.js';
import { type StreamOptions, streamEvents } from './event-stream.js';
import type { Resource, UploadContent } from './resource.js';
import type { CallOptions } from './settings.js';
import type { AdminToken, AdminTokenCreated, AdminTokenPage, AlarmPage, AuditPage, AuditVerification, ChangePassword, Channel, ChannelCheck, ChannelCreated, ChannelPage, Chat, ChatPage, Claim, ConfirmTwoFactor, Connection, CreateAdminToken, CreateChannel, CreateConnection, CreateKey, CreateTestChannel, CreateWebhookEndpoint, CreateWorkspace, CustomerErased, CustomerExport, DeadLetter, DeadLetterDetail, DeadLetterPage, DeadLettersReplayed, DiscardDeadLetter, EditMessage, EraseCustomer, EventPage, ExportCustomer, File, Health, InvitePerson, Key, KeyCreated, KeyPage, KeyRotated, Me, Message, MessagePage, Person, PersonInvited, PersonInvitedAgain, PersonPage, PortalInboxes, RepairChannel, ReplayDeadLetters, ReplayWebhookEvents, ResendMessage, ResolveMessage, RotateKey, RotateWebhookSecret, SendInteractive, SendMessage, Sent, SessionList, SignIn, StartTwoFactor, StopTwoFactor, TestAction, TestChannelCreated, TestContact, TestLocation, TestStart, TestTap, TestText, Timeline, TwoFactorSecret, UpdateChannel, UpdateKey, UpdatePerson, UpdateWebhookEndpoint, UpdateWorkspace, Validation, WebhookAttempt, WebhookDeliveryPage, WebhookEndpoint, WebhookEndpointCreated, WebhookEndpointPage, WebhookReplayStarted, Workspace, WorkspacePage } from './types.gen.js';

export interface TelegramApi {
  /** Send an interactive message. `POST /api/v1/telegram/interactive` */
  sendInteractive(fields: SendInteractive, options?: CallOptions): Call<Sent>;
  /** Check a message without sending it. `POST /api/v1/telegram/interactive/validate` */
  validateInteractive(fields: SendInteractive, options?: CallOptions): Call<Validation>;
}

export const telegram: Resource<TelegramApi> = {
  methods: {
    sendInteractive: { id: 'sendTelegramInteractive', method: 'POST', path: '/api/v1/telegram/interactive', auth: 'key', hasFields: true, hasBody: true, isIdempotent: true },
    validateInteractive: { id: 'validateTelegramInteractive', method: 'POST', path: '/api/v1/telegram/interactive/validate', auth: 'key', hasFields: true, hasBody: true },
  },
};

export interface MessagesApi {
  /** Send a message. `POST /api/v1/messages` */
  send(fields: SendMessage, options?: CallOptions): Call<Message>;
  /** Check a message without sending it. `POST /api/v1/messages/validate` */
  validate(fields: SendMessage, options?: CallOptions): Call<Validation>;
  /** Show a message: its state, its attempts, and its copy in the inbox. `GET /api/v1/messages/{message_id}` */
  get(messageId: string | number, options?: CallOptions): Call<Message>;
  /** List messages, newest first. `GET /api/v1/messages` */
  list(fields?: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly channel_id?: string | undefined; readonly chat_id?: string | undefined; readonly state?: 'scheduled' | 'pending' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled' | 'received' | undefined; readonly direction?: 'outbound' | 'inbound' | undefined; readonly kind?: 'text' | 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'document' | 'sticker' | 'album' | 'location' | 'venue' | 'contact' | 'poll' | 'video_note' | 'tap' | 'started' | 'blocked' | 'unblocked' | 'other' | undefined; readonly since?: string | undefined; readonly until?: string | undefined; readonly request_id?: string | undefined; readonly channel_message_id?: string | undefined; readonly conversation_id?: string | undefined; readonly metadata?: string | undefined }, options?: CallOptions): List<MessagePage>;
  /** Edit the text, the caption, the file or the buttons of a message that was sent. `PATCH /api/v1/messages/{message_id}` */
  edit(messageId: string | number, fields: EditMessage, options?: CallOptions): Call<Message>;
  /** Delete a message in the chat, or cancel one that is scheduled. `DELETE /api/v1/messages/{message_id}` */
  delete(messageId: string | number, options?: CallOptions): Call<Message>;
  /** Record whether an unknown message was sent. `POST /api/v1/messages/{message_id}/resolve` */
  resolve(messageId: string | number, fields: ResolveMessage, options?: CallOptions): Call<Message>;
  /** Send a failed or unknown message again, as a new message. `POST /api/v1/messages/{message_id}/resend` */
  resend(messageId: string | number, fields: ResendMessage, options?: CallOptions): Call<Message>;
  /** Show everything that happened to a message, oldest first. `GET /api/v1/messages/{message_id}/timeline` */
  getTimeline(messageId: string | number, options?: CallOptions): Call<Timeline>;
}

export const messages: Resource<MessagesApi> = {
  methods: {
    send: { id: 'sendMessage', method: 'POST', path: '/api/v1/messages', auth: 'key', hasFields: true, hasBody: true, isIdempotent: true },
    validate: { id: 'validateMessage', method: 'POST', path: '/api/v1/messages/validate', auth: 'key', hasFields: true, hasBody: true },
    get: { id: 'getMessage', method: 'GET', path: '/api/v1/messages/{message_id}', auth: 'key' },
    list: { id: 'listMessages', method: 'GET', path: '/api/v1/messages', auth: 'key', query: ['cursor', 'limit', 'channel_id', 'chat_id', 'state', 'direction', 'kind', 'since', 'until', 'request_id', 'channel_message_id', 'conversation_id', 'metadata'], hasFields: true, call: callList },
    edit: { id: 'editMessage', method: 'PATCH', path: '/api/v1/messages/{message_id}', auth: 'key', hasFields: true, hasBody: true },
    delete: { id: 'deleteMessage', method: 'DELETE', path: '/api/v1/messages/{message_id}', auth: 'key' },
    resolve: { id: 'resolveMessage', method: 'POST', path: '/api/v1/messages/{message_id}/resolve', hasFields: true, hasBody: true, isIdempotent: true },
    resend: { id: 'resendMessage', method: 'POST', path: '/api/v1/messages/{message_id}/resend', hasFields: true, hasBody: true, isIdempotent: true },
    getTimeline: { id: 'getMessageTimeline', method: 'GET', path: '/api/v1/messages/{message_id}/timeline', auth: 'key' },
  },
};

export interface FilesApi {
  /** Upload a file to send. `POST /api/v1/files` */
  upload(content: UploadContent, fields?: { readonly file_name?: string | undefined }, options?: CallOptions): Call<File>;
}

export const files: Resource<FilesApi> = {
  methods: {
    upload: { id: 'uploadFile', method: 'POST', path: '/api/v1/files', auth: 'key', query: ['file_name'], isUpload: true, hasFields: true },
  },
};

export interface ChatsApi {
  /** List chats. `GET /api/v1/chats` */
  list(fields?: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly channel_id?: string | undefined }, options?: CallOptions): List<ChatPage>;
  /** Show a chat. `GET /api/v1/chats/{chat_id}` */
  get(chatId: string | number, fields?: { readonly channel_id?: string | undefined }, options?: CallOptions): Call<Chat>;
  /** List the messages of a chat, newest first. `GET /api/v1/chats/{chat_id}/messages` */
  listMessages(chatId: string | number, fields?: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly channel_id?: string | undefined; readonly state?: 'scheduled' | 'pending' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled' | 'received' | undefined; readonly direction?: 'outbound' | 'inbound' | undefined; readonly kind?: 'text' | 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'document' | 'sticker' | 'album' | 'location' | 'venue' | 'contact' | 'poll' | 'video_note' | 'tap' | 'started' | 'blocked' | 'unblocked' | 'other' | undefined; readonly since?: string | undefined; readonly until?: string | undefined; readonly request_id?: string | undefined; readonly channel_message_id?: string | undefined; readonly conversation_id?: string | undefined; readonly metadata?: string | undefined }, options?: CallOptions): List<MessagePage>;
}

export const chats: Resource<ChatsApi> = {
  methods: {
    list: { id: 'listChats', method: 'GET', path: '/api/v1/chats', auth: 'key', query: ['cursor', 'limit', 'channel_id'], hasFields: true, call: callList },
    get: { id: 'getChat', method: 'GET', path: '/api/v1/chats/{chat_id}', auth: 'key', query: ['channel_id'], hasFields: true },
    listMessages: { id: 'listChatMessages', method: 'GET', path: '/api/v1/chats/{chat_id}/messages', auth: 'key', query: ['cursor', 'limit', 'channel_id', 'state', 'direction', 'kind', 'since', 'until', 'request_id', 'channel_message_id', 'conversation_id', 'metadata'], hasFields: true, call: callList },
  },
};

export interface WorkspacesApi {
  /** Connect an inbox. `POST /api/v1/workspaces` */
  create(fields: CreateWorkspace, options?: CallOptions): Call<Workspace>;
  /** List workspaces, oldest first. `GET /api/v1/workspaces` */
  list(fields?: { readonly cursor?: string | undefined; readonly limit?: number | undefined }, options?: CallOptions): List<WorkspacePage>;
  /** Show a workspace, without its secrets. `GET /api/v1/workspaces/{workspace_id}` */
  get(workspaceId: string | number, options?: CallOptions): Call<Workspace>;
  /** Change a workspace. `PATCH /api/v1/workspaces/{workspace_id}` */
  update(workspaceId: string | number, fields: UpdateWorkspace, options?: CallOptions): Call<Workspace>;
  /** List the inboxes of a HubSpot portal. `GET /api/v1/workspaces/{workspace_id}/inboxes` */
  listInboxes(workspaceId: string | number, options?: CallOptions): Call<PortalInboxes>;
  /** Delete a workspace with its channels and keys. `DELETE /api/v1/workspaces/{workspace_id}` */
  delete(workspaceId: string | number, options?: CallOptions): Call<undefined>;
}

export const workspaces: Resource<WorkspacesApi> = {
  methods: {
    create: { id: 'createWorkspace', method: 'POST', path: '/api/v1/workspaces', hasFields: true, hasBody: true, isIdempotent: true },
    list: { id: 'listWorkspaces', method: 'GET', path: '/api/v1/workspaces', query: ['cursor', 'limit'], hasFields: true, call: callList },
    get: { id: 'getWorkspace', method: 'GET', path: '/api/v1/workspaces/{workspace_id}' },
    update: { id: 'updateWorkspace', method: 'PATCH', path: '/api/v1/workspaces/{workspace_id}', hasFields: true, hasBody: true },
    listInboxes: { id: 'listInboxes', method: 'GET', path: '/api/v1/workspaces/{workspace_id}/inboxes' },
    delete: { id: 'deleteWorkspace', method: 'DELETE', path: '/api/v1/workspaces/{workspace_id}', isSilent: true },
  },
};

export interface ConnectionsApi {
  /** Connect an inbox by OAuth, or renew its authorization. `POST /api/v1/connections` */
  create(fields?: CreateConnection, options?: CallOptions): Call<Connection>;
  /** Show the state of an install. `GET /api/v1/connections/{connection_id}` */
  get(connectionId: string | number, fields?: { readonly wait_seconds?: number | undefined }, options?: CallOptions): Call<Connection>;
}

export const connections: Resource<ConnectionsApi> = {
  methods: {
    create: { id: 'createConnection', method: 'POST', path: '/api/v1/connections', hasFields: true, hasBody: true, isIdempotent: true },
    get: { id: 'getConnection', method: 'GET', path: '/api/v1/connections/{connection_id}', query: ['wait_seconds'], hasFields: true },
  },
};

export interface ChannelsApi {
  /** Connect a Telegram bot to a workspace. `POST /api/v1/channels` */
  create(fields: CreateChannel, options?: CallOptions): Call<ChannelCreated>;
  /** List channels, oldest first. `GET /api/v1/channels` */
  list(fields?: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly workspace_id?: string | undefined }, options?: CallOptions): List<ChannelPage>;
  /** Show a channel, without its bot token. `GET /api/v1/channels/{channel_id}` */
  get(channelId: string | number, options?: CallOptions): Call<Channel>;
  /** Change a channel. `PATCH /api/v1/channels/{channel_id}` */
  update(channelId: string | number, fields: UpdateChannel, options?: CallOptions): Call<Channel>;
  /** Delete a channel with its keys. `DELETE /api/v1/channels/{channel_id}` */
  delete(channelId: string | number, options?: CallOptions): Call<undefined>;
  /** Check that a channel works. `POST /api/v1/channels/{channel_id}/check` */
  check(channelId: string | number, options?: CallOptions): Call<ChannelCheck>;
  /** Make Telegram deliver the updates of a bot to the gateway again. `POST /api/v1/channels/{channel_id}/repair` */
  repair(channelId: string | number, fields?: RepairChannel, options?: CallOptions): Call<ChannelCheck>;
}

export const channels: Resource<ChannelsApi> = {
  methods: {
    create: { id: 'createChannel', method: 'POST', path: '/api/v1/channels', hasFields: true, hasBody: true, isIdempotent: true },
    list: { id: 'listChannels', method: 'GET', path: '/api/v1/channels', query: ['cursor', 'limit', 'workspace_id'], hasFields: true, call: callList },
    get: { id: 'getChannel', method: 'GET', path: '/api/v1/channels/{channel_id}' },
    update: { id: 'updateChannel', method: 'PATCH', path: '/api/v1/channels/{channel_id}', hasFields: true, hasBody: true },
    delete: { id: 'deleteChannel', method: 'DELETE', path: '/api/v1/channels/{channel_id}', isSilent: true },
    check: { id: 'checkChannel', method: 'POST', path: '/api/v1/channels/{channel_id}/check' },
    repair: { id: 'repairChannel', method: 'POST', path: '/api/v1/channels/{channel_id}/repair', hasFields: true, hasBody: true },
  },
};

export interface KeysApi {
  /** Create a key, or import one from another system. `POST /api/v1/keys` */
  create(fields: CreateKey, options?: CallOptions): Call<KeyCreated>;
  /** List keys, including those that no longer work. `GET /api/v1/keys` */
  list(fields?: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly workspace_id?: string | undefined; readonly channel_id?: string | undefined; readonly state?: 'live' | 'retired' | 'revoked' | 'expired' | undefined }, options?: CallOptions): List<KeyPage>;
  /** Show a key: its first characters and its times. `GET /api/v1/keys/{key_id}` */
  get(keyId: string | number, options?: CallOptions): Call<Key>;
  /** Change what a key may do. `PATCH /api/v1/keys/{key_id}` */
  update(keyId: string | number, fields: UpdateKey, options?: CallOptions): Call<Key>;
  /** Replace a key. `POST /api/v1/keys/{key_id}/rotate` */
  rotate(keyId: string | number, fields?: RotateKey, options?: CallOptions): Call<KeyRotated>;
  /** Revoke a key. `POST /api/v1/keys/{key_id}/revoke` */
  revoke(keyId: string | number, options?: CallOptions): Call<Key>;
  /** Delete a key. `DELETE /api/v1/keys/{key_id}` */
  delete(keyId: string | number, options?: CallOptions): Call<undefined>;
}

export const keys: Resource<KeysApi> = {
  methods: {
    create: { id: 'createKey', method: 'POST', path: '/api/v1/keys', hasFields: true, hasBody: true, isIdempotent: true },
    list: { id: 'listKeys', method: 'GET', path: '/api/v1/keys', query: ['cursor', 'limit', 'workspace_id', 'channel_id', 'state'], hasFields: true, call: callList },
    get: { id: 'getKey', method: 'GET', path: '/api/v1/keys/{key_id}' },
    update: { id: 'updateKey', method: 'PATCH', path: '/api/v1/keys/{key_id}', hasFields: true, hasBody: true },
    rotate: { id: 'rotateKey', method: 'POST', path: '/api/v1/keys/{key_id}/rotate', hasFields: true, hasBody: true, isIdempotent: true },
    revoke: { id: 'revokeKey', method: 'POST', path: '/api/v1/keys/{key_id}/revoke', hasBody: true },
    delete: { id: 'deleteKey', method: 'DELETE', path: '/api/v1/keys/{key_id}', isSilent: true },
  },
};

export interface TestModeApi {
  /** Create a test channel with its key. `POST /api/v1/test-mode` */
  createChannel(fields?: CreateTestChannel, options?: CallOptions): Call<TestChannelCreated>;
  /** Tap a button of a test chat. `POST /api/v1/test-mode/chats/{chat_id}/tap` */
  tap(chatId: string | number, fields?: TestTap, options?: CallOptions): Call<TestAction>;
  /** Write as the customer of a test chat. `POST /api/v1/test-mode/chats/{chat_id}/text` */
  text(chatId: string | number, fields: TestText, options?: CallOptions): Call<TestAction>;
  /** Press Start in a test chat. `POST /api/v1/test-mode/chats/{chat_id}/start` */
  start(chatId: string | number, fields?: TestStart, options?: CallOptions): Call<TestAction>;
  /** Block the bot in a test chat. `POST /api/v1/test-mode/chats/{chat_id}/block` */
  block(chatId: string | number, options?: CallOptions): Call<TestAction>;
  /** Unblock the bot in a test chat. `POST /api/v1/test-mode/chats/{chat_id}/unblock` */
  unblock(chatId: string | number, options?: CallOptions): Call<TestAction>;
  /** Share the contact of the customer of a test chat. `POST /api/v1/test-mode/chats/{chat_id}/contact` */
  contact(chatId: string | number, fields?: TestContact, options?: CallOptions): Call<TestAction>;
  /** Share the location of the customer of a test chat. `POST /api/v1/test-mode/chats/{chat_id}/location` */
  location(chatId: string | number, fields: TestLocation, options?: CallOptions): Call<TestAction>;
}

export const testMode: Resource<TestModeApi> = {
  methods: {
    createChannel: { id: 'createTestChannel', method: 'POST', path: '/api/v1/test-mode', hasFields: true, hasBody: true, isIdempotent: true },
    tap: { id: 'testTap', method: 'POST', path: '/api/v1/test-mode/chats/{chat_id}/tap', auth: 'key', hasFields: true, hasBody: true },
    text: { id: 'testText', method: 'POST', path: '/api/v1/test-mode/chats/{chat_id}/text', auth: 'key', hasFields: true, hasBody: true },
    start: { id: 'testStart', method: 'POST', path: '/api/v1/test-mode/chats/{chat_id}/start', auth: 'key', hasFields: true, hasBody: true },
    block: { id: 'testBlock', method: 'POST', path: '/api/v1/test-mode/chats/{chat_id}/block', auth: 'key', hasBody: true },
    unblock: { id: 'testUnblock', method: 'POST', path: '/api/v1/test-mode/chats/{chat_id}/unblock', auth: 'key', hasBody: true },
    contact: { id: 'testContact', method: 'POST', path: '/api/v1/test-mode/chats/{chat_id}/contact', auth: 'key', hasFields: true, hasBody: true },
    location: { id: 'testLocation', method: 'POST', path: '/api/v1/test-mode/chats/{chat_id}/location', auth: 'key', hasFields: true, hasBody: true },
  },
};

export interface DeadLettersApi {
  /** List dead letters, oldest first. `GET /api/v1/dead-letters` */
  list(fields?: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly state?: 'waiting' | 'replayed' | 'discarded' | 'any' | undefined; readonly workspace_id?: string | undefined; readonly kind?: 'mirror' | 'file' | 'update' | 'inbox-event' | 'automatic' | 'webhook' | 'scheduled' | undefined }, options?: CallOptions): List<DeadLetterPage>;
  /** Show a dead letter with the raw update or event that caused it. `GET /api/v1/dead-letters/{dead_letter_id}` */
  get(deadLetterId: string | number, options?: CallOptions): Call<DeadLetterDetail>;
  /** Retry all waiting dead letters. `POST /api/v1/dead-letters/replay` */
  replayAll(fields?: ReplayDeadLetters, options?: CallOptions): Call<DeadLettersReplayed>;
  /** Retry a dead letter. `POST /api/v1/dead-letters/{dead_letter_id}/replay` */
  replay(deadLetterId: string | number, options?: CallOptions): Call<DeadLetter>;
  /** Discard a dead letter permanently. `POST /api/v1/dead-letters/{dead_letter_id}/discard` */
  discard(deadLetterId: string | number, fields: DiscardDeadLetter, options?: CallOptions): Call<DeadLetter>;
}

export const deadLetters: Resource<DeadLettersApi> = {
  methods: {
    list: { id: 'listDeadLetters', method: 'GET', path: '/api/v1/dead-letters', query: ['cursor', 'limit', 'state', 'workspace_id', 'kind'], hasFields: true, call: callList },
    get: { id: 'getDeadLetter', method: 'GET', path: '/api/v1/dead-letters/{dead_letter_id}' },
    replayAll: { id: 'replayDeadLetters', method: 'POST', path: '/api/v1/dead-letters/replay', hasFields: true, hasBody: true, isIdempotent: true },
    replay: { id: 'replayDeadLetter', method: 'POST', path: '/api/v1/dead-letters/{dead_letter_id}/replay' },
    discard: { id: 'discardDeadLetter', method: 'POST', path: '/api/v1/dead-letters/{dead_letter_id}/discard', hasFields: true, hasBody: true, isIdempotent: true },
  },
};

export interface EventsApi {
  /** Read the event log, oldest first, or follow it as a stream. `GET /api/v1/events` */
  list(fields?: { readonly after?: string | undefined; readonly types?: string | undefined; readonly limit?: number | undefined }, options?: CallOptions): List<EventPage>;
  /** The same as a stream: the loop over it does not end, and continues after a lost connection. `GET /api/v1/events` */
  stream(options?: StreamOptions<{ readonly after?: string | undefined; readonly types?: string | undefined; readonly limit?: number | undefined }>): AsyncIterable<EventPage['data'][number]>;
}

export const events: Resource<EventsApi> = {
  methods: {
    list: { id: 'listEvents', method: 'GET', path: '/api/v1/events', auth: 'reader', query: ['after', 'types', 'limit'], hasFields: true, call: callList },
    stream: { id: 'listEvents', method: 'GET', path: '/api/v1/events', auth: 'reader', query: ['after', 'types', 'limit'], hasFields: true, call: streamEvents },
  },
};

export interface AlarmsApi {
  /** List alarms, newest first. `GET /api/v1/alarms` */
  list(fields?: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly state?: 'raised' | 'cleared' | 'any' | undefined; readonly workspace_id?: string | undefined }, options?: CallOptions): List<AlarmPage>;
}

export const alarms: Resource<AlarmsApi> = {
  methods: {
    list: { id: 'listAlarms', method: 'GET', path: '/api/v1/alarms', query: ['cursor', 'limit', 'state', 'workspace_id'], hasFields: true, call: callList },
  },
};

export interface WebhookEndpointsApi {
  /** Have events sent to your backend. `POST /api/v1/webhook-endpoints` */
  create(fields: CreateWebhookEndpoint, options?: CallOptions): Call<WebhookEndpointCreated>;
  /** List webhook endpoints. `GET /api/v1/webhook-endpoints` */
  list(fields?: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly workspace_id?: string | undefined }, options?: CallOptions): List<WebhookEndpointPage>;
  /** Show a webhook endpoint and its state. `GET /api/v1/webhook-endpoints/{endpoint_id}` */
  get(endpointId: string | number, options?: CallOptions): Call<WebhookEndpoint>;
  /** Change a webhook endpoint, disable it or enable it. `PATCH /api/v1/webhook-endpoints/{endpoint_id}` */
  update(endpointId: string | number, fields: UpdateWebhookEndpoint, options?: CallOptions): Call<WebhookEndpoint>;
  /** Delete a webhook endpoint. `DELETE /api/v1/webhook-endpoints/{endpoint_id}` */
  delete(endpointId: string | number, options?: CallOptions): Call<undefined>;
  /** Replace the signing secret. `POST /api/v1/webhook-endpoints/{endpoint_id}/rotate-secret` */
  rotateSecret(endpointId: string | number, fields?: RotateWebhookSecret, options?: CallOptions): Call<WebhookEndpointCreated>;
  /** List deliveries of a webhook endpoint with their attempts. `GET /api/v1/webhook-endpoints/{endpoint_id}/deliveries` */
  listDeliveries(endpointId: string | number, fields?: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly state?: 'waiting' | 'delivered' | 'failed' | undefined; readonly event_id?: string | undefined }, options?: CallOptions): List<WebhookDeliveryPage>;
  /** Send events again. `POST /api/v1/webhook-endpoints/{endpoint_id}/replay` */
  replayEvents(endpointId: string | number, fields: ReplayWebhookEvents, options?: CallOptions): Call<WebhookReplayStarted>;
  /** Send a test event now, and show what the endpoint answers. `POST /api/v1/webhook-endpoints/{endpoint_id}/test` */
  test(endpointId: string | number, options?: CallOptions): Call<WebhookAttempt>;
}

export const webhookEndpoints: Resource<WebhookEndpointsApi> = {
  methods: {
    create: { id: 'createWebhookEndpoint', method: 'POST', path: '/api/v1/webhook-endpoints', hasFields: true, hasBody: true, isIdempotent: true },
    list: { id: 'listWebhookEndpoints', method: 'GET', path: '/api/v1/webhook-endpoints', query: ['cursor', 'limit', 'workspace_id'], hasFields: true, call: callList },
    get: { id: 'getWebhookEndpoint', method: 'GET', path: '/api/v1/webhook-endpoints/{endpoint_id}' },
    update: { id: 'updateWebhookEndpoint', method: 'PATCH', path: '/api/v1/webhook-endpoints/{endpoint_id}', hasFields: true, hasBody: true },
    delete: { id: 'deleteWebhookEndpoint', method: 'DELETE', path: '/api/v1/webhook-endpoints/{endpoint_id}', isSilent: true },
    rotateSecret: { id: 'rotateWebhookSecret', method: 'POST', path: '/api/v1/webhook-endpoints/{endpoint_id}/rotate-secret', hasFields: true, hasBody: true, isIdempotent: true },
    listDeliveries: { id: 'listWebhookDeliveries', method: 'GET', path: '/api/v1/webhook-endpoints/{endpoint_id}/deliveries', query: ['cursor', 'limit', 'state', 'event_id'], hasFields: true, call: callList },
    replayEvents: { id: 'replayWebhookEvents', method: 'POST', path: '/api/v1/webhook-endpoints/{endpoint_id}/replay', hasFields: true, hasBody: true },
    test: { id: 'testWebhookEndpoint', method: 'POST', path: '/api/v1/webhook-endpoints/{endpoint_id}/test' },
  },
};

export interface AuditApi {
  /** Show who did what, newest first. `GET /api/v1/audit` */
  list(fields?: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly workspace_id?: string | undefined; readonly object?: string | undefined }, options?: CallOptions): List<AuditPage>;
  /** Check that the audit log is unchanged. `GET /api/v1/audit/verification` */
  verify(fields?: { readonly head?: string | undefined; readonly entries?: number | undefined }, options?: CallOptions): Call<AuditVerification>;
}

export const audit: Resource<AuditApi> = {
  methods: {
    list: { id: 'listAudit', method: 'GET', path: '/api/v1/audit', query: ['cursor', 'limit', 'workspace_id', 'object'], hasFields: true, call: callList },
    verify: { id: 'verifyAudit', method: 'GET', path: '/api/v1/audit/verification', query: ['head', 'entries'], hasFields: true },
  },
};

export interface SessionsApi {
  /** Accept an invitation, or create the first owner. `POST /api/v1/claim` */
  claim(fields: Claim, options?: CallOptions): Call<Person>;
  /** Sign in. `POST /api/v1/sessions` */
  signIn(fields: SignIn, options?: CallOptions): Call<Person>;
  /** List your own sessions. `GET /api/v1/sessions` */
  list(options?: CallOptions): Call<SessionList>;
  /** Sign out. `DELETE /api/v1/sessions/{session_id}` */
  end(sessionId: string | number, options?: CallOptions): Call<undefined>;
}

export const sessions: Resource<SessionsApi> = {
  methods: {
    claim: { id: 'claim', method: 'POST', path: '/api/v1/claim', auth: 'none', hasFields: true, hasBody: true },
    signIn: { id: 'signIn', method: 'POST', path: '/api/v1/sessions', auth: 'none', hasFields: true, hasBody: true },
    list: { id: 'listSessions', method: 'GET', path: '/api/v1/sessions' },
    end: { id: 'endSession', method: 'DELETE', path: '/api/v1/sessions/{session_id}', isSilent: true },
  },
};

export interface MeApi {
  /** Show who you are and what you may do. `GET /api/v1/me` */
  get(options?: CallOptions): Call<Me>;
  /** Change your own password. `POST /api/v1/me/password` */
  changePassword(fields: ChangePassword, options?: CallOptions): Call<undefined>;
  /** Set up a second factor. `POST /api/v1/me/two-factor` */
  startTwoFactor(fields: StartTwoFactor, options?: CallOptions): Call<TwoFactorSecret>;
  /** Confirm the second factor with a code. `POST /api/v1/me/two-factor/confirm` */
  confirmTwoFactor(fields: ConfirmTwoFactor, options?: CallOptions): Call<undefined>;
  /** Remove the second factor. `POST /api/v1/me/two-factor/stop` */
  stopTwoFactor(fields: StopTwoFactor, options?: CallOptions): Call<undefined>;
}

export const me: Resource<MeApi> = {
  methods: {
    get: { id: 'getMe', method: 'GET', path: '/api/v1/me' },
    changePassword: { id: 'changePassword', method: 'POST', path: '/api/v1/me/password', hasFields: true, hasBody: true, isSilent: true },
    startTwoFactor: { id: 'startTwoFactor', method: 'POST', path: '/api/v1/me/two-factor', hasFields: true, hasBody: true },
    confirmTwoFactor: { id: 'confirmTwoFactor', method: 'POST', path: '/api/v1/me/two-factor/confirm', hasFields: true, hasBody: true, isSilent: true },
    stopTwoFactor: { id: 'stopTwoFactor', method: 'POST', path: '/api/v1/me/two-factor/stop', hasFields: true, hasBody: true, isSilent: true },
  },
};

export interface PeopleApi {
  /** Invite a person. `POST /api/v1/people` */
  invite(fields: InvitePerson, options?: CallOptions): Call<PersonInvited>;
  /** Invite a person again. `POST /api/v1/people/{person_id}/invitation` */
  inviteAgain(personId: string | number, options?: CallOptions): Call<PersonInvitedAgain>;
  /** List the people who have an account. `GET /api/v1/people` */
  list(fields?: { readonly cursor?: string | undefined; readonly limit?: number | undefined }, options?: CallOptions): List<PersonPage>;
  /** Change what a person may do. `PATCH /api/v1/people/{person_id}` */
  update(personId: string | number, fields: UpdatePerson, options?: CallOptions): Call<Person>;
  /** Delete an account and end its sessions. `DELETE /api/v1/people/{person_id}` */
  delete(personId: string | number, options?: CallOptions): Call<undefined>;
}

export const people: Resource<PeopleApi> = {
  methods: {
    invite: { id: 'invitePerson', method: 'POST', path: '/api/v1/people', hasFields: true, hasBody: true, isIdempotent: true },
    inviteAgain: { id: 'inviteAgain', method: 'POST', path: '/api/v1/people/{person_id}/invitation', hasBody: true, isIdempotent: true },
    list: { id: 'listPeople', method: 'GET', path: '/api/v1/people', query: ['cursor', 'limit'], hasFields: true, call: callList },
    update: { id: 'updatePerson', method: 'PATCH', path: '/api/v1/people/{person_id}', hasFields: true, hasBody: true },
    delete: { id: 'deletePerson', method: 'DELETE', path: '/api/v1/people/{person_id}', isSilent: true },
  },
};

export interface AdminTokensApi {
  /** Create a token for a script. `POST /api/v1/tokens` */
  create(fields: CreateAdminToken, options?: CallOptions): Call<AdminTokenCreated>;
  /** List tokens, including revoked ones. `GET /api/v1/tokens` */
  list(fields?: { readonly cursor?: string | undefined; readonly limit?: number | undefined }, options?: CallOptions): List<AdminTokenPage>;
  /** Revoke a token. `POST /api/v1/tokens/{token_id}/revoke` */
  revoke(tokenId: string | number, options?: CallOptions): Call<AdminToken>;
}

export const adminTokens: Resource<AdminTokensApi> = {
  methods: {
    create: { id: 'createAdminToken', method: 'POST', path: '/api/v1/tokens', hasFields: true, hasBody: true, isIdempotent: true },
    list: { id: 'listAdminTokens', method: 'GET', path: '/api/v1/tokens', query: ['cursor', 'limit'], hasFields: true, call: callList },
    revoke: { id: 'revokeAdminToken', method: 'POST', path: '/api/v1/tokens/{token_id}/revoke', hasBody: true },
  },
};

export interface CustomersApi {
  /** Export all stored data of one customer. `POST /api/v1/customers/export` */
  export(fields: ExportCustomer, options?: CallOptions): Call<CustomerExport>;
  /** Erase all stored data of one customer. `POST /api/v1/customers/erase` */
  erase(fields: EraseCustomer, options?: CallOptions): Call<CustomerErased>;
}

export const customers: Resource<CustomersApi> = {
  methods: {
    export: { id: 'exportCustomer', method: 'POST', path: '/api/v1/customers/export', hasFields: true, hasBody: true },
    erase: { id: 'eraseCustomer', method: 'POST', path: '/api/v1/customers/erase', hasFields: true, hasBody: true },
  },
};

export interface HealthApi {
  /** Check that the process runs. `GET /healthz` */
  get(options?: CallOptions): Call<Health>;
  /** Check that the process can accept requests. `GET /readyz` */
  getReadiness(options?: CallOptions): Call<Health>;
}

export const health: Resource<HealthApi> = {
  methods: {
    get: { id: 'getHealth', method: 'GET', path: '/healthz', auth: 'none' },
    getReadiness: { id: 'getReadiness', method: 'GET', path: '/readyz', auth: 'none' },
  },
};

/** All resources of the API. */
export const resources = { telegram, messages, files, chats, workspaces, connections, channels, keys, testMode, deadLetters, events, alarms, webhookEndpoints, audit, sessions, me, people, adminTokens, customers, health };

/** All resources of the API, with their methods. */
export interface Resources {
  readonly telegram: TelegramApi;
  readonly messages: MessagesApi;
  readonly files: FilesApi;
  readonly chats: ChatsApi;
  readonly workspaces: WorkspacesApi;
  readonly connections: ConnectionsApi;
  readonly channels: ChannelsApi;
  readonly keys: KeysApi;
  readonly testMode: TestModeApi;
  readonly deadLetters: DeadLettersApi;
  readonly events: EventsApi;
  readonly alarms: AlarmsApi;
  readonly webhookEndpoints: WebhookEndpointsApi;
  readonly audit: AuditApi;
  readonly sessions: SessionsApi;
  readonly me: MeApi;
  readonly people: PeopleApi;
  readonly adminTokens: AdminTokensApi;
  readonly customers: CustomersApi;
  readonly health: HealthApi;
}
