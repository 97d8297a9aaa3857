import { z } from 'zod';
import type { DecodedUpdate } from '../../core/message/inbound.ts';
import { inboxLaneKey } from '../../store/lane-keys.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory } from '../directory/directory.ts';
import type { JobEnd } from '../lanes/job.ts';
import { type AppliedUpdate, type ApplyEventDeps, applyEvent, ignoreUpdate, mirrorIfApplied } from './apply-event.ts';
import { type UpdateOrderDeps, waitForEarlierUpdate } from './wait-for-earlier-update.ts';

export type ApplyUpdateStore = ApplyEventDeps['store'] &
  UpdateOrderDeps['store'] &
  StoreSlice<{
    readonly updates: 'read';
    readonly lanes: 'isBusy';
    readonly inbound: 'recordMigration';
  }>;

export interface ApplyUpdateDeps extends ApplyEventDeps {
  readonly store: ApplyUpdateStore;
  readonly directory: Directory;
}

const oldChatWaitMs = 500;
const payloadSchema = z.object({ updateId: z.number(), receivedOn: z.string() });

/**
 * Decodes and applies one stored update: it becomes a message row with the chat's facts, which the same job then mirrors. An
 * update that the gateway does not understand is marked so and never stops its lane.
 */
export async function applyUpdate(deps: ApplyUpdateDeps, lane: ClaimedLane, job: Job): Promise<JobEnd> {
  const { store, directory, kind } = deps;
  const { updateId, receivedOn } = payloadSchema.parse(job.payload);
  const update = await store.updates.read(receivedOn, updateId);
  if (!update) return { kind: 'dead', detail: 'its raw update was dropped by retention before it could be applied' };
  if (update.state !== 'stored' || update.channelId === null) return mirrorIfApplied(deps, lane, job);
  const order = await waitForEarlierUpdate(deps, lane, job, { receivedOn, updateId });
  if (order === 'reordered') return { kind: 'reordered' };
  const open = await directory.channel(update.channelId);
  if (!open) return ignoreUpdate(deps, { receivedOn, updateId }, 'its channel was deleted');
  const { record } = open;
  const { receivedAtMs, body } = update;
  const applied = { lane, job, record, updateId, receivedOn, receivedAtMs, body };
  return applyDecoded(deps, applied, kind.decode(body, record.bot));
}

function applyDecoded(deps: ApplyUpdateDeps, update: AppliedUpdate, decoded: DecodedUpdate): Promise<JobEnd> {
  switch (decoded.kind) {
    case 'inline-query':
      return ignoreUpdate(deps, update, 'inline query, answered at once');
    case 'ignored':
      return ignoreUpdate(deps, update, decoded.reason);
    case 'chat-migrated':
      return applyMigration(deps, update, decoded);
    case 'event':
      return applyEvent(deps, update, decoded);
  }
}

type Migration = Extract<DecodedUpdate, { readonly kind: 'chat-migrated' }>;

async function applyMigration(
  { store }: ApplyUpdateDeps,
  { lane, record, receivedOn, updateId }: AppliedUpdate,
  migration: Migration,
): Promise<JobEnd> {
  const { chatId, newChatId } = migration;
  if (await isOldChatBusy(store, lane, record.id, migration)) {
    return { kind: 'later', wishMs: oldChatWaitMs, exactly: true, detail: 'the group it was before has messages left' };
  }
  await store.inbound.recordMigration({ workspaceId: record.workspaceId, channelId: record.id, chatId, newChatId });
  await store.updates.finish(receivedOn, updateId, 'applied', `the chat is now ${newChatId}`);
  return { kind: 'done' };
}

/** The messages of the former group come first in the conversation that both share. */
async function isOldChatBusy(
  store: ApplyUpdateStore,
  lane: ClaimedLane,
  channelId: string,
  { chatId, newChatId }: Migration,
): Promise<boolean> {
  return lane.key === inboxLaneKey(channelId, newChatId) && store.lanes.isBusy(inboxLaneKey(channelId, chatId));
}
