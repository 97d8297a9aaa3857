import type { ChannelOptions } from '@chatferry/contract';
import { automaticAnswer } from '../../core/inbox/automatic-answer.ts';
import type { DecodedUpdate, InboundEvent } from '../../core/message/inbound.ts';
import { storable } from '../../core/message/storable.ts';
import { givenData } from '../../core/message/tap-data.ts';
import { withoutTapMark } from '../../core/message/tap-mark.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Erasures } from '../directory/erasures.ts';
import type { JobEnd } from '../lanes/job.ts';
import { automaticJob } from './automatic-job.ts';
import { completeFromHistory, type HistoryStore } from './complete-from-history.ts';
import { type GatherAlbumDeps, gatherAlbum } from './gather-album.ts';
import { judgeTap, type TapStore } from './judge-tap.ts';
import { type EvidenceDeps, resolveByEvidence } from './resolve-by-evidence.ts';

export interface ApplyEventDeps extends GatherAlbumDeps, EvidenceDeps {
  readonly store: HistoryStore &
    GatherAlbumDeps['store'] &
    EvidenceDeps['store'] &
    StoreSlice<{
      readonly updates: 'finish' | 'drop';
      readonly lanes: 'readJob';
      readonly inbound: 'apply';
      readonly chats: 'read';
      readonly automaticAnswers: 'queue';
    }> &
    TapStore;
  readonly kind: ChannelKind;
  readonly erasures: Pick<Erasures, 'erasedAtMs'>;
}

/** A stored update that is being applied, with the channel that it came through. */
export interface AppliedUpdate {
  readonly lane: ClaimedLane;
  readonly job: Job;
  readonly record: ChannelRecord;
  readonly updateId: number;
  readonly receivedOn: string;
  readonly receivedAtMs: number;
  readonly body: Buffer;
}

type DecodedEvent = Extract<DecodedUpdate, { readonly kind: 'event' }>;

/** Stores what a customer did as a message, and mirrors it in the same job. */
export async function applyEvent(deps: ApplyEventDeps, update: AppliedUpdate, decoded: DecodedEvent): Promise<JobEnd> {
  const { store, log, mirror } = deps;
  const { lane, job, record, updateId, receivedOn } = update;
  const { workspaceId, id: channelId } = record;
  if (await isErased(deps, update, decoded.event)) {
    await store.updates.drop(receivedOn, updateId);
    return { kind: 'done' };
  }
  if (await isInUnknownGroup(deps, channelId, decoded.event)) {
    return ignoreUpdate(deps, update, 'a group without a message to the bot');
  }
  const { event: whole, members } = await gatherFiles(deps, update, decoded);
  const completed = await completeFromHistory(store, channelId, storable(whole));
  if (completed === null) return ignoreUpdate(deps, update, 'an edit without a visible change');
  const event = withSentLabel(completed, record.options);
  if (event.content.kind === 'unsupported') {
    log.warn('message.unsupported', { channelId, what: event.content.what, updateId });
  }
  const wait = await resolveByEvidence(deps, lane, job, record, update.body);
  if (wait !== null) return wait;
  const counted = await countTap(deps, update, event);
  if (typeof counted === 'string') return ignoreUpdate(deps, update, counted);
  await queueAutomaticAnswer(deps, update, counted);
  const mirrorJob = await store.inbound.apply(lane, job, {
    workspaceId,
    channelId,
    update: { receivedOn, updateId },
    event: counted,
    content: counted,
    arrived: decoded.event.content,
    members,
  });
  return mirrorJob ? mirror(lane, mirrorJob) : mirrorIfApplied(deps, lane, job);
}

export async function ignoreUpdate(
  { store }: { readonly store: StoreSlice<{ readonly updates: 'finish' }> },
  { receivedOn, updateId }: Pick<AppliedUpdate, 'receivedOn' | 'updateId'>,
  reason: string,
): Promise<JobEnd> {
  await store.updates.finish(receivedOn, updateId, 'ignored', reason);
  return { kind: 'done' };
}

/**
 * Mirrors the message of an update that was applied already. The process that had the lane before may have applied it after
 * this one read the lane. Then the message still has to be mirrored.
 */
export async function mirrorIfApplied(
  { store, mirror }: Pick<ApplyEventDeps, 'store' | 'mirror'>,
  lane: ClaimedLane,
  { seq }: Job,
): Promise<JobEnd> {
  const stored = await store.lanes.readJob(lane.key, seq);
  return stored?.kind === 'mirror' ? mirror(lane, stored) : { kind: 'done' };
}

/**
 * Whether a late update is about something that the customer did before they were erased. What they do after their erasure is
 * applied.
 */
async function isErased(
  { erasures }: ApplyEventDeps,
  { record, receivedAtMs }: AppliedUpdate,
  event: InboundEvent,
): Promise<boolean> {
  const atMs = event.editedAtMs ?? event.happenedAtMs ?? receivedAtMs;
  const erasedAtMs = await erasures.erasedAtMs(record.workspaceId, 'customer', event.author.userId);
  return erasedAtMs !== null && atMs <= erasedAtMs;
}

/** Whether the bot was added to, or removed from, a group that the inbox does not know. */
async function isInUnknownGroup(
  { store }: ApplyEventDeps,
  channelId: string,
  { content, chat }: InboundEvent,
): Promise<boolean> {
  if (content.kind !== 'added' && content.kind !== 'removed') return false;
  return (await store.chats.read(channelId, chat.chatId)) === null;
}

async function gatherFiles(
  deps: ApplyEventDeps,
  { lane, job, record }: AppliedUpdate,
  { event, albumId }: DecodedEvent,
): ReturnType<typeof gatherAlbum> {
  if (albumId === undefined) return { event, members: [] };
  return gatherAlbum(deps, lane, job, { event, albumId, record });
}

/** Queued before the update counts as applied, so that no crash loses it. The key of the answer prevents a second one. */
async function queueAutomaticAnswer(
  { store, clock }: ApplyEventDeps,
  { record, updateId }: AppliedUpdate,
  event: InboundEvent,
): Promise<void> {
  const { workspaceId, id: channelId, options } = record;
  const nowMs = clock.nowMs();
  const answer = automaticAnswer(event, options, nowMs);
  if (answer === null) return;
  const { chat } = event;
  const payload = automaticJob(answer, { channelId, chat, cause: `update:${updateId}`, nowMs });
  await store.automaticAnswers.queue({ workspaceId, channelId, chatId: chat.chatId, payload });
}

/** A tap with what its message says about it; other events as they are. Why it is ignored, if it does not count. */
async function countTap(
  { store, kind }: ApplyEventDeps,
  { record, body, receivedAtMs }: AppliedUpdate,
  event: InboundEvent,
): Promise<InboundEvent | string> {
  const { content } = event;
  if (content.kind !== 'tap') return event;
  const identity = kind.identify(body);
  if ('malformed' in identity) return event;
  const { updateId } = identity;
  const received = { channelId: record.id, tap: record.options.tap, event, updateId, receivedAtMs };
  const { verdict, message, control } = await judgeTap(store, received);
  if (verdict === 'expired') return 'a tap after its time';
  if (verdict === 'repeated') return 'a tap after the one that counted';
  const action = control?.action.kind === 'callback' ? control.action : { data: content.data };
  return {
    ...event,
    content: {
      ...content,
      label: content.label ?? control?.label ?? null,
      value: givenData(action),
      messageId: message?.messageId,
    },
  };
}

/** A tap with the label that the button was sent with, if the channel marks tapped buttons. */
function withSentLabel(event: InboundEvent, { tap }: ChannelOptions): InboundEvent {
  const { content } = event;
  if (tap.after !== 'mark' || content.kind !== 'tap' || content.label === null) return event;
  return { ...event, content: { ...content, label: withoutTapMark(content.label) } };
}
