import type { InboundContent, SharedFile } from '../message/content.ts';
import type { InboundEvent } from '../message/inbound.ts';
import { markText } from '../message/mark-text.ts';
import { filesOf } from './files.ts';

type Location = Extract<InboundContent, { kind: 'location' }>;

/** The team sees the position of a live location at most once in this time. */
const positionEveryMs = 5 * 60_000;
/** A smaller move is only the inaccuracy of the device. In metres. */
const moveMin = 50;

/**
 * What an edited message says that its last version did not, as the team saw it. Null if the team would not see the
 * difference: Telegram reports an edit even when only a link's preview or a button changed.
 */
export function visibleChange(edited: InboundEvent, shown: InboundEvent | null): InboundEvent | null {
  const { content } = edited;
  if (content.kind === 'location') return positionChange(edited, content, shown);
  if (shown === null) return edited;
  if (content.kind === 'file') return fileChange(edited, content, shown);
  return isSameContent(content, shown.content) ? null : edited;
}

function isSameContent(left: InboundContent, right: InboundContent): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** The files are not shown again. Only the words of the new caption are. */
function fileChange(edited: InboundEvent, file: SharedFile, shown: InboundEvent): InboundEvent | null {
  const before = filesOf(shown.content).find((candidate) => isSameFile(candidate, file));
  // If the caption was changed before, its last version is a text.
  const caption = before ? before.caption : shown.content.kind === 'text' ? shown.content.text : undefined;
  if (caption === undefined) return edited;
  if ((file.caption ?? '') === (caption ?? '')) return null;
  const content: InboundContent =
    file.caption === null
      ? { kind: 'described', text: '', mark: markText`removed the caption` }
      : { kind: 'text', text: file.caption, spans: file.captionSpans };
  return { ...edited, content };
}

/** Telegram: the unique id stays the same over time. The other id may change. */
const isSameFile = (left: SharedFile, right: SharedFile): boolean =>
  left.fileUniqueId === null || right.fileUniqueId === null
    ? left.fileId === right.fileId
    : left.fileUniqueId === right.fileUniqueId;

function positionChange(edited: InboundEvent, now: Location, shown: InboundEvent | null): InboundEvent | null {
  const before = shown?.content.kind === 'location' ? shown.content : null;
  if (before === null) return edited;
  if (before.live === undefined || before.live.phase === 'ended') {
    const { live: _, ...place } = now;
    const isThere = distance(before, now) === 0 && before.name === now.name && before.address === now.address;
    return isThere ? null : { ...edited, content: place };
  }
  if (now.live?.phase === 'ended') return edited;
  const sinceMs = timeOf(edited) - timeOf(shown);
  return sinceMs >= positionEveryMs && distance(before, now) >= moveMin ? edited : null;
}

const timeOf = (event: InboundEvent | null): number => event?.editedAtMs ?? event?.happenedAtMs ?? 0;

const earthRadius = 6_371_000;

/** In metres, exact enough within a city. */
function distance(from: Location, to: Location): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const north = radians(to.latitude - from.latitude);
  const east = radians(to.longitude - from.longitude) * Math.cos(radians((from.latitude + to.latitude) / 2));
  return earthRadius * Math.hypot(north, east);
}
