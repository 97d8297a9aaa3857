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
import { createSlots } from '../lanes/slots.ts';

export interface FileLimits {
  /** How many entries' files are in memory at once. */
  readonly entriesAtOnce: number;
  /** A larger file is not fetched, also where the Bot API server would give it. */
  readonly fileMaxBytes: number;
  /** What one entry carries together, as far as the sizes are declared; a larger file goes alone. */
  readonly entryMaxBytes: number;
  readonly downloadLimitMs: number;
  /** At the lane's so many-th failure a download that fails once more is given up. */
  readonly triesMax: number;
}

export const fileLimits: FileLimits = {
  entriesAtOnce: 4,
  fileMaxBytes: 50 * 1024 * 1024,
  entryMaxBytes: 20 * 1024 * 1024,
  downloadLimitMs: 120_000,
  triesMax: 5,
};

/** One message whose files go into the inbox. */
export interface FilesToMirror {
  readonly channel: Channel;
  /** The product's name of the channel. */
  readonly channelName: string;
  readonly inbox: Inbox;
  /** The message without its files. */
  readonly entry: InboxEntry;
  readonly files: readonly SharedFile[];
  /** Of the lane, in a row. */
  readonly failures: number;
  hasConversation(): Promise<boolean>;
  /** Whether this entry of the message stands in the inbox since an earlier try. */
  isWritten(key: string): Promise<boolean>;
  /** A file is larger than what can be fetched: the customer is to be told. May be repeated. */
  tellTooLarge(maxBytes: number): Promise<void>;
  /** Appends an entry and records it; with the last one the message is done. */
  write(entry: InboxEntry, isLast: boolean): Promise<InboxOutcome<AppendedEntry>>;
}

type Fetched =
  | {
      readonly kind: 'fetched';
      readonly attachments: readonly EntryFile[];
      readonly fetched: readonly SharedFile[];
      /** Of the files that could not be had. */
      readonly marks: readonly EntryBlock[];
    }
  | Extract<InboxOutcome<never>, { kind: 'deferred' }>;

/**
 * Writes a message with files as one entry, or as several where one would be too large, or where the inbox opens no
 * conversation with a file: then the words open it. Each entry has a key of its own, so that a try that is repeated goes
 * on where the last one ended. A file that cannot be had, or that the inbox refuses, becomes a line.
 */
export function createFilesMirror(
  limits: FileLimits = fileLimits,
): (message: FilesToMirror) => Promise<InboxOutcome<AppendedEntry | null>> {
  const slots = createSlots(limits.entriesAtOnce);

  async function openWithWords(message: FilesToMirror): Promise<InboxOutcome<{ readonly saidAlready: boolean }>> {
    const { inbox, entry, isWritten, write } = message;
    if (inbox.opensWithFiles) return { kind: 'ok', value: { saidAlready: false } };
    const key = `${entry.key}:opening`;
    if (await message.hasConversation()) return { kind: 'ok', value: { saidAlready: await isWritten(key) } };
    const opened = await write({ ...entry, key }, false);
    return opened.kind === 'ok' ? { kind: 'ok', value: { saidAlready: true } } : opened;
  }

  async function fetch(message: FilesToMirror, files: readonly SharedFile[]): Promise<Fetched> {
    const attachments: EntryFile[] = [];
    const fetched: SharedFile[] = [];
    const marks: EntryBlock[] = [];
    for (const file of files) {
      const failed = (failure: FileFailure) => marks.push(failureMark(file, failure));
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
        failed(outcome);
        await message.tellTooLarge(outcome.maxBytes);
      } else if (outcome.kind === 'refused' || message.failures >= limits.triesMax) {
        failed({ kind: 'not-fetched', from: message.channelName, detail: outcome.detail });
      } else return { kind: 'deferred', retryAfterMs: outcome.retryAfterMs, detail: outcome.detail };
    }
    return { kind: 'fetched', attachments, fetched, marks };
  }

  async function writePart(
    message: FilesToMirror,
    files: readonly SharedFile[],
    entry: InboxEntry,
    isLast: boolean,
  ): Promise<InboxOutcome<AppendedEntry>> {
    const outcome = await fetch(message, files);
    if (outcome.kind !== 'fetched') return outcome;
    const { attachments, fetched, marks } = outcome;
    const complete = { ...entry, body: withBlocks(entry.body, marks), attachments };
    const written = await message.write(complete, isLast);
    if (written.kind !== 'rejected' || attachments.length === 0) return written;
    const refusals = fetched.map((file) => failureMark(file, { kind: 'not-taken', detail: written.detail }));
    return message.write({ ...entry, body: withBlocks(entry.body, [...marks, ...refusals]) }, isLast);
  }

  return async (message) => {
    const opened = await openWithWords(message);
    if (opened.kind !== 'ok') return opened;
    const parts = partsOf(message.files, limits.entryMaxBytes);
    for (const [index, files] of parts.entries()) {
      const key = index === 0 ? message.entry.key : `${message.entry.key}:${index + 1}`;
      const isLast = index === parts.length - 1;
      if (!isLast && (await message.isWritten(key))) continue;
      const body = index === 0 && !opened.value.saidAlready ? message.entry.body : continuationBody(files);
      const entry = { ...message.entry, key, body };
      const written = await slots.run(() => writePart(message, files, entry, isLast));
      if (written.kind !== 'ok') return written;
    }
    return { kind: 'ok', value: null };
  };
}

/** In their order, as many together as one entry carries. */
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
