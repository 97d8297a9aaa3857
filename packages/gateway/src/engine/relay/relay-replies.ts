import { z } from 'zod';
import type { InboxEvent } from '../../core/inbox/inbox-event.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { OpenWorkspace } from '../directory/directory.ts';
import type { JobEnd } from '../lanes/job.ts';
import { type ApplyReplyDeps, applyIncompleteReply, applyReply, decodeEvents, type EventLook } from './apply-reply.ts';
import type { ReplyEnd } from './carried-reply.ts';
import { carryRest } from './carry-reply.ts';

export type RelayStore = ApplyReplyDeps['store'] &
  StoreSlice<{
    readonly updates: 'read' | 'finish';
    readonly conversations: 'unlinkInboxConversation' | 'relinkContact';
  }>;

export interface RelayDeps extends ApplyReplyDeps {
  readonly store: RelayStore;
}

const eventSchema = z.object({ updateId: z.number(), receivedOn: z.string() });

/** The files of a reply, which follow its words. */
const restSchema = z.object({
  rest: z.object({ from: z.number(), isPartSent: z.boolean(), sinceMs: z.number().default(0) }),
  key: z.object({ workspaceId: z.string(), channelId: z.string(), chatId: z.string(), topicId: z.string() }),
  reply: z.object({
    conversationId: z.string(),
    entryId: z.string(),
    authorId: z.string(),
    happenedAtMs: z.number(),
  }),
  receivedAtMs: z.number(),
});

/**
 * Carries what agents and bots answer in the inbox to Telegram: at most once each, in the conversation's order, and never the
 * gateway's own entries. The key of a delivery is the inbox's id of the reply, claimed like a caller's Idempotency-Key.
 */
export async function relayReplies(deps: RelayDeps, lane: ClaimedLane, job: Job): Promise<JobEnd> {
  return 'rest' in job.payload
    ? relayRest(deps, lane, restSchema.parse(job.payload))
    : relayEvent(deps, lane, eventSchema.parse(job.payload));
}

async function relayRest(
  deps: RelayDeps,
  lane: ClaimedLane,
  { rest, key, reply: { authorId, ...named }, receivedAtMs }: z.infer<typeof restSchema>,
): Promise<JobEnd> {
  const workspace = await deps.directory.workspace(key.workspaceId);
  const open = await deps.directory.channel(key.channelId);
  if (!workspace || !open) return { kind: 'done' };
  const reply = { ...named, author: { id: authorId, name: null, kind: 'teammate' } } as const;
  const end = await carryRest(deps, { workspace, open, key, reply, lane, receivedAtMs }, rest);
  return end.kind === 'done' ? { kind: 'done' } : end;
}

async function relayEvent(
  deps: RelayDeps,
  lane: ClaimedLane,
  { updateId, receivedOn }: z.infer<typeof eventSchema>,
): Promise<JobEnd> {
  const { store, directory } = deps;
  const update = await store.updates.read(receivedOn, updateId);
  if (!update) return { kind: 'dead', detail: 'its raw update was dropped by retention before it could be applied' };
  if (update.state !== 'stored') return { kind: 'done' };
  const workspace = await directory.workspace(update.workspaceId);
  if (!workspace) {
    await store.updates.finish(receivedOn, updateId, 'ignored', 'its workspace was deleted');
    return { kind: 'done' };
  }
  const look = { lane, receivedAtMs: update.receivedAtMs, ageMs: update.ageMs };
  const reasons: string[] = [];
  let applied = 0;
  for (const event of decodeEvents(deps, workspace, update.body)) {
    const end = await applyInboxEvent(deps, workspace, event, look);
    if (end.kind !== 'done') return end;
    if (end.ignored === undefined) applied += 1;
    else reasons.push(end.ignored);
  }
  const note = reasons.length > 0 ? reasons.join('; ') : null;
  await store.updates.finish(receivedOn, updateId, applied > 0 ? 'applied' : 'ignored', note);
  return { kind: 'done' };
}

async function applyInboxEvent(
  deps: RelayDeps,
  workspace: OpenWorkspace,
  event: InboxEvent,
  look: EventLook,
): Promise<ReplyEnd> {
  const { conversations } = deps.store;
  const workspaceId = workspace.record.id;
  switch (event.kind) {
    case 'ignored':
      return { kind: 'done', ignored: event.reason };
    case 'conversation-gone':
      await conversations.unlinkInboxConversation(workspaceId, event.conversationId);
      return { kind: 'done' };
    case 'contact-merged':
      await conversations.relinkContact(workspaceId, event);
      return { kind: 'done' };
    case 'reply':
      return applyReply(deps, workspace, event.reply, look);
    case 'incomplete':
      return applyIncompleteReply(deps, workspace, event.reply, look);
  }
}
