import { z } from 'zod';
import { filesOf } from '../../core/inbox/files.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { InboxOutcome } from '../../ports/inbox.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { MirrorMessage } from '../../store/mirror.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory } from '../directory/directory.ts';
import type { MarkHealth } from '../directory/mark-health.ts';
import type { JobEnd } from '../lanes/job.ts';
import type { RenewLeaseWhile } from '../lanes/renew-lease-while.ts';
import { retryLater } from '../lanes/retry-later.ts';
import { applyArrangement, leaveConversationIfOver } from './apply-conversation-rules.ts';
import { isInbound } from './build-entry.ts';
import { type MirrorFilesDeps, mirrorFiles } from './mirror-files.ts';
import { findTarget, type MirrorTarget } from './mirror-target.ts';
import { reportDelivered } from './report-delivered.ts';
import { type WriteEntryDeps, writeEntry } from './write-entry.ts';

export type MirrorStore = WriteEntryDeps['store'] &
  StoreSlice<{
    readonly mirror: 'readMessage' | 'recordMirrored' | 'recordPartMirrored' | 'recordReported' | 'recordDead';
    readonly inboxWrites: 'isRecorded';
    readonly messageHistory: 'listRecentOutbound';
    readonly chats: 'read';
  }>;

export interface MirrorDeps extends WriteEntryDeps, MirrorFilesDeps {
  readonly store: MirrorStore;
  readonly health: Pick<MarkHealth, 'markWorkspaceBroken' | 'markWorkspaceActive'>;
  readonly directory: Directory;
  readonly channelKind: Pick<ChannelKind, 'unknownChat' | 'displayName'>;
  readonly renewLeaseWhile: RenewLeaseWhile;
  readonly reportOversizedFile: (channel: ChannelRecord, message: MirrorMessage, maxBytes: number) => Promise<void>;
}

const payloadSchema = z.object({ messageId: z.number(), createdOn: z.string() });

/** Writes one message into the inbox: at least once with deduplication, in the lane's order, under the right author. */
export async function mirrorMessage(deps: MirrorDeps, lane: ClaimedLane, job: Job): Promise<JobEnd> {
  const { store, health } = deps;
  const { messageId, createdOn } = payloadSchema.parse(job.payload);
  const message = await store.mirror.readMessage(createdOn, messageId);
  if (!message) return { kind: 'dead', detail: 'the message was dropped by retention before it could be mirrored' };
  if (message.mirror === 'none' || message.mirror === 'dead') return { kind: 'done' };
  const target = await findTarget(deps, lane, message);
  if (target === null) {
    if (message.mirror === 'pending') await store.mirror.recordDead(message, 'its channel or workspace was deleted');
    return { kind: 'done' };
  }
  const { record, inbox } = target.workspace;
  if (message.mirror === 'done') {
    // An earlier try wrote the message. Its conversation may still need an arrangement.
    return endJob(deps, target, await applyArrangement(deps, message.key, inbox, lane.failures));
  }
  if (message.origin === 'agent') {
    return endJob(deps, target, await reportDelivered(store, target, message.replyRef));
  }
  const written = await writeMessage(deps, target);
  if (written.kind !== 'ok') return endJob(deps, target, written);
  if (record.state === 'broken') await health.markWorkspaceActive(record.id);
  return { kind: 'done', wrote: true };
}

async function writeMessage(deps: MirrorDeps, target: MirrorTarget): Promise<InboxOutcome<unknown>> {
  const { store, renewLeaseWhile } = deps;
  const { lane, message, open, workspace, entry } = target;
  const left = await leaveConversationIfOver(deps, message, workspace);
  if (left.kind !== 'ok') return left;
  const files = isInbound(message.content) ? filesOf(message.content.content) : [];
  if (files.length === 0) return writeEntry(deps, target, entry, store.mirror.recordMirrored);
  return renewLeaseWhile(lane, () =>
    mirrorFiles(deps, {
      channel: open.channel,
      channelName: deps.channelKind.displayName,
      inbox: workspace.inbox,
      entry,
      files,
      failures: lane.failures,
      reportOversizedFile: (maxBytes) => deps.reportOversizedFile(open.record, message, maxBytes),
      hasConversation: async () => (await store.conversations.read(message.key)).conversationId !== null,
      isWritten: (key) => store.inboxWrites.isRecorded(message.key.workspaceId, key),
      write: (part, isLast) =>
        writeEntry(deps, target, part, isLast ? store.mirror.recordMirrored : store.mirror.recordPartMirrored),
    }),
  );
}

async function endJob(
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
      return { kind: 'later', wishMs: 60_000, detail: outcome.detail };
    case 'deferred':
    case 'uncertain':
      return retryLater(outcome);
  }
}
