import type { AgentReply, InboxEvent, IncompleteReply } from '../../core/inbox/inbox-event.ts';
import { originOf } from '../../core/inbox/loop-guard.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { ConversationKey } from '../../store/conversations.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory, OpenWorkspace } from '../directory/directory.ts';
import { retryLater } from '../lanes/retry-later.ts';
import type { ReplyEnd } from './carried-reply.ts';
import { type CarryDeps, type CarryStore, carryReply } from './carry-reply.ts';

export interface ApplyReplyDeps extends CarryDeps {
  readonly store: CarryStore &
    StoreSlice<{
      readonly conversations: 'read' | 'readByInbox' | 'adopt';
      readonly inboxWrites: 'readOwn' | 'isOpeningConversation';
    }>;
  readonly directory: Directory;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
}

/** One look at an event: when it was received, and how long ago that is. Both by the database's clock. */
export interface EventLook {
  readonly lane: ClaimedLane;
  readonly receivedAtMs: number;
  readonly ageMs: number;
}

/** How long an undecided entry waits before the gateway's own write is looked at again. */
const undecidedWait = { kind: 'later', wishMs: 500, exactly: true } as const;

/**
 * A reply waits so long for its conversation to become known. It is longer than a call to the inbox takes, because what is
 * given up here is a reply.
 */
const openingMaxMs = 60_000;

/** A reply waits so long for its formatted text. After that its plain words are sent, which is better than sending late. */
const formattingMaxMs = 10_000;
const formattingWaitMs = 1_000;

export const decodeEvents = (
  { inboxKinds }: Pick<ApplyReplyDeps, 'inboxKinds'>,
  { record }: OpenWorkspace,
  raw: Buffer,
): readonly InboxEvent[] => inboxKinds[record.inboxKind].decode(raw, record.inboxSettings);

const repliesIn = (events: readonly InboxEvent[]): readonly AgentReply[] =>
  events.flatMap((event) => (event.kind === 'reply' ? [event.reply] : []));

/**
 * Carries one reply to the customer, unless it is an entry of the gateway's own or was dealt with before. `receivedAtMs` is null
 * for a reply that was read from the inbox after its event.
 */
export async function applyReply(
  deps: ApplyReplyDeps,
  workspace: OpenWorkspace,
  reply: AgentReply,
  look: EventLook,
  receivedAtMs: number | null = look.receivedAtMs,
): Promise<ReplyEnd> {
  const { store } = deps;
  const workspaceId = workspace.record.id;
  const known = await findChat(deps, workspaceId, reply.conversationId, look);
  const found = known ?? (await adoptConversation(deps, workspace, reply, look));
  if ('end' in found) return found.end;
  const opened = known === null ? null : await carryOpening(deps, workspace, found.key, reply, look);
  if (opened !== null) return opened;
  const event = { entryId: reply.entryId, textHash: reply.textHash, receivedAtMs };
  const writes = await store.inboxWrites.readOwn(workspaceId, reply.conversationId, event);
  const origin = originOf(reply, writes, look.ageMs);
  if (origin.kind === 'ours') return { kind: 'done', ignored: `our own entry (${origin.why})` };
  if (origin.kind === 'undecided') return { ...undecidedWait, detail: 'a write of ours to this conversation is open' };
  if (writes.isReported) return { kind: 'done', ignored: 'its agent was told before that it was not delivered' };
  const open = await deps.directory.channel(found.key.channelId);
  if (!open) return channelDeleted;
  const formatted = await withFormatting(deps, workspace, reply, look);
  if ('end' in formatted) return formatted.end;
  return carryReply(deps, { workspace, open, key: found.key, reply: formatted.reply, ...look }, formatted.reply);
}

const channelDeleted: ReplyEnd = { kind: 'done', ignored: 'its channel was deleted' };

type End = { readonly end: ReplyEnd };

/**
 * The chat that a conversation of the inbox belongs to. A conversation that the gateway is opening becomes known only when
 * the call that opens it ends, and an agent may answer before that.
 */
async function findChat(
  { store }: ApplyReplyDeps,
  workspaceId: string,
  conversationId: string,
  { ageMs, receivedAtMs }: EventLook,
): Promise<{ readonly key: ConversationKey } | End | null> {
  const key = await store.conversations.readByInbox(workspaceId, conversationId);
  if (key) return { key };
  const mayBecomeKnown =
    ageMs < openingMaxMs && (await store.inboxWrites.isOpeningConversation(workspaceId, receivedAtMs));
  return mayBecomeKnown ? { end: { ...undecidedWait, detail: 'a conversation of this inbox is being opened' } } : null;
}

/** Words that opened a conversation longer ago than this are not sent any more. */
const openingAgeMaxMs = 24 * 3_600_000;

/** The opening words of a conversation that was adopted longer ago than this have been dealt with. */
const adoptedMaxMs = 3_600_000;

const notOurs: End = { end: { kind: 'done', ignored: 'not a conversation of ours' } };

/**
 * A conversation that is not known, but that a teammate opened with the contact of a chat: the chat continues there. The
 * words that opened it are sent first, unless they are old. What the gateway itself may be opening is not adopted.
 */
async function adoptConversation(
  deps: ApplyReplyDeps,
  workspace: OpenWorkspace,
  reply: AgentReply,
  look: EventLook,
): Promise<{ readonly key: ConversationKey } | End> {
  const { opening, conversationId, entryId } = reply;
  if (opening === undefined) return notOurs;
  const workspaceId = workspace.record.id;
  const first = entryId === opening.entryId ? reply : await readOpening(deps, workspace, reply, opening.entryId);
  if ('end' in first) return first;
  const event = { entryId: first.entryId, textHash: first.textHash, receivedAtMs: null, mayOpen: true };
  const writes = await deps.store.inboxWrites.readOwn(workspaceId, conversationId, event);
  const origin = originOf(first, writes, look.ageMs);
  if (origin.kind === 'ours' && first === reply) return notOurs;
  if (origin.kind === 'undecided') return { end: { ...undecidedWait, detail: 'a write of ours is open' } };
  const key = await deps.store.conversations.adopt(workspaceId, { ...opening, conversationId });
  if (key === null) return notOurs;
  const isOld = deps.clock.nowMs() - first.happenedAtMs > openingAgeMaxMs;
  if (first === reply || origin.kind === 'ours' || isOld) return { key };
  const end = await applyReply(deps, workspace, first, look, null);
  return end.kind === 'done' ? { key } : { end };
}

/**
 * The words that opened a conversation which was adopted before: an earlier try may have ended before they were sent. They are
 * sent at most once. Null when the reply may follow them.
 */
async function carryOpening(
  deps: ApplyReplyDeps,
  workspace: OpenWorkspace,
  key: ConversationKey,
  reply: AgentReply,
  look: EventLook,
): Promise<ReplyEnd | null> {
  const { opening, conversationId, entryId } = reply;
  if (opening === undefined || entryId === opening.entryId) return null;
  const { linkedAtMs } = await deps.store.conversations.read(key);
  if (linkedAtMs === null || deps.clock.nowMs() - linkedAtMs > adoptedMaxMs) return null;
  const event = { entryId: opening.entryId, textHash: '', receivedAtMs: null };
  // The gateway opened most conversations itself.
  if ((await deps.store.inboxWrites.readOwn(workspace.record.id, conversationId, event)).inLedger) return null;
  const first = await readOpening(deps, workspace, reply, opening.entryId);
  if ('end' in first) return first.end.kind === 'done' ? null : first.end;
  if (deps.clock.nowMs() - first.happenedAtMs > openingAgeMaxMs) return null;
  const end = await applyReply(deps, workspace, first, look, null);
  return end.kind === 'done' ? null : end;
}

/** The words that opened a conversation, read from the inbox. */
async function readOpening(
  deps: ApplyReplyDeps,
  workspace: OpenWorkspace,
  { conversationId, happenedAtMs }: AgentReply,
  entryId: string,
): Promise<AgentReply | End> {
  const completed = await workspace.inbox.complete({ conversationId, entryId, happenedAtMs });
  if (completed.kind === 'deferred' || completed.kind === 'broken' || completed.kind === 'uncertain')
    return { end: retryLater(completed) };
  const events = completed.kind === 'ok' ? completed.value.flatMap((raw) => decodeEvents(deps, workspace, raw)) : [];
  return repliesIn(events).find((found) => found.entryId === entryId) ?? notOurs;
}

/** Reads a reply from the inbox whose event did not contain all of it, and applies what it finds. */
export async function applyIncompleteReply(
  deps: ApplyReplyDeps,
  workspace: OpenWorkspace,
  incomplete: IncompleteReply,
  look: EventLook,
): Promise<ReplyEnd> {
  const found = (await findChat(deps, workspace.record.id, incomplete.conversationId, look)) ?? notOurs;
  if ('end' in found) return found.end;
  const open = await deps.directory.channel(found.key.channelId);
  if (!open) return channelDeleted;
  const completed = await workspace.inbox.complete(incomplete);
  switch (completed.kind) {
    case 'ok':
      return applyReplies(deps, workspace, completed.value, look);
    case 'gone':
      return { kind: 'done', ignored: `it is gone: ${completed.detail}` };
    case 'rejected':
      return { kind: 'dead', detail: `the inbox does not show the reply: ${completed.detail}` };
    case 'deferred':
    case 'broken':
    case 'uncertain':
      return retryLater(completed);
  }
}

async function applyReplies(
  deps: ApplyReplyDeps,
  workspace: OpenWorkspace,
  rawEvents: readonly Buffer[],
  look: EventLook,
): Promise<ReplyEnd> {
  let ignored = 'nothing is said there';
  let applied = 0;
  for (const reply of repliesIn(rawEvents.flatMap((raw) => decodeEvents(deps, workspace, raw)))) {
    const end = await applyReply(deps, workspace, reply, look, null);
    if (end.kind !== 'done') return end;
    if (end.ignored === undefined) applied += 1;
    else ignored = end.ignored;
  }
  return applied > 0 ? { kind: 'done' } : { kind: 'done', ignored };
}

/** The same reply with its formatting, read from the inbox. Its plain words if the inbox does not show it in time. */
async function withFormatting(
  deps: ApplyReplyDeps,
  workspace: OpenWorkspace,
  reply: AgentReply,
  { ageMs }: EventLook,
): Promise<{ readonly reply: AgentReply } | End> {
  if (!reply.isPlain) return { reply };
  const completed = await workspace.inbox.complete(reply);
  if (completed.kind === 'deferred' && ageMs < formattingMaxMs) {
    const wishMs = Math.min(completed.retryAfterMs ?? formattingWaitMs, formattingMaxMs - ageMs);
    return { end: { kind: 'later', wishMs, exactly: true, detail: completed.detail } };
  }
  const events = completed.kind === 'ok' ? completed.value.flatMap((raw) => decodeEvents(deps, workspace, raw)) : [];
  const same = repliesIn(events).find(({ entryId }) => entryId === reply.entryId);
  if (same === undefined && events.length > 0) return { end: { kind: 'done', ignored: 'it was taken back' } };
  return { reply: same ?? reply };
}
