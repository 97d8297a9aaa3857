import type { InboundContent, SharedFile } from '../message/content.ts';
import type { InboundEvent } from '../message/inbound.ts';
import { plainText } from './entry.ts';
import { htmlOf } from './entry-html.ts';
import { filesOf } from './files.ts';
import { bodyOfInbound } from './inbound-body.ts';

type Location = Extract<InboundContent, { kind: 'location' }>;

/** The team sees the position of a live location at most once in this time. */
const positionEveryMs = 5 * 60_000;
/** A smaller move is only the inaccuracy of the device. In metres. */
const moveMin = 50;

/**
 * What an edited message says that its last version did not, as the team saw it. Null if the team would not see the
 * difference: Telegram reports an edit even when only a link's preview, a button or a reaction changed.
 */
export function visibleChange(edited: InboundEvent, shown: InboundEvent | null): InboundEvent | null {
  const { content } = edited;
  if (content.kind === 'location') return positionChange(edited, content, shown);
  if (shown === null) return edited;
  if (content.kind === 'file') {
    const { kind: _, ...file } = content;
    return fileChange(edited, file, shown);
  }
  return looksSame(content, shown.content) && hasSameFiles(content, shown.content) ? null : edited;
}

/** Whether both are the same to the team, in the inbox with HTML and in the one without. */
function looksSame(left: InboundContent, right: InboundContent): boolean {
  const [leftLook, rightLook] = [left, right].map(lookOf);
  return leftLook === rightLook;
}

/** The content alone: who said it and what it answers does not change. */
function lookOf(content: InboundContent): string {
  const chat = { chatId: '', kind: 'private', title: '', username: null, topicId: null } as const;
  const author = { userId: '', name: '', username: null, languageCode: null };
  const event = { chat, author, channelMessageId: null, happenedAtMs: null, editedAtMs: null, content, answers: null };
  const body = bodyOfInbound(event, null);
  return JSON.stringify([plainText(body), htmlOf(body), body.extras]);
}

function hasSameFiles(left: InboundContent, right: InboundContent): boolean {
  const [files, others] = [filesOf(left), filesOf(right)];
  return (
    files.length === others.length &&
    files.every((file, index) => {
      const other = others[index];
      return other !== undefined && isSameFile(file, other);
    })
  );
}

/** The files are not shown again. Only the words of the new caption are. */
function fileChange(edited: InboundEvent, file: SharedFile, shown: InboundEvent): InboundEvent | null {
  const before = shownFiles(shown.content).find((candidate) => isSameFile(candidate, file));
  if (before !== undefined) {
    // In its album it may have a name that the team knows.
    const content: InboundContent = { kind: 'caption', file: { ...file, name: before.name } };
    return looksSame({ kind: 'caption', file: before }, content) ? null : { ...edited, content };
  }
  // Versions of the gateway before this one stored a changed caption as a text, or as a remark if it was gone, without
  // the file.
  const { content } = shown;
  if (content.kind !== 'text' && content.kind !== 'described') return edited;
  return content.text === (file.caption ?? '') ? null : { ...edited, content: { kind: 'caption', file } };
}

const shownFiles = (content: InboundContent): readonly SharedFile[] =>
  content.kind === 'caption' ? [content.file] : filesOf(content);
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
