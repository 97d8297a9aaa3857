import { filesOf } from '../../core/inbox/files.ts';
import type { DecodedUpdate, InboundEvent } from '../../core/message/inbound.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';

/**
 * Telegram delivers the messages of an album one right after the other. What is later becomes an entry of its own,
 * which says that it belongs to the album before.
 */
const albumWaitMs = 1_000;
/** Telegram: an album has at most ten files. Other updates of the chat may lie between them. */
const lookBehindMax = 20;

/** A message of the album that is applied together with its first one. */
export interface AlbumMember {
  readonly receivedOn: string;
  readonly updateId: number;
  readonly channelMessageId: string;
}

type AlbumChannel = Pick<ChannelRecord, 'id' | 'bot'>;

export interface GatherAlbumDeps {
  readonly store: StoreSlice<{ readonly updates: 'listBehind'; readonly messageHistory: 'readAlbum' }>;
  readonly kind: Pick<ChannelKind, 'decode'>;
  readonly clock: Clock;
}

/**
 * Merges the messages of an album into one event. Telegram delivers an album as one message per file and does not say when it
 * is complete. So this waits a moment, with the lane claimed, and takes the album's messages that are queued behind the first.
 */
export async function gatherAlbum(
  { store, kind, clock }: GatherAlbumDeps,
  lane: ClaimedLane,
  job: Job,
  { event, albumId, record }: { readonly event: InboundEvent; readonly albumId: string; readonly record: AlbumChannel },
): Promise<{ readonly event: InboundEvent; readonly members: readonly AlbumMember[] }> {
  await clock.sleep(albumWaitMs);
  const waiting = await store.updates.listBehind(lane.key, job.seq, lookBehindMax);
  const others = waiting.flatMap((update) => {
    const decoded: DecodedUpdate = kind.decode(update.body, record.bot);
    return decoded.kind === 'event' && decoded.albumId === albumId ? [{ update, event: decoded.event }] : [];
  });
  const earlier = await store.messageHistory.readAlbum(record.id, event.chat.chatId, albumId);
  if (others.length === 0 && earlier === null) return { event: { ...event, albumId }, members: [] };
  const events = [event, ...others.map((other) => other.event)].sort(byMessageId);
  const files = events.flatMap(({ content }) => filesOf(content));
  const members = others.flatMap(({ update, event: { channelMessageId } }) =>
    channelMessageId === null ? [] : [{ receivedOn: update.receivedOn, updateId: update.updateId, channelMessageId }],
  );
  const channelMessageIds = events.flatMap(({ channelMessageId }) => channelMessageId ?? []);
  const concerned = new Set(events.flatMap(({ concerns }) => concerns ?? []));
  const concerns = concerned.size === 0 ? {} : { concerns: [...concerned] };
  const before = earlier === null ? {} : { filesBefore: filesUpTo(earlier) };
  const content = { kind: 'album', files, channelMessageIds, ...before } as const;
  return { event: { ...event, albumId, content, ...concerns }, members };
}

/** How many files of its album an entry has, and the entries before it. */
function filesUpTo({ content }: InboundEvent): number {
  const before = content.kind === 'album' ? (content.filesBefore ?? 0) : 0;
  return before + filesOf(content).length;
}

const byMessageId = (a: InboundEvent, b: InboundEvent): number =>
  Number(a.channelMessageId ?? 0) - Number(b.channelMessageId ?? 0);
