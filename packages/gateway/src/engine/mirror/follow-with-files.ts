import { followingBody } from '../../core/inbox/files.ts';
import type { SharedFile } from '../../core/message/content.ts';
import type { AppendedEntry, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { JobEnd } from '../lanes/job.ts';
import { appendOnce } from './append-once.ts';
import { type FetchedFiles, fetchFiles, type MissingFile } from './fetch-files.ts';
import { entryKeys, partsOf } from './file-parts.ts';
import { filesOfMessage, sourceOf } from './files-of-message.ts';
import { bytesOf, patientLimits, withMissing, writePart } from './mirror-files.ts';
import { endMirrorJob, endWrite, type MirrorDeps, readTarget } from './mirror-message.ts';
import type { MirrorTarget } from './mirror-target.ts';

/**
 * Writes the files of a message whose words are in the inbox, each part as soon as it is there. The lane has this job alone, so
 * it delays nothing. If the conversation is gone, the lane of the chat continues, because only that may open one.
 *
 * After about a minute an entry says which files are missing, and the job becomes a dead letter: a person can have it tried
 * again.
 */
export async function followWithFiles(deps: MirrorDeps, lane: ClaimedLane, job: Job): Promise<JobEnd> {
  const read = await readTarget(deps, lane, job);
  if ('end' in read) return read.end;
  const { target } = read;
  return deps.renewLeaseWhile(lane, () => writeParts(deps, target));
}

async function writeParts(deps: MirrorDeps, target: MirrorTarget): Promise<JobEnd> {
  const { fileLimits, store } = deps;
  const { message, entry } = target;
  const files = filesOfMessage(message);
  const parts = partsOf(files, fileLimits.entryMaxBytes);
  const givenUp: MissingFile[] = [];
  for (const [index, partFiles] of parts.entries()) {
    const key = entryKeys.part(entry.key, index);
    const isLast = index === parts.length - 1 && givenUp.length === 0;
    if (!isLast && (await store.inboxWrites.readState(message.key.workspaceId, key)) === 'written') continue;
    const end = await writeWhenFetched(deps, target, { files: partFiles, index, isLast });
    if (end.kind === 'missing') givenUp.push(...end.files);
    else if (end.kind !== 'ok') return endPart(deps, target, end);
  }
  const [missing] = givenUp;
  return missing === undefined ? endWrite(deps, target) : { kind: 'dead', detail: missing.detail };
}

interface FollowingPart {
  readonly files: readonly SharedFile[];
  readonly index: number;
  readonly isLast: boolean;
}

type PartEnd = InboxOutcome<AppendedEntry> | { readonly kind: 'missing'; readonly files: readonly MissingFile[] };

async function writeWhenFetched(deps: MirrorDeps, target: MirrorTarget, part: FollowingPart): Promise<PartEnd> {
  const { fileLimits: limits, fileBudget } = deps;
  const { message, entry, lane } = target;
  const release = await fileBudget.take(message.key.channelId, bytesOf(part.files, limits));
  try {
    const fetched = await fetchFiles(sourceOf(deps, target), part.files, patientLimits(limits));
    const [missing] = fetched.missing;
    const following: InboxEntry = {
      ...entry,
      body: followingBody(part.files, { messageId: message.messageId, sentAtMs: message.createdAtMs }),
    };
    if (missing === undefined) {
      const key = entryKeys.part(entry.key, part.index);
      return await writeFollowing(deps, target, { ...following, key }, part.isLast, fetched);
    }
    const isLimitedTooLong = missing.retryAfterMs !== null && deps.nowMs() - message.createdAtMs > limitedMaxMs;
    if (lane.failures + 1 < limits.triesMax && !isLimitedTooLong)
      return { kind: 'deferred', retryAfterMs: missing.retryAfterMs, detail: missing.detail };
    const key = entryKeys.incompletePart(entry.key, part.index);
    const told = await writeFollowing(deps, target, { ...following, key }, false, withMissing(fetched));
    return told.kind === 'ok' ? { kind: 'missing', files: fetched.missing } : told;
  } finally {
    release();
  }
}

/** How long a message may be old while Telegram asks again and again to wait for its files. Such a wait is no failure. */
const limitedMaxMs = 120_000;

const noConversation = { kind: 'gone', what: 'conversation', detail: 'the chat has no conversation' } as const;

/** Appends to the chat's conversation. It opens none: `gone` if there is none. */
function writeFollowing(
  deps: MirrorDeps,
  target: MirrorTarget,
  following: InboxEntry,
  isLast: boolean,
  fetched: FetchedFiles,
): Promise<InboxOutcome<AppendedEntry>> {
  const { store } = deps;
  const record = isLast ? store.mirror.recordMirrored : store.mirror.recordPartMirrored;
  const write = async (entry: InboxEntry): Promise<InboxOutcome<AppendedEntry>> => {
    const conversation = await store.conversations.read(target.message.key);
    const { conversationId, contact } = conversation;
    if (conversationId === null || contact === null) return noConversation;
    const appended = await appendOnce(deps, target, { ...conversation, contact }, entry);
    if (appended.kind === 'ok') await record(target.message, entry.key, appended.value, null);
    return appended;
  };
  return writePart({ write }, { entry: following, isLast }, fetched);
}

async function endPart(deps: MirrorDeps, target: MirrorTarget, end: InboxOutcome<AppendedEntry>): Promise<JobEnd> {
  if (end.kind !== 'gone') return endMirrorJob(deps, target, end);
  await deps.store.mirror.queue(target.message, 'inbox');
  return { kind: 'done' };
}
