import type { ChannelOptions } from '@chatferry/contract';
import { z } from 'zod';
import { automaticAnswer } from '../../core/inbox/automatic-answer.ts';
import type { DecodedUpdate, InboundEvent } from '../../core/message/inbound.ts';
import { storable } from '../../core/message/storable.ts';
import { withoutTapMark } from '../../core/message/tap-mark.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import { inboxLaneKey } from '../../store/results.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory } from '../directory/directory.ts';
import type { Erasures } from '../directory/erasures.ts';
import type { JobEnd, JobHandler } from '../lanes/job.ts';
import { automaticJob } from './answer-automatically.ts';
import { createLookBack, type LookBackStore } from './complete-from-history.ts';
import { createFindEvidence, type EvidenceStore } from './find-evidence.ts';
import { createGatherAlbum } from './gather-album.ts';
import { createKeepOrder, type KeepOrderStore } from './wait-for-earlier-update.ts';

export type ApplyUpdateStore = LookBackStore &
  KeepOrderStore &
  EvidenceStore &
  StoreSlice<{
    readonly updates: 'read' | 'listBehind' | 'finish' | 'drop';
    readonly lanes: 'readJob' | 'isBusy';
    readonly inbound: 'apply' | 'recordMigration';
    readonly chats: 'read';
    readonly automaticAnswers: 'queue';
  }>;

const oldChatWaitMs = 500;
const payloadSchema = z.object({ updateId: z.number(), receivedOn: z.string() });

/**
 * Understands one stored update: a message row and the chat's facts, and then its mirror, as the same job. An update
 * that we do not understand is marked so and never stops its lane.
 */
export function applyUpdate(deps: {
  readonly store: ApplyUpdateStore;
  readonly kind: ChannelKind;
  readonly directory: Directory;
  readonly mirror: JobHandler;
  readonly erasures: Pick<Erasures, 'erasedAtMs'>;
  readonly clock: Clock;
  readonly log: EngineLog;
}): JobHandler {
  const { store, kind, directory, mirror, erasures, clock, log } = deps;
  const gatherAlbum = createGatherAlbum(deps);
  const lookBack = createLookBack(store);
  const keepOrder = createKeepOrder(store, clock);
  const findEvidence = createFindEvidence(deps);

  return async (lane, job): Promise<JobEnd> => {
    const { updateId, receivedOn } = payloadSchema.parse(job.payload);
    const update = await store.updates.read(receivedOn, updateId);
    if (!update) return { kind: 'dead', detail: 'its raw update was dropped by retention before it could be applied' };
    if (update.state !== 'stored' || update.channelId === null) return goOn(lane, job);
    if ((await keepOrder(lane, job, { receivedOn, updateId })) === 'reordered') return { kind: 'reordered' };
    const open = await directory.channel(update.channelId);
    if (!open) {
      await store.updates.finish(receivedOn, updateId, 'ignored', 'its channel was deleted');
      return { kind: 'done' };
    }
    const { record } = open;
    const decoded: DecodedUpdate = kind.decode(update.body, record.bot);
    switch (decoded.kind) {
      case 'inline-query':
        await store.updates.finish(receivedOn, updateId, 'ignored', 'inline query, answered at once');
        return { kind: 'done' };
      case 'ignored':
        await store.updates.finish(receivedOn, updateId, 'ignored', decoded.reason);
        return { kind: 'done' };
      case 'chat-migrated':
        if (await isOldChatBusy(record.id, decoded, lane)) {
          return { kind: 'later', wishMs: oldChatWaitMs, detail: 'the group it was before has messages left' };
        }
        await store.inbound.recordMigration({
          workspaceId: record.workspaceId,
          channelId: record.id,
          chatId: decoded.chatId,
          newChatId: decoded.newChatId,
        });
        await store.updates.finish(receivedOn, updateId, 'applied', `the chat is now ${decoded.newChatId}`);
        return { kind: 'done' };
      case 'event': {
        if (await isErased(record.workspaceId, decoded.event, update.receivedAtMs)) {
          await store.updates.drop(receivedOn, updateId);
          return { kind: 'done' };
        }
        const { albumId } = decoded;
        if (await isUntalked(record, decoded.event)) {
          await store.updates.finish(receivedOn, updateId, 'ignored', 'a group in which nobody has talked to the bot');
          return { kind: 'done' };
        }
        const whole =
          albumId === undefined
            ? { event: decoded.event, members: [] }
            : await gatherAlbum(lane, job, { event: decoded.event, albumId, bot: record.bot });
        const told = await lookBack(record.id, storable(whole.event));
        if (told === null) {
          await store.updates.finish(receivedOn, updateId, 'ignored', 'an edit that nobody would see');
          return { kind: 'done' };
        }
        const event = asSent(told, record.options);
        if (event.content.kind === 'unsupported') {
          log.warn('message.unsupported', { channelId: record.id, what: event.content.what, updateId });
        }
        const wait = await findEvidence(lane, job, record, update.body);
        if (wait !== null) return wait;
        await queueAnswer(record, event, updateId);
        const mirrorJob = await store.inbound.apply(lane, job, {
          workspaceId: record.workspaceId,
          channelId: record.id,
          update: { receivedOn, updateId },
          event,
          content: event,
          members: whole.members,
        });
        return mirrorJob ? mirror(lane, mirrorJob) : goOn(lane, job);
      }
    }
  };

  /** What somebody did before they were erased, and comes late. Who comes back afterwards is welcome. */
  async function isErased(workspaceId: string, event: InboundEvent, receivedAtMs: number): Promise<boolean> {
    const atMs = event.editedAtMs ?? event.happenedAtMs ?? receivedAtMs;
    const erasedAtMs = await erasures.erasedAtMs(workspaceId, 'customer', event.author.userId);
    return erasedAtMs !== null && atMs <= erasedAtMs;
  }

  /** Whoever had the lane before may have applied the update after the lane was read: its message is still to be mirrored. */
  async function goOn(lane: ClaimedLane, { seq }: Job): Promise<JobEnd> {
    const standing = await store.lanes.readJob(lane.key, seq);
    return standing?.kind === 'mirror' ? mirror(lane, standing) : { kind: 'done' };
  }

  /** What was said in the group before comes first, in the conversation that both have. */
  async function isOldChatBusy(
    channelId: string,
    { chatId, newChatId }: Extract<DecodedUpdate, { kind: 'chat-migrated' }>,
    lane: ClaimedLane,
  ): Promise<boolean> {
    return lane.key === inboxLaneKey(channelId, newChatId) && store.lanes.isBusy(inboxLaneKey(channelId, chatId));
  }

  /** Whether the bot came into a group or left one that the inbox has never heard of. */
  async function isUntalked({ id }: ChannelRecord, { content, chat }: InboundEvent): Promise<boolean> {
    if (content.kind !== 'added' && content.kind !== 'removed') return false;
    return (await store.chats.read(id, chat.chatId)) === null;
  }

  /** Before the update counts as applied, so that no crash loses it; its key keeps it from being sent twice. */
  async function queueAnswer(
    { workspaceId, id: channelId, options }: ChannelRecord,
    event: InboundEvent,
    updateId: number,
  ): Promise<void> {
    const nowMs = clock.nowMs();
    const answer = automaticAnswer(event, options, nowMs);
    if (answer === null) return;
    const { chat } = event;
    const payload = automaticJob(answer, { channelId, chat, cause: `update:${updateId}`, nowMs });
    await store.automaticAnswers.queue({ workspaceId, channelId, chatId: chat.chatId, payload });
  }
}

/** A tap with the label that the button was sent with, where the channel marks tapped buttons. */
function asSent(event: InboundEvent, { tap }: ChannelOptions): InboundEvent {
  const { content } = event;
  if (tap.after !== 'mark' || content.kind !== 'tap' || content.label === null) return event;
  return { ...event, content: { ...content, label: withoutTapMark(content.label) } };
}
