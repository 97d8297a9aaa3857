import { z } from 'zod';
import type { AgentReply, InboxEvent, IncompleteReply } from '../../core/inbox/inbox-event.ts';
import { originOf, undecidedLooksMax } from '../../core/inbox/loop-guard.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { ConversationKey } from '../../store/conversations.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory, OpenWorkspace } from '../directory/directory.ts';
import type { JobEnd, JobHandler } from '../lanes/job.ts';
import { putOff } from '../lanes/retry-later.ts';
import { type CarryDeps, type CarryStore, createCarrier, type ReplyEnd } from './carry-reply.ts';

export type RelayStore = CarryStore &
  StoreSlice<{
    readonly updates: 'read' | 'finish';
    readonly conversations: 'readByInbox' | 'unlinkInboxConversation' | 'relinkContact';
    readonly inboxWrites: 'readOwn' | 'isOpeningConversation';
  }>;

export interface RelayDeps extends CarryDeps {
  readonly store: RelayStore;
  readonly directory: Directory;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
}

const payloadSchema = z.object({ updateId: z.number(), receivedOn: z.string() });
/** How long an undecided entry waits for the end of our own open write. */
const undecidedWaitMs = 2_500;

/** An answer waits for its formatting this often; the words alone are worth more than a later answer. */
const formattingLooksMax = 3;

/** How a look at an event goes in: how often it was looked at before, and when it came. */
interface Look {
  readonly lane: ClaimedLane;
  readonly looks: number;
  readonly receivedAtMs: number;
}

/**
 * Carries what agents and bots answer in the inbox to Telegram: at most once each, in the conversation's order, never our
 * own writes back. The key of a delivery is the inbox's id of the reply, claimed as a caller's Idempotency-Key is.
 */
export function relayReplies(deps: RelayDeps): JobHandler {
  const { store, directory, inboxKinds } = deps;
  const carry = createCarrier(deps);

  return async (lane, job): Promise<JobEnd> => {
    const { updateId, receivedOn } = payloadSchema.parse(job.payload);
    const update = await store.updates.read(receivedOn, updateId);
    if (!update) return { kind: 'dead', detail: 'its raw update was dropped by retention before it could be applied' };
    if (update.state !== 'stored') return { kind: 'done' };
    const workspace = await directory.workspace(update.workspaceId);
    if (!workspace) {
      await store.updates.finish(receivedOn, updateId, 'ignored', 'its workspace was deleted');
      return { kind: 'done' };
    }
    const look = { lane, looks: lane.failures, receivedAtMs: update.receivedAtMs };
    const remarks: string[] = [];
    let applied = 0;
    for (const event of decode(workspace, update.body)) {
      const end = await applyEvent(workspace, event, look);
      if (end.kind !== 'done') return end;
      if (end.ignored === undefined) applied += 1;
      else remarks.push(end.ignored);
    }
    await store.updates.finish(
      receivedOn,
      updateId,
      applied > 0 ? 'applied' : 'ignored',
      remarks.length > 0 ? remarks.join('; ') : null,
    );
    return { kind: 'done' };
  };

  async function applyEvent(workspace: OpenWorkspace, event: InboxEvent, look: Look): Promise<ReplyEnd> {
    const workspaceId = workspace.record.id;
    switch (event.kind) {
      case 'ignored':
        return { kind: 'done', ignored: event.reason };
      case 'conversation-gone':
        await store.conversations.unlinkInboxConversation(workspaceId, event.conversationId);
        return { kind: 'done' };
      case 'contact-merged':
        await store.conversations.relinkContact(workspaceId, event);
        return { kind: 'done' };
      case 'reply':
        return applyReply(workspace, event.reply, look);
      case 'incomplete':
        return applyIncomplete(workspace, event.reply, look);
    }
  }

  function decode({ record }: OpenWorkspace, raw: Buffer): readonly InboxEvent[] {
    return inboxKinds[record.inboxKind].decode(raw, record.inboxSettings);
  }

  /** A conversation that we are just opening becomes known with the end of the call that opens it; an agent may be faster. */
  async function conversationOf(
    workspaceId: string,
    conversationId: string,
    { looks }: Look,
  ): Promise<ConversationKey | ReplyEnd> {
    const key = await store.conversations.readByInbox(workspaceId, conversationId);
    if (key) return key;
    return looks < undecidedLooksMax && (await store.inboxWrites.isOpeningConversation(workspaceId))
      ? { kind: 'later', wishMs: undecidedWaitMs, detail: 'a conversation of this inbox is being opened' }
      : { kind: 'done', ignored: 'not a conversation of ours' };
  }

  /** Looks a reply up of which the event said too little. */
  async function applyIncomplete(workspace: OpenWorkspace, told: IncompleteReply, look: Look): Promise<ReplyEnd> {
    const key = await conversationOf(workspace.record.id, told.conversationId, look);
    if ('kind' in key) return key;
    const open = await directory.channel(key.channelId);
    if (!open) return { kind: 'done', ignored: 'its channel was deleted' };
    const completed = await workspace.inbox.complete(told);
    switch (completed.kind) {
      case 'ok':
        break;
      case 'gone':
        return { kind: 'done', ignored: `it is gone: ${completed.detail}` };
      case 'rejected':
        return { kind: 'dead', detail: `the inbox does not show the reply: ${completed.detail}` };
      case 'deferred':
      case 'broken':
      case 'uncertain':
        return putOff(completed);
    }
    const replies = completed.value
      .flatMap((raw) => decode(workspace, raw))
      .flatMap((event) => (event.kind === 'reply' ? [event.reply] : []));
    let ignored = 'nothing is said there';
    let applied = 0;
    for (const reply of replies) {
      const end = await applyReply(workspace, reply, look);
      if (end.kind !== 'done') return end;
      if (end.ignored === undefined) applied += 1;
      else ignored = end.ignored;
    }
    return applied > 0 ? { kind: 'done' } : { kind: 'done', ignored };
  }

  async function applyReply(workspace: OpenWorkspace, reply: AgentReply, look: Look): Promise<ReplyEnd> {
    const workspaceId = workspace.record.id;
    const key = await conversationOf(workspaceId, reply.conversationId, look);
    if ('kind' in key) return key;
    const writes = await store.inboxWrites.readOwn(workspaceId, reply.conversationId, reply.entryId);
    const origin = originOf(reply, writes, look.looks);
    if (origin.kind === 'ours') return { kind: 'done', ignored: `our own entry (${origin.why})` };
    if (origin.kind === 'undecided') {
      return { kind: 'later', wishMs: undecidedWaitMs, detail: 'a write of ours to this conversation is open' };
    }
    if (writes.isReported) return { kind: 'done', ignored: 'its agent was told before that it was not delivered' };
    const open = await directory.channel(key.channelId);
    if (!open) return { kind: 'done', ignored: 'its channel was deleted' };
    const whole = await withFormatting(workspace, reply, look.looks);
    if ('end' in whole) return whole.end;
    return carry({ workspace, open, key, reply: whole.reply, lane: look.lane, receivedAtMs: look.receivedAtMs });
  }

  /** The same reply as the inbox has it; its bare words where the inbox does not show it, or not in time. */
  async function withFormatting(
    workspace: OpenWorkspace,
    reply: AgentReply,
    looks: number,
  ): Promise<{ readonly reply: AgentReply } | { readonly end: ReplyEnd }> {
    if (!reply.isPlain) return { reply };
    const completed = await workspace.inbox.complete(reply);
    if (completed.kind === 'deferred' && looks < formattingLooksMax) {
      return { end: { kind: 'later', wishMs: completed.retryAfterMs, detail: completed.detail } };
    }
    const events = completed.kind === 'ok' ? completed.value.flatMap((raw) => decode(workspace, raw)) : [];
    const shown = events.flatMap((event) => (event.kind === 'reply' ? [event.reply] : []));
    const same = shown.find(({ entryId }) => entryId === reply.entryId);
    if (same === undefined && events.length > 0) return { end: { kind: 'done', ignored: 'it was taken back' } };
    return { reply: same ?? reply };
  }
}
