import type { EventType } from '@chatferry/contract';
import type { Arrangement } from '@chatferry/gateway/internal/core/inbox/conversation-rules';
import type { Wire } from '@chatferry/gateway/internal/ports/channel';
import type { EntryAuthor } from '@chatferry/gateway/internal/ports/inbox';
import type { ChannelRecord } from '@chatferry/gateway/internal/store/channels';
import type { ConversationKey } from '@chatferry/gateway/internal/store/conversations';
import type { EventFacts } from '@chatferry/gateway/internal/store/events';
import type { ClaimedLane, Job, WaitsFor } from '@chatferry/gateway/internal/store/lanes';
import type { MessageRecord, ResolutionRecord } from '@chatferry/gateway/internal/store/messages';
import type { MirrorMessage } from '@chatferry/gateway/internal/store/mirror';
import type { ReplyPlan } from '@chatferry/gateway/internal/store/reply-plans';
import type { FailureRecord } from '@chatferry/gateway/internal/store/results';
import type { StoredUpdate, UpdateRow } from '@chatferry/gateway/internal/store/updates';
import type { WebhookDeliveryRecord } from '@chatferry/gateway/internal/store/webhook-deliveries';
import type { WebhookEndpointRecord } from '@chatferry/gateway/internal/store/webhook-endpoints';
import type { WorkspaceRecord } from '@chatferry/gateway/internal/store/workspaces';

/** The tables of `store/schema.sql` as maps, as far as the engine needs them. Times are the database's own, in milliseconds. */
export interface MemoryDatabase {
  nowMs(): number;
  newLease(): string;
  /** Called for each job that enters a lane, in the lane's order. */
  onJob(laneKey: string, job: Job): void;
  readonly sequences: { message: number; update: number; epoch: number };
  changes: number;
  readonly workspaces: Map<string, WorkspaceRecord>;
  readonly channels: Map<string, ChannelRecord>;
  readonly pollOffsets: Map<string, string>;
  /** The end of the pause that Telegram asked of a channel's bot. */
  readonly pausedBots: Map<string, number>;
  readonly chats: Map<string, ChatRow>;
  readonly messages: Map<number, MessageRow>;
  /** The event log, in its order. */
  readonly events: EventRow[];
  readonly attempts: Map<string, AttemptRow>;
  /** By channel and chat. */
  readonly flights: Map<string, FlightRow>;
  readonly keys: Map<string, KeyRow>;
  readonly lanes: Map<string, LaneRow>;
  /** By lane, from its head. */
  readonly jobs: Map<string, Job[]>;
  readonly updates: Map<number, UpdateRecord>;
  readonly fences: Set<string>;
  readonly conversations: Map<string, ConversationRow>;
  readonly writes: Map<string, WriteRow>;
  readonly replyPlans: Map<string, ReplyPlan>;
  readonly deadLetters: DeadLetterRow[];
  /** The conversations that chats have left, by workspace and the inbox's conversation. */
  readonly pastConversations: Map<string, { readonly key: ConversationKey; readonly linkedAtMs: number }>;
  /** The date of each process's last sign of life. */
  readonly processes: Map<number, number>;
  readonly leases: Map<string, { epoch: number; untilMs: number }>;
  readonly reconciliations: Map<string, number>;
  readonly webhookEndpoints: Map<string, WebhookEndpointRecord>;
  /** By endpoint and event. */
  readonly webhookDeliveries: Map<string, WebhookDeliveryRecord>;
}

export interface ChatRow {
  readonly workspaceId: string;
  kind: 'private' | 'group' | 'channel';
  title: string | null;
  username: string | null;
  person: unknown;
  blockedAtMs: number | null;
  migratedTo: string | null;
  pausedUntilMs: number | null;
}

export interface MessageRow {
  readonly id: number;
  readonly createdOn: string;
  readonly key: ConversationKey;
  readonly direction: 'outbound' | 'inbound';
  readonly origin: MirrorMessage['origin'];
  state: MessageRecord['state'];
  content: MirrorMessage['content'];
  /** The message as it was sent. Null for inbound messages. */
  readonly wire: Wire | null;
  readonly resend: { readonly of: number; readonly note: string } | null;
  readonly senderId: string | null;
  readonly requestId: string | null;
  channelMessageId: string | null;
  failure: FailureRecord | null;
  resolution: ResolutionRecord | null;
  mirror: MirrorMessage['mirror'];
  mirrorDetail: string | null;
  inboxConversationId: string | null;
  inboxEntryId: string | null;
  /** Of a tap: the message whose button was tapped. */
  readonly tappedId: number | null;
  /** The update whose tap counts, if only one does. */
  firstTap: string | null;
  sendAtMs: number | null;
  editedAtMs: number | null;
  deletedAtMs: number | null;
  readonly createdAtMs: number;
  updatedAtMs: number;
  channelMessageIds: readonly string[] | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly skipsInbox: boolean;
}

export interface EventRow {
  readonly type: EventType;
  readonly occurredAtMs: number;
  readonly createdOn: string;
  readonly workspaceId: string | null;
  readonly channelId: string | null;
  readonly chatId: string | null;
  readonly messageId: number | null;
  readonly facts: EventFacts;
}
/** What a message has before anything happens to it. */
export const untouched = {
  tappedId: null,
  firstTap: null,
  sendAtMs: null,
  editedAtMs: null,
  deletedAtMs: null,
} as const;

export interface AttemptRow {
  readonly messageId: number;
  readonly number: number;
  readonly startedAtMs: number;
  finishedAtMs: number;
  outcome: 'delivered' | 'rejected' | 'deferred' | 'uncertain';
  detail: string | null;
}

export interface FlightRow {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly chatId: string;
  readonly messageId: number;
  readonly createdOn: string;
  number: number;
  readonly epoch: number;
  startedAtMs: number;
}

export interface KeyRow {
  workspaceId: string | null;
  fingerprint: Buffer;
  requestId: string;
  epoch: number;
  messageId: number | null;
  createdOn: string | null;
  warnings: readonly unknown[];
  answer: Buffer | null;
  ended: 'done' | 'unknown' | null;
  made: string | null;
}

export interface LaneRow {
  readonly workspaceId: string;
  runAtMs: number;
  tail: number;
  failures: number;
  starts: number;
  startedSeq: number | null;
  watchedTo: number;
  lease: string | null;
  /** What it waits for, so that it can be woken. */
  waitsFor: WaitsFor | null;
  /** The process that holds it. */
  epoch: number | null;
}

export interface UpdateRecord extends Pick<UpdateRow, 'workspaceId' | 'channelId' | 'source' | 'externalId' | 'body'> {
  readonly receivedOn: string;
  state: StoredUpdate['state'];
  detail: string | null;
  readonly receivedAtMs: number;
}

export interface ConversationRow {
  readonly key: ConversationKey;
  contactId: string | null;
  contactData: Readonly<Record<string, string>> | null;
  inboxConversationId: string | null;
  isContactNameless: boolean;
  arrangement: Arrangement | null;
  linkedAtMs: number | null;
  generation: number;
  lastEntryId: string | null;
  lastEntryAtMs: number | null;
}

export interface WriteRow {
  readonly workspaceId: string;
  conversationId: string | null;
  readonly textHash: string;
  readonly author: EntryAuthor;
  entryId: string | null;
  readonly afterEntryId: string | null;
  readonly createdAtMs: number;
}

export interface DeadLetterRow {
  readonly workspaceId: string;
  readonly laneKey: string;
  readonly kind: string;
  readonly payload: unknown;
  readonly cause: string;
  readonly failures: number;
}

export function createMemoryDatabase(parts: {
  readonly nowMs: () => number;
  readonly newLease: () => string;
  readonly onJob?: (laneKey: string, job: Job) => void;
}): MemoryDatabase {
  return {
    nowMs: parts.nowMs,
    newLease: parts.newLease,
    onJob: parts.onJob ?? (() => undefined),
    sequences: { message: 0, update: 0, epoch: 0 },
    changes: 0,
    workspaces: new Map(),
    channels: new Map(),
    pollOffsets: new Map(),
    pausedBots: new Map(),
    chats: new Map(),
    messages: new Map(),
    events: [],
    attempts: new Map(),
    flights: new Map(),
    keys: new Map(),
    lanes: new Map(),
    jobs: new Map(),
    updates: new Map(),
    fences: new Set(),
    conversations: new Map(),
    writes: new Map(),
    replyPlans: new Map(),
    deadLetters: [],
    pastConversations: new Map(),
    processes: new Map(),
    leases: new Map(),
    reconciliations: new Map(),
    webhookEndpoints: new Map(),
    webhookDeliveries: new Map(),
  };
}

/** The error of a statement that PostgreSQL refuses. Nothing of the statement has an effect. */
export class RefusedStatement extends Error {
  override readonly name = 'RefusedStatement';
  readonly severity = 'ERROR';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

let dayStartMs = 0;
let day = '';

/** The partition of a moment, `YYYY-MM-DD`. */
export function dayOf(atMs: number): string {
  if (atMs < dayStartMs || atMs >= dayStartMs + 86_400_000 || day === '') {
    dayStartMs = Math.floor(atMs / 86_400_000) * 86_400_000;
    day = new Date(dayStartMs).toISOString().slice(0, 10);
  }
  return day;
}

export const chatKey = (channelId: string, chatId: string): string => `${channelId}:${chatId}`;

/** Whether the process is still registered. */
export function isAlive(db: MemoryDatabase, epoch: number): boolean {
  return db.processes.has(epoch);
}

/** Finds the chat's row, or creates one. */
export function chatRow(db: MemoryDatabase, workspaceId: string, channelId: string, chatId: string): ChatRow {
  const key = chatKey(channelId, chatId);
  const known = db.chats.get(key);
  if (known) return known;
  const row: ChatRow = {
    workspaceId,
    kind: 'private',
    title: null,
    username: null,
    person: null,
    blockedAtMs: null,
    migratedTo: null,
    pausedUntilMs: null,
  };
  db.chats.set(key, row);
  return row;
}

const newLane = (workspaceId: string, runAtMs: number): LaneRow => ({
  workspaceId,
  runAtMs,
  tail: 1,
  failures: 0,
  starts: 0,
  startedSeq: null,
  watchedTo: 0,
  lease: null,
  waitsFor: null,
  epoch: null,
});

/** Adds a job to the end of its lane. The lane is due at once unless it waits for something. */
export function enqueue(
  db: MemoryDatabase,
  laneKey: string,
  workspaceId: string,
  kind: Job['kind'],
  payload: Job['payload'],
): void {
  const lane = db.lanes.get(laneKey);
  const seq = (lane?.tail ?? 0) + 1;
  if (lane) lane.tail = seq;
  else db.lanes.set(laneKey, newLane(workspaceId, db.nowMs()));
  const job = { seq, kind, payload };
  const jobs = db.jobs.get(laneKey);
  if (jobs) jobs.push(job);
  else db.jobs.set(laneKey, [job]);
  db.onJob(laneKey, job);
}

/** The lane's row, if the claim still has it. */
export const heldBy = (db: MemoryDatabase, { key, lease }: ClaimedLane): LaneRow | undefined => {
  const row = db.lanes.get(key);
  return row?.lease === lease ? row : undefined;
};
