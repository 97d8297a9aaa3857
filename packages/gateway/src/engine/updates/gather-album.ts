import { filesOf } from '../../core/inbox/files.ts';
import type { DecodedUpdate, InboundEvent } from '../../core/message/inbound.ts';
import type { Bot } from '../../ports/channel.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';

/** Telegram delivers the messages of an album one right after the other. One that is later becomes an entry of its own. */
const albumWaitMs = 1_000;
/** Telegram: an album has at most ten files. Other updates of the chat may lie between them. */
const lookBehindMax = 20;

/** A message of the album that is applied together with its first one. */
export interface AlbumMember {
  readonly receivedOn: string;
  readonly updateId: number;
  readonly channelMessageId: string;
}

export interface GatherAlbumDeps {
  readonly store: StoreSlice<{ readonly updates: 'listBehind' }>;
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
  { event, albumId, bot }: { readonly event: InboundEvent; readonly albumId: string; readonly bot: Bot },
): Promise<{ readonly event: InboundEvent; readonly members: readonly AlbumMember[] }> {
  await clock.sleep(albumWaitMs);
  const waiting = await store.updates.listBehind(lane.key, job.seq, lookBehindMax);
  const others = waiting.flatMap((update) => {
    const decoded: DecodedUpdate = kind.decode(update.body, bot);
    return decoded.kind === 'event' && decoded.albumId === albumId ? [{ update, event: decoded.event }] : [];
  });
  if (others.length === 0) return { event, members: [] };
  const events = [event, ...others.map((other) => other.event)].sort(byMessageId);
  const files = events.flatMap(({ content }) => filesOf(content));
  const members = others.flatMap(({ update, event: { channelMessageId } }) =>
    channelMessageId === null ? [] : [{ receivedOn: update.receivedOn, updateId: update.updateId, channelMessageId }],
  );
  const channelMessageIds = events.flatMap(({ channelMessageId }) => channelMessageId ?? []);
  const concerned = new Set(events.flatMap(({ concerns }) => concerns ?? []));
  const concerns = concerned.size === 0 ? {} : { concerns: [...concerned] };
  return { event: { ...event, content: { kind: 'album', files, channelMessageIds }, ...concerns }, members };
}

const byMessageId = (a: InboundEvent, b: InboundEvent): number =>
  Number(a.channelMessageId ?? 0) - Number(b.channelMessageId ?? 0);
