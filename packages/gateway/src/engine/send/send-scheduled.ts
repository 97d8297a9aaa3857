import { z } from 'zod';
import type { Failure } from '../../core/delivery/failure.ts';
import type { FileBudget } from '../../core/memory/file-budget.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { ScheduledMessage } from '../../store/schedules.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory, OpenChannel } from '../directory/directory.ts';
import { type JobEnd, waitOf } from '../lanes/job.ts';
import { type Delivery, type DeliveryRequest, waitBeforeRetryMs } from './delivery.ts';
import { fetchStored, type StoredFiles } from './fetch-stored.ts';

export interface SendScheduledDeps {
  readonly store: StoredFiles & StoreSlice<{ readonly schedules: 'read' | 'fail' }>;
  readonly directory: Pick<Directory, 'channel' | 'workspace'>;
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
  readonly epoch: number;
  /** Bounds the files in memory. */
  readonly fileBudget: Pick<FileBudget, 'tryTake'>;
}

/** The wait before a message is tried again that was certainly not sent. */
const retryMs = 2_500;
/** The wait for room for its files. */
const busyMs = 250;
/** How long after its time a message is tried again. */
const lateMaxMs = 3_600_000;
const payloadSchema = z.object({ messageId: z.number(), createdOn: z.string() });

/**
 * Sends a scheduled message when it is due, at most once: it leaves the state `scheduled` in the statement that takes the chat's
 * lane, and is never sent from another state. While it is certain that nothing was sent, because Telegram cannot be reached, it is
 * `scheduled` again and tried for an hour after its time; then it is `failed` with the reason. A message that was erased or cancelled is not there any more.
 */
export async function sendScheduled(deps: SendScheduledDeps, _lane: ClaimedLane, job: Job): Promise<JobEnd> {
  const { store, deliver, epoch } = deps;
  const { messageId, createdOn } = payloadSchema.parse(job.payload);
  const message = await store.schedules.read(createdOn, messageId);
  // It may be scheduled again: if Telegram cannot be reached, or its process stopped between two tries.
  if (message?.state === 'sending' || message?.state === 'pending') return waitOf(retryMs, 'it is being sent');
  if (message?.state !== 'scheduled') return { kind: 'done' };
  if (message.dueInMs > 0) return waitOf(message.dueInMs, 'it is not due yet');
  const open = await findChannel(deps, message);
  if ('failure' in open) {
    await store.schedules.fail(message, open.failure);
    return { kind: 'done' };
  }
  const { workspaceId, channelId, chatId, content, senderId, keyId, requestId, wire } = message;
  const intent = {
    workspaceId,
    channelId,
    chatId,
    origin: 'api',
    requestId,
    keyId,
    senderId,
    content,
    wire,
    epoch,
    idempotency: null,
    replyRef: null,
    scheduled: { messageId, createdOn },
  } as const;
  const bytes = storedBytesOf(content);
  const release = bytes === 0 ? noFile : deps.fileBudget.tryTake(channelId, bytes);
  if (release === null) return waitOf(busyMs, 'too many files are on their way at the moment');
  const fetchAttachment = fetchStored(store, workspaceId);
  const mayPostpone = message.dueInMs > -lateMaxMs;
  try {
    return endOf(await deliver({ intent, channel: open.channel, fetchAttachment, deadlineMs: null, mayPostpone }));
  } finally {
    release();
  }
}

const noFile = (): void => undefined;

/** How many bytes of memory its files need while they are sent. */
const storedBytesOf = ({ files = [] }: ScheduledMessage['content']): number =>
  files.reduce((sum, { storedId, sizeBytes }) => sum + (storedId === null ? 0 : (sizeBytes ?? 0)), 0);

function endOf(delivery: Delivery): JobEnd {
  if (delivery.kind !== 'not-sent' || delivery.because === 'key-taken') return { kind: 'done' };
  if (delivery.because === 'postponed') return waitOf(null, delivery.detail);
  return waitOf(waitBeforeRetryMs(delivery, retryMs), delivery.detail);
}

/** The channel that sends it, or why it cannot be sent any more. */
async function findChannel(
  { directory }: SendScheduledDeps,
  { channelId, workspaceId }: ScheduledMessage,
): Promise<OpenChannel | { readonly failure: Failure }> {
  const open = await directory.channel(channelId);
  const workspace = await directory.workspace(workspaceId);
  if (!open || !workspace) return failed('its channel was deleted before it was due');
  if (workspace.record.state === 'disabled') return failed('its workspace was disabled when it was due');
  if (open.record.state !== 'active' || !open.record.interactiveEnabled)
    return failed('its channel could not send when it was due');
  return open;
}

const failed = (reason: string): { readonly failure: Failure } => ({ failure: { name: 'FEATURE_DISABLED', reason } });
