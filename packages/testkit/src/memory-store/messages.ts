import type { MessageRecord, MessageScope } from '@chatferry/gateway/internal/store/messages';
import type { QueryBinder } from './bind-queries.ts';
import { chatKey, type MemoryDatabase, type MessageRow, RefusedStatement } from './database.ts';
import { logMirror, logNewMessage, logState } from './log-events.ts';

const allowedEdges: ReadonlySet<string> = new Set([
  'scheduled→sending',
  'scheduled→cancelled',
  'scheduled→failed',
  'pending→sending',
  'pending→failed',
  'pending→scheduled',
  'sending→sent',
  'sending→failed',
  'sending→pending',
  'sending→unknown',
  'unknown→sent',
  'unknown→failed',
]);

/** The trigger on the states. Call it before the statement writes anything. */
export function assertEdge(message: MessageRow, to: MessageRecord['state']): void {
  const { id, state } = message;
  if (state === to || allowedEdges.has(`${state}→${to}`)) return;
  throw new RefusedStatement('23514', `message ${id} may not go from ${state} to ${to}`);
}

export function setState(db: MemoryDatabase, message: MessageRow, to: MessageRecord['state']): void {
  assertEdge(message, to);
  const was = message.state;
  message.state = to;
  message.updatedAtMs = db.nowMs();
  logState(db, message, was);
}

/** Inserts a message. */
export function insertMessage(db: MemoryDatabase, message: MessageRow): void {
  db.messages.set(message.id, message);
  logNewMessage(db, message);
}

/** Stores how writing a message into the inbox ended. */
export function setMirror(db: MemoryDatabase, message: MessageRow, to: 'done' | 'dead', detail: string | null): void {
  const was = message.mirror;
  Object.assign(message, { mirror: to, mirrorDetail: detail });
  if (was !== to) logMirror(db, message);
}

export function messageOf(db: MemoryDatabase, createdOn: string, messageId: number): MessageRow | undefined {
  const message = db.messages.get(messageId);
  return message?.createdOn === createdOn ? message : undefined;
}

export function readMessage(db: MemoryDatabase, scope: MessageScope, messageId: number): MessageRecord | null {
  const message = db.messages.get(messageId);
  if (!message || message.key.workspaceId !== scope.workspaceId) return null;
  if (scope.channelId !== null && scope.channelId !== message.key.channelId) return null;
  return recordOf(db, message);
}

/** The message as the store gives it to readers. */
export function recordOf(db: MemoryDatabase, message: MessageRow): MessageRecord {
  return {
    messageId: message.id,
    direction: message.direction,
    origin: message.origin,
    state: message.state,
    channelId: message.key.channelId,
    chatId: message.key.chatId,
    content: message.content,
    channelMessageId: message.channelMessageId,
    requestId: message.requestId,
    createdAt: new Date(message.createdAtMs),
    updatedAt: new Date(message.updatedAtMs),
    failure: message.failure,
    resolution: message.resolution,
    resendOf: message.resend?.of ?? null,
    resendNote: message.resend?.note ?? null,
    resentAs: [...db.messages.values()].find(({ resend }) => resend?.of === message.id)?.id ?? null,
    mirror: {
      state: message.mirror,
      conversationId: message.inboxConversationId,
      entryId: message.inboxEntryId,
      detail: message.mirrorDetail,
    },
    attempts: attemptsOf(db, message),
    channelMessageIds: message.channelMessageIds,
    metadata: message.metadata ?? {},
    skipsInbox: message.skipsInbox,
    sender: senderOf(db, message),
    sendAt: dateOf(message.sendAtMs),
    editedAt: dateOf(message.editedAtMs),
    deletedAt: dateOf(message.deletedAtMs),
    taps: tapsOf(db, message),
  };
}

const dateOf = (atMs: number | null): Date | null => (atMs === null ? null : new Date(atMs));

const tapsOf = (db: MemoryDatabase, { id, direction }: MessageRow): MessageRecord['taps'] =>
  [...db.messages.values()].flatMap((tap) => {
    const content = 'author' in tap.content ? tap.content.content : null;
    if (direction !== 'outbound' || tap.tappedId !== id || content?.kind !== 'tap') return [];
    return [{ inboundId: tap.id, at: new Date(tap.createdAtMs), content }];
  });

function senderOf(db: MemoryDatabase, { key, senderId }: MessageRow): MessageRecord['sender'] {
  const inboxKind = db.workspaces.get(key.workspaceId)?.inboxKind;
  return senderId === null || inboxKind === undefined || inboxKind === 'test' ? null : { inboxKind, id: senderId };
}

function attemptsOf(db: MemoryDatabase, message: MessageRow): MessageRecord['attempts'] {
  const flight = db.flights.get(chatKey(message.key.channelId, message.key.chatId));
  const attempts: MessageRecord['attempts'][number][] = [];
  for (let number = 1; ; number += 1) {
    const attempt = db.attempts.get(`${message.id}:${number}`);
    const isOnTheWire = flight?.messageId === message.id && flight.number === number;
    if (attempt) {
      const { startedAtMs, finishedAtMs, outcome, detail } = attempt;
      attempts.push({
        number,
        startedAt: new Date(startedAtMs).toISOString(),
        finishedAt: new Date(finishedAtMs).toISOString(),
        outcome,
        detail,
      });
    } else if (isOnTheWire) {
      const startedAt = new Date(flight.startedAtMs).toISOString();
      attempts.push({ number, startedAt, finishedAt: null, outcome: null, detail: null });
    } else return attempts;
  }
}

/** The queries of `store.messages`. */
export const messages = ({ bind }: QueryBinder) => bind('messages', { read: readMessage });
