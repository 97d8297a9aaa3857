import { filesOf } from '../../core/inbox/files.ts';
import type { DecodedUpdate, InboundEvent } from '../../core/message/inbound.ts';
import type { Bot } from '../../ports/channel.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';

/** Telegram: the messages of an album follow each other at once. Who comes later stands in an entry of its own. */
const albumWaitMs = 1_000;
/** Telegram: an album has ten files at most; others may have written in between. */
const lookBehindMax = 20;

/** A message of the album that is applied together with its first one. */
export interface AlbumMember {
  readonly receivedOn: string;
  readonly updateId: number;
  readonly channelMessageId: string;
}

export type GatherAlbum = (
  lane: ClaimedLane,
  job: Job,
  first: { readonly event: InboundEvent; readonly albumId: string; readonly bot: Bot },
) => Promise<{ readonly event: InboundEvent; readonly members: readonly AlbumMember[] }>;

/**
 * Telegram gives an album as one message a file and does not say when it is complete: waits a moment, with the lane
 * held, and takes those of its messages that stand behind the first one.
 */
export function createGatherAlbum(deps: {
  readonly store: StoreSlice<{ readonly updates: 'listBehind' }>;
  readonly kind: Pick<ChannelKind, 'decode'>;
  readonly clock: Clock;
}): GatherAlbum {
  const { store, kind, clock } = deps;

  return async (lane, job, { event, albumId, bot }) => {
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
    return { event: { ...event, content: { kind: 'album', files, channelMessageIds } }, members };
  };
}

const byMessageId = (a: InboundEvent, b: InboundEvent): number =>
  Number(a.channelMessageId ?? 0) - Number(b.channelMessageId ?? 0);
