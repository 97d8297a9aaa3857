import { type MessageTrace, matchTrace } from '../../core/delivery/evidence.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { StoredUnknown } from '../../store/resolutions.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { JobEnd, JobHandler } from '../lanes/job.ts';

export interface EvidenceDeps {
  readonly store: StoreSlice<{ readonly resolutions: 'listUnknown' | 'resolveByEvidence' }>;
  readonly kind: Pick<ChannelKind, 'traceOf' | 'fingerprintOf'>;
  readonly mirror: JobHandler;
  readonly log: EngineLog;
}

/**
 * Checks whether an update proves that an unknown message was sent: the customer tapped a button of it or quotes it. The
 * message becomes `sent` then, and is written into the inbox before what the customer did with it. Resolves with the end of
 * that write if the update must wait for it, else with null.
 */
export async function resolveByEvidence(
  deps: EvidenceDeps,
  lane: ClaimedLane,
  job: Job,
  record: ChannelRecord,
  raw: Buffer,
): Promise<JobEnd | null> {
  const { store, kind, mirror, log } = deps;
  const trace = kind.traceOf(raw, record.bot);
  const message = trace && (await findUnknownMessage(deps, record.id, trace));
  if (!message) return null;
  const { channelMessageId } = trace;
  const note = `The customer tapped or quoted it: it is message ${channelMessageId} of the chat.`;
  const { messageId, createdOn } = message;
  if (!(await store.resolutions.resolveByEvidence(messageId, channelMessageId, note))) return null;
  log.info('message.resolved', { messageId, channelId: record.id, by: 'evidence' });
  // The message's own mirror job is behind this one. It will find the message mirrored.
  const end = await mirror(lane, { seq: job.seq, kind: 'mirror', payload: { messageId, createdOn } });
  return end.kind === 'later' ? end : null;
}

async function findUnknownMessage(
  { store, kind }: EvidenceDeps,
  channelId: string,
  trace: MessageTrace,
): Promise<StoredUnknown | null> {
  const unknown = await store.resolutions.listUnknown(channelId, trace.chatId);
  const found = matchTrace(
    trace,
    unknown.map((message) => ({ ...message, fingerprint: kind.fingerprintOf(message.wire) })),
  );
  return unknown.find(({ messageId }) => messageId === found?.messageId) ?? null;
}
