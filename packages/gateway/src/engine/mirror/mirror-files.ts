import type { EntryBlock } from '../../core/inbox/entry.ts';
import { continuationBody, type FileFailure, failureMark, withBlocks } from '../../core/inbox/files.ts';
import type { SharedFile } from '../../core/message/content.ts';
import { fileNameOf } from '../../core/message/file-name.ts';
import { mediaTypeOf } from '../../core/message/media-type.ts';
import type { Channel } from '../../ports/channel.ts';
import {
  type AppendedEntry,
  type EntryFile,
  entryFilesMax,
  type Inbox,
  type InboxEntry,
  type InboxOutcome,
} from '../../ports/inbox.ts';
import type { Slots } from '../lanes/slots.ts';

export interface FileLimits {
  /** How many entries' files are in memory at once. */
  readonly entriesAtOnce: number;
  /** A larger file is not fetched, even if the Bot API server would deliver it. */
  readonly fileMaxBytes: number;
  /** The maximum for one entry, as far as sizes are declared. A larger file gets an entry of its own. */
  readonly entryMaxBytes: number;
  readonly downloadLimitMs: number;
  /** After this many failures in a row of the lane, a download that fails again is given up. */
  readonly triesMax: number;
}

export const fileLimits: FileLimits = {
  entriesAtOnce: 4,
  fileMaxBytes: 50 * 1024 * 1024,
  entryMaxBytes: 20 * 1024 * 1024,
  downloadLimitMs: 120_000,
  triesMax: 5,
};

export interface MirrorFilesDeps {
  readonly fileLimits: FileLimits;
  /** `fileLimits.entriesAtOnce` slots, shared by all messages. */
  readonly fileSlots: Slots;
}

/** One message whose files go into the inbox. */
export interface FilesToMirror {
  readonly channel: Channel;
  /** The product's name of the channel. */
  readonly channelName: string;
  readonly inbox: Inbox;
  /** The message without its files. */
  readonly entry: InboxEntry;
  readonly files: readonly SharedFile[];
  /** The lane's failures in a row. */
  readonly failures: number;
  hasConversation(): Promise<boolean>;
  /** Whether an earlier try wrote this entry of the message. */
  isWritten(key: string): Promise<boolean>;
  /** Called for a file that is too large to be fetched: the customer is to be told. It may be called again. */
  reportOversizedFile(maxBytes: number): Promise<void>;
  /** Appends an entry and records it. With the last one the message is done. */
  write(entry: InboxEntry, isLast: boolean): Promise<InboxOutcome<AppendedEntry>>;
}

type Fetched =
  | {
      readonly kind: 'fetched';
      readonly attachments: readonly EntryFile[];
      readonly fetched: readonly SharedFile[];
      /** One for each file that could not be fetched. */
      readonly marks: readonly EntryBlock[];
    }
  | Extract<InboxOutcome<never>, { kind: 'deferred' }>;

/**
 * Writes a message with files as one entry, or as several if one would be too large. If the inbox cannot open a conversation
 * with a file, an entry with the words opens it. Each entry has its own key, so that a repeated try continues where the last
 * one ended. A file that cannot be fetched, or that the inbox refuses, becomes a line of text.
 */
export async function mirrorFiles(
  deps: MirrorFilesDeps,
  message: FilesToMirror,
): Promise<InboxOutcome<AppendedEntry | null>> {
  const opened = await openWithWords(message);
  if (opened.kind !== 'ok') return opened;
  const parts = partsOf(message.files, deps.fileLimits.entryMaxBytes);
  for (const [index, files] of parts.entries()) {
    const key = index === 0 ? message.entry.key : `${message.entry.key}:${index + 1}`;
    const isLast = index === parts.length - 1;
    if (!isLast && (await message.isWritten(key))) continue;
    const body = index === 0 && !opened.value.areWordsWritten ? message.entry.body : continuationBody(files);
    const entry = { ...message.entry, key, body };
    const written = await deps.fileSlots.run(() => writePart(deps, message, files, entry, isLast));
    if (written.kind !== 'ok') return written;
  }
  return { kind: 'ok', value: null };
}

async function openWithWords(message: FilesToMirror): Promise<InboxOutcome<{ readonly areWordsWritten: boolean }>> {
  const { inbox, entry, isWritten, write } = message;
  if (inbox.opensWithFiles) return { kind: 'ok', value: { areWordsWritten: false } };
  const key = `${entry.key}:opening`;
  if (await message.hasConversation()) return { kind: 'ok', value: { areWordsWritten: await isWritten(key) } };
  const opened = await write({ ...entry, key }, false);
  return opened.kind === 'ok' ? { kind: 'ok', value: { areWordsWritten: true } } : opened;
}

async function writePart(
  deps: MirrorFilesDeps,
  message: FilesToMirror,
  files: readonly SharedFile[],
  entry: InboxEntry,
  isLast: boolean,
): Promise<InboxOutcome<AppendedEntry>> {
  const outcome = await fetchFiles(deps, message, files);
  if (outcome.kind !== 'fetched') return outcome;
  const { attachments, fetched, marks } = outcome;
  const complete = { ...entry, body: withBlocks(entry.body, marks), attachments };
  const written = await message.write(complete, isLast);
  if (written.kind !== 'rejected' || attachments.length === 0) return written;
  const refusals = fetched.map((file) => failureMark(file, { kind: 'not-taken', detail: written.detail }));
  return message.write({ ...entry, body: withBlocks(entry.body, [...marks, ...refusals]) }, isLast);
}

async function fetchFiles(
  { fileLimits: limits }: MirrorFilesDeps,
  message: FilesToMirror,
  files: readonly SharedFile[],
): Promise<Fetched> {
  const attachments: EntryFile[] = [];
  const fetched: SharedFile[] = [];
  const marks: EntryBlock[] = [];
  for (const file of files) {
    const addMark = (failure: FileFailure) => marks.push(failureMark(file, failure));
    const outcome = await message.channel.download(file.fileId, {
      maxBytes: limits.fileMaxBytes,
      limitMs: limits.downloadLimitMs,
    });
    if (outcome.kind === 'ok') {
      const { content } = outcome.value;
      const mediaType = mediaTypeOf(content, file.mediaType);
      attachments.push({ media: file.media, name: fileNameOf(file, mediaType), mediaType, content });
      fetched.push(file);
    } else if (outcome.kind === 'too-large') {
      addMark(outcome);
      await message.reportOversizedFile(outcome.maxBytes);
    } else if (outcome.kind === 'refused' || message.failures >= limits.triesMax) {
      addMark({ kind: 'not-fetched', from: message.channelName, detail: outcome.detail });
    } else return { kind: 'deferred', retryAfterMs: outcome.retryAfterMs, detail: outcome.detail };
  }
  return { kind: 'fetched', attachments, fetched, marks };
}

/** The files in order, each part with as many as fit into one entry. */
export function partsOf(files: readonly SharedFile[], maxBytes: number): readonly (readonly SharedFile[])[] {
  const parts: SharedFile[][] = [];
  let bytes = 0;
  for (const file of files) {
    const size = file.sizeBytes ?? 0;
    const last = parts.at(-1);
    if (last !== undefined && last.length < entryFilesMax && bytes + size <= maxBytes) {
      last.push(file);
      bytes += size;
    } else {
      parts.push([file]);
      bytes = size;
    }
  }
  return parts;
}
