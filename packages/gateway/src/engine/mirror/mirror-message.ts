import { z } from 'zod';
import type { SharedFile } from '../../core/message/content.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import { fileLaneKey } from '../../store/lane-keys.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { MirrorMessage } from '../../store/mirror.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory } from '../directory/directory.ts';
import type { MarkHealth } from '../directory/mark-health.ts';
import type { JobEnd } from '../lanes/job.ts';
import type { RenewLeaseWhile } from '../lanes/renew-lease-while.ts';
import { retryLater } from '../lanes/retry-later.ts';
import { applyArrangement, leaveConversationIfOver } from './apply-conversation-rules.ts';
import { changeEntry } from './build-entry.ts';
import { type FilesDeps, filesOfChange, filesOfMessage, sourceOf } from './files-of-message.ts';
import { type FilesToMirror, type MirrorFilesDeps, mirrorFiles } from './mirror-files.ts';
import { findTarget, type MirrorTarget } from './mirror-target.ts';
import { reportDelivered } from './report-delivered.ts';
import { type WriteEntryDeps, writeEntry } from './write-entry.ts';

export type MirrorStore = WriteEntryDeps['store'] &
  StoreSlice<{
    readonly mirror:
      | 'readMessage'
      | 'recordMirrored'
      | 'recordPartMirrored'
      | 'recordReported'
      | 'recordDead'
      | 'queue';
    readonly inboxWrites: 'readState';
    readonly lanes: 'isBusy' | 'wake';
    readonly messageHistory: 'listRecentOutbound';
    readonly chats: 'read';
  }>;

export interface MirrorDeps extends WriteEntryDeps, MirrorFilesDeps, FilesDeps {
  readonly store: MirrorStore;
  readonly health: Pick<MarkHealth, 'markWorkspaceBroken' | 'markWorkspaceActive'>;
  readonly directory: Directory;
  readonly channelKind: Pick<ChannelKind, 'unknownChat' | 'displayName'>;
  readonly renewLeaseWhile: RenewLeaseWhile;
  readonly nowMs: () => number;
}

/** `change`: an edit by its number, or `deleted`. `areFilesLeft`: the lane of the message's files left them to the lane of the chat. */
const payloadSchema = z.object({
  messageId: z.number(),
  createdOn: z.string(),
  areFilesLeft: z.boolean().optional(),
  change: z.string().optional(),
});

/** Writes one message into the inbox: at least once with deduplication, in the lane's order, under the right author. */
export async function mirrorMessage(deps: MirrorDeps, lane: ClaimedLane, job: Job): Promise<JobEnd> {
  const { store } = deps;
  const read = await readTarget(deps, lane, job);
  if ('end' in read) return read.end;
  const { target } = read;
  const { message } = target;
  const { areFilesLeft = false, change } = payloadSchema.parse(job.payload);
  if (change !== undefined) return mirrorChange(deps, target, change);
  if (message.mirror === 'done') {
    // An earlier try wrote the message. Its conversation may still need an arrangement.
    return endMirrorJob(deps, target, await applyArrangement(deps, message.key, target.workspace.inbox, lane.failures));
  }
  if (message.origin === 'agent') {
    return endMirrorJob(deps, target, await reportDelivered(store, target, message.replyRef));
  }
  // An earlier try wrote the words and left the files to their own lane.
  if (!areFilesLeft && (await store.lanes.isBusy(laneOfFiles(message)))) return { kind: 'done' };
  const written = await writeMessage(deps, target, areFilesLeft);
  return written.kind === 'ok' ? endWrite(deps, target) : endMirrorJob(deps, target, written);
}

/** Says beside the entry of a message that it was edited or deleted. */
async function mirrorChange(deps: MirrorDeps, target: MirrorTarget, change: string): Promise<JobEnd> {
  const entry = changeEntry(target.message, change);
  if (entry === null) return { kind: 'done' };
  const written = await writeChange(deps, { ...target, entry }, filesOfChange(target.message, change));
  return written.kind === 'ok' ? endWrite(deps, target) : endMirrorJob(deps, target, written);
}

/** The new file of an edit is in its entry: the entry waits for it. */
async function writeChange(
  deps: MirrorDeps,
  target: MirrorTarget,
  files: readonly SharedFile[],
): Promise<InboxOutcome<unknown>> {
  const { store, renewLeaseWhile } = deps;
  const write = (part: InboxEntry) => writeEntry(deps, target, part, store.mirror.recordPartMirrored);
  if (files.length === 0) return write(target.entry);
  const mirrored = filesToMirror(deps, target, files, false);
  const stateOf = async (key: string) => ((await mirrored.stateOf(key)) === 'written' ? 'written' : 'open');
  return renewLeaseWhile(target.lane, () => mirrorFiles(deps, { ...mirrored, stateOf, write }));
}

/** The inbox accepted what was to be written. */
export async function endWrite({ health, store }: MirrorDeps, { workspace }: MirrorTarget): Promise<JobEnd> {
  const { id, state } = workspace.record;
  if (state === 'broken') {
    await health.markWorkspaceActive(id);
    await store.lanes.wake(id);
  }
  return { kind: 'done', wrote: true };
}

type Read = { readonly target: MirrorTarget } | { readonly end: JobEnd };

/** Reads the message of a job, and all that is needed to write it. `end` if there is nothing to write. */
export async function readTarget(deps: MirrorDeps, lane: ClaimedLane, job: Job): Promise<Read> {
  const { store } = deps;
  const { messageId, createdOn } = payloadSchema.parse(job.payload);
  const message = await store.mirror.readMessage(createdOn, messageId);
  if (!message) {
    return { end: { kind: 'dead', detail: 'the message was dropped by retention before it could be mirrored' } };
  }
  const isOver = message.mirror === 'none' || message.mirror === 'dead';
  if (isOver || (job.kind === 'file' && message.mirror === 'done')) return { end: { kind: 'done' } };
  const target = await findTarget(deps, lane, message);
  if (target !== null) return { target };
  if (message.mirror === 'pending') await store.mirror.recordDead(message, 'its channel or workspace was deleted');
  return { end: { kind: 'done' } };
}

async function writeMessage(
  deps: MirrorDeps,
  target: MirrorTarget,
  areFilesLeft: boolean,
): Promise<InboxOutcome<unknown>> {
  const { store, renewLeaseWhile } = deps;
  const { lane, message, workspace, entry } = target;
  const left = await leaveConversationIfOver(deps, message, workspace);
  if (left.kind !== 'ok') return left;
  const files = filesOfMessage(message);
  if (files.length === 0) return writeEntry(deps, target, entry, store.mirror.recordMirrored);
  return renewLeaseWhile(lane, () => mirrorFiles(deps, filesToMirror(deps, target, files, areFilesLeft)));
}

const laneOfFiles = ({ key, messageId }: MirrorMessage): string => fileLaneKey(key.channelId, key.chatId, messageId);

function filesToMirror(
  deps: MirrorDeps,
  target: MirrorTarget,
  files: readonly SharedFile[],
  isConversationGone: boolean,
): FilesToMirror {
  const { store } = deps;
  const { lane, message, workspace, entry } = target;
  return {
    ...sourceOf(deps, target),
    channelId: message.key.channelId,
    inbox: workspace.inbox,
    entry,
    files,
    failures: lane.failures,
    isConversationGone,
    async conversation() {
      const { conversationId, generation } = await store.conversations.read(message.key);
      return { isOpen: conversationId !== null, generation };
    },
    stateOf: (key) => store.inboxWrites.readState(message.key.workspaceId, key),
    write: (part, isLast) =>
      writeEntry(deps, target, part, isLast ? store.mirror.recordMirrored : store.mirror.recordPartMirrored),
    async queueFiles() {
      const arranged = await applyArrangement(deps, message.key, workspace.inbox, lane.failures);
      if (arranged.kind === 'ok') await store.mirror.queue(message, 'file');
      return arranged;
    },
  };
}

/** How the job of an entry ends. */
export async function endMirrorJob(
  { health }: MirrorDeps,
  { message }: MirrorTarget,
  outcome: InboxOutcome<unknown>,
): Promise<JobEnd> {
  switch (outcome.kind) {
    case 'ok':
      return { kind: 'done' };
    case 'rejected':
    case 'gone':
      return { kind: 'dead', detail: outcome.detail };
    case 'broken':
      await health.markWorkspaceBroken(message.key.workspaceId, outcome.detail);
      return retryLater(outcome);
    case 'deferred':
    case 'uncertain':
      return retryLater(outcome);
  }
}
