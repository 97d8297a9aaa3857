import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AgentReply, InboxEvent } from '../core/inbox-event.ts';
import { type OwnWrites, originOf } from '../core/loop-guard.ts';
import { nameOfAuthor, prepareReply } from '../core/prepare-reply.ts';
import { sayFailure } from '../core/say-failure.ts';
import type { ChannelKind } from '../ports/channel.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { DeliveryReport, InboxKind } from '../ports/inbox.ts';
import type { ConversationKey } from '../store/conversations.ts';
import type { KeyName } from '../store/idempotency.ts';
import type { StoredUpdate } from '../store/updates.ts';
import { type ClaimStore, claimDelivery, releasesKey } from './claim-delivery.ts';
import type { Delivery, DeliveryRequest } from './deliver.ts';
import type { Directory, OpenChannel, OpenWorkspace } from './directory.ts';
import type { JobEnd, JobHandler } from './job.ts';
import { LaneFullError } from './lane-gate.ts';
import { writeRemark } from './write-remark.ts';

export interface RelayStore extends ClaimStore {
  readUpdate(receivedOn: string, updateId: number): Promise<StoredUpdate | null>;
  settleUpdate(
    receivedOn: string,
    updateId: number,
    state: 'applied' | 'ignored' | 'dead',
    detail: string | null,
  ): Promise<void>;
  readConversationByInbox(workspaceId: string, inboxConversationId: string): Promise<ConversationKey | null>;
  readOwnWrites(
    workspaceId: string,
    conversationId: string,
    entryId: string,
  ): Promise<OwnWrites & { readonly isReported: boolean }>;
  markReported(workspaceId: string, entryId: string): Promise<void>;
  releaseKey(name: KeyName, requestId: string): Promise<void>;
  unlinkInboxConversation(workspaceId: string, inboxConversationId: string): Promise<void>;
  relinkContact(workspaceId: string, merge: Extract<InboxEvent, { kind: 'contact-merged' }>): Promise<void>;
}

export interface RelayDeps {
  readonly store: RelayStore;
  readonly directory: Directory;
  readonly channelKind: ChannelKind;
  readonly inboxKinds: Readonly<Record<InboxKind['kind'], InboxKind>>;
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
  readonly clock: Clock;
  readonly random: Random;
  readonly epoch: number;
}

const payloadSchema = z.object({ updateId: z.number(), receivedOn: z.string() });
/** How long an undecided entry waits for the end of our own open write. */
const undecidedWaitMs = 2_500;
/** A reply that could not be handed over for this long is reported to the agent instead. */
const replyAgeMaxMs = 3_600_000;

interface Scene {
  readonly workspace: OpenWorkspace;
  readonly open: OpenChannel;
  readonly key: ConversationKey;
  readonly reply: AgentReply;
  readonly receivedAtMs: number;
}

/** What a reply, or another event, came to: the worker's end, and why nothing came of it where nothing did. */
type EventEnd = Exclude<JobEnd, { kind: 'done' }> | { readonly kind: 'done'; readonly ignored?: string };

/** How a look at an event goes in: how often it was looked at before, and when it came. */
interface Look {
  readonly looks: number;
  readonly receivedAtMs: number;
}

/**
 * Carries what agents and bots answer in the inbox to Telegram: at most once each, in the conversation's order, never our
 * own writes back. The key of a delivery is the inbox's id of the reply, claimed as a caller's Idempotency-Key is.
 */
export function relayReplies(deps: RelayDeps): JobHandler {
  const { store, directory, channelKind, inboxKinds, deliver, clock, random, epoch } = deps;

  return async (lane, job): Promise<JobEnd> => {
    const { updateId, receivedOn } = payloadSchema.parse(job.payload);
    const update = await store.readUpdate(receivedOn, updateId);
    if (update?.state !== 'stored') return { kind: 'done' };
    const workspace = await directory.workspace(update.workspaceId);
    if (!workspace) {
      await store.settleUpdate(receivedOn, updateId, 'ignored', 'its workspace was deleted');
      return { kind: 'done' };
    }
    const look = { looks: lane.failures, receivedAtMs: update.receivedAtMs };
    const remarks: string[] = [];
    let applied = 0;
    for (const event of inboxKinds[workspace.record.inboxKind].decode(update.body)) {
      const end = await applyEvent(workspace, event, look);
      if (end.kind !== 'done') return end;
      if (end.ignored === undefined) applied += 1;
      else remarks.push(end.ignored);
    }
    await store.settleUpdate(
      receivedOn,
      updateId,
      applied > 0 ? 'applied' : 'ignored',
      remarks.length > 0 ? remarks.join('; ') : null,
    );
    return { kind: 'done' };
  };

  async function applyEvent(workspace: OpenWorkspace, event: InboxEvent, look: Look): Promise<EventEnd> {
    const workspaceId = workspace.record.id;
    switch (event.kind) {
      case 'ignored':
        return { kind: 'done', ignored: event.reason };
      case 'conversation-gone':
        await store.unlinkInboxConversation(workspaceId, event.conversationId);
        return { kind: 'done' };
      case 'contact-merged':
        await store.relinkContact(workspaceId, event);
        return { kind: 'done' };
      case 'reply':
        return applyReply(workspace, event.reply, look);
    }
  }

  async function applyReply(workspace: OpenWorkspace, reply: AgentReply, look: Look): Promise<EventEnd> {
    const workspaceId = workspace.record.id;
    const key = await store.readConversationByInbox(workspaceId, reply.conversationId);
    if (!key) return { kind: 'done', ignored: 'not a conversation of ours' };
    const writes = await store.readOwnWrites(workspaceId, reply.conversationId, reply.entryId);
    const origin = originOf(reply, writes, look.looks);
    if (origin.kind === 'ours') return { kind: 'done', ignored: `our own entry (${origin.why})` };
    if (origin.kind === 'undecided') {
      return { kind: 'later', wishMs: undecidedWaitMs, detail: 'a write of ours to this conversation is open' };
    }
    if (writes.isReported) return { kind: 'done', ignored: 'its agent was told before that it was not delivered' };
    const open = await directory.channel(key.channelId);
    if (!open) return { kind: 'done', ignored: 'its channel was deleted' };
    return carry({ workspace, open, key, reply, receivedAtMs: look.receivedAtMs });
  }

  async function carry(scene: Scene): Promise<EventEnd> {
    const { open, key, reply } = scene;
    if (open.record.state !== 'active') {
      return report(scene, {
        kind: 'failed',
        reason: `the Telegram channel is ${open.record.state}; ask an administrator to check it`,
      });
    }
    const chat = { chatId: key.chatId, topicId: key.topicId === '0' ? null : key.topicId };
    const prepared = prepareReply(reply, open.record.options, await authorNameOf(scene));
    const pieces = channelKind.encodeReply(chat, prepared.reply);
    if (pieces.length === 0) return { kind: 'done', ignored: 'nothing to say' };
    for (const [index, piece] of pieces.entries()) {
      const end = await carryPiece(scene, { ...piece, name: nameOf(scene, index) });
      if (end !== 'sent') return end;
    }
    return prepared.remark === null ? { kind: 'done' } : writeRemark(scene, prepared.remark);
  }

  async function authorNameOf({ workspace, open, reply }: Scene): Promise<string | null> {
    if (open.record.options.agent_name === 'off' || reply.author.kind === 'bot') return null;
    return nameOfAuthor(reply.author, reply.author.name === null ? await workspace.teammates() : null);
  }

  async function carryPiece(
    scene: Scene,
    piece: { readonly name: KeyName } & ReturnType<ChannelKind['encodeReply']>[number],
  ): Promise<EventEnd | 'sent'> {
    const { key, reply, open } = scene;
    const requestId = random.uuid();
    const { workspaceId, channelId, chatId } = key;
    const fingerprint = createHash('sha256').update(piece.name.key).digest();
    const claim = { name: piece.name, workspaceId, fingerprint, requestId, epoch, warnings: [] };
    const claimed = await claimDelivery(store, claim, { workspaceId, channelId });
    switch (claimed.kind) {
      case 'settled':
        return settled(scene, claimed.message);
      case 'in-progress':
      case 'mismatch':
        return { kind: 'later', wishMs: undecidedWaitMs, detail: 'this reply is already on its way' };
      case 'claimed': {
        const intent = {
          workspaceId,
          channelId,
          chatId,
          origin: 'agent',
          requestId,
          keyId: null,
          senderId: reply.author.id,
          content: piece.content,
          wire: piece.wire,
          epoch,
          idempotency: piece.name,
          replyRef: { conversationId: reply.conversationId, entryId: reply.entryId },
        } as const;
        return deliverPiece(scene, piece.name, { intent, channel: open.channel, wire: piece.wire, deadlineMs: null });
      }
    }
  }

  async function deliverPiece(scene: Scene, name: KeyName, request: DeliveryRequest): Promise<EventEnd | 'sent'> {
    const giveBack = () => store.releaseKey(name, request.intent.requestId);
    try {
      const delivery = await deliver(request);
      if (delivery.kind === 'shed') {
        await giveBack();
        return later(scene, delivery.retryAfterMs, delivery.reason);
      }
      if (delivery.kind === 'failed' && releasesKey(delivery.failure.name)) {
        await giveBack();
        return later(scene, delivery.failure.retryAfterMs ?? null, delivery.failure.reason);
      }
      if (delivery.kind === 'sent') return 'sent';
      return report(scene, reportOf(delivery));
    } catch (cause) {
      await giveBack();
      if (cause instanceof LaneFullError) return later(scene, 1_000, cause.message);
      throw cause;
    }
  }

  /** What an earlier try of this very reply came to. */
  function settled(
    scene: Scene,
    message: { readonly state: string; readonly failure: { readonly name: string; readonly reason: string } | null },
  ): Promise<EventEnd> | 'sent' {
    if (message.state === 'sent') return 'sent';
    const reason = message.failure?.reason ?? 'Telegram has not confirmed it';
    return report(scene, message.state === 'failed' ? { kind: 'failed', reason } : { kind: 'unknown', reason });
  }

  async function later(scene: Scene, wishMs: number | null, detail: string): Promise<EventEnd> {
    if (clock.nowMs() - scene.receivedAtMs < replyAgeMaxMs) return { kind: 'later', wishMs, detail };
    return report(scene, {
      kind: 'failed',
      reason: `it could not be sent for an hour (${detail}); please send it again`,
    });
  }

  /** An agent whose reply did not reach the customer must see it where the agent works. */
  async function report({ workspace, open, reply }: Scene, outcome: DeliveryReport): Promise<EventEnd> {
    const { bot, inboxRef } = open.record;
    const channel = { botId: bot.botId, username: bot.username, name: bot.name, ref: inboxRef };
    const reported = await workspace.inbox.reportDelivery(channel, reply, outcome);
    switch (reported.kind) {
      case 'ok':
      case 'gone':
        await store.markReported(workspace.record.id, reply.entryId);
        return { kind: 'done' };
      case 'rejected':
        await store.markReported(workspace.record.id, reply.entryId);
        return { kind: 'dead', detail: `the inbox did not take the report: ${reported.detail}` };
      case 'deferred':
        return { kind: 'later', wishMs: reported.retryAfterMs, detail: reported.detail };
      case 'broken':
      case 'uncertain':
        return { kind: 'later', wishMs: null, detail: reported.detail };
    }
  }
}

const nameOf = ({ key, reply }: Scene, index: number): KeyName => ({
  scope: key.workspaceId,
  route: 'relay',
  key: `${reply.entryId}#${index}`,
});

const reportOf = (delivery: Extract<Delivery, { kind: 'failed' | 'unknown' }>): DeliveryReport =>
  delivery.kind === 'failed'
    ? { kind: 'failed', reason: sayFailure(delivery.failure) }
    : { kind: 'unknown', reason: delivery.failure.reason };
