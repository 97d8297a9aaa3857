import { type MessageTrace, matchTrace } from '../../core/delivery/evidence.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { StoredUnknown } from '../../store/resolutions.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { JobEnd, JobHandler } from '../lanes/job.ts';

export type EvidenceStore = StoreSlice<{ readonly resolutions: 'listUnknown' | 'resolveByEvidence' }>;

/**
 * Looks whether an update proves that a message which is unknown was sent: the customer tapped a button of it or quotes it.
 * It becomes `sent` then, and is written into the inbox before what the customer did with it. Resolves with the end of that
 * where the update must wait for it; else null.
 */
export function createFindEvidence(deps: {
  readonly store: EvidenceStore;
  readonly kind: Pick<ChannelKind, 'traceOf' | 'fingerprintOf'>;
  readonly mirror: JobHandler;
  readonly log: EngineLog;
}): (lane: ClaimedLane, job: Job, record: ChannelRecord, raw: Buffer) => Promise<JobEnd | null> {
  const { store, kind, mirror, log } = deps;

  async function find(channelId: string, trace: MessageTrace): Promise<StoredUnknown | null> {
    const unknown = await store.resolutions.listUnknown(channelId, trace.chatId);
    const found = matchTrace(
      trace,
      unknown.map((message) => ({ ...message, fingerprint: kind.fingerprintOf(message.wire) })),
    );
    return unknown.find(({ messageId }) => messageId === found?.messageId) ?? null;
  }

  return async (lane, job, record, raw) => {
    const trace = kind.traceOf(raw, record.bot);
    const message = trace && (await find(record.id, trace));
    if (!message) return null;
    const { channelMessageId } = trace;
    const note = `What the customer did carries it, as message ${channelMessageId} of the chat.`;
    const { messageId, createdOn } = message;
    if (!(await store.resolutions.resolveByEvidence(messageId, channelMessageId, note))) return null;
    log.info('message.resolved', { messageId, channelId: record.id, by: 'evidence' });
    // Its own job stands behind this one, and finds it done.
    const end = await mirror(lane, { seq: job.seq, kind: 'mirror', payload: { messageId, createdOn } });
    return end.kind === 'later' ? end : null;
  };
}
