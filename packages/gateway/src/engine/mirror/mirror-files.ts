import type { EntryBody } from '../../core/inbox/entry.ts';
import { continuationBody, failureMark, followMark, withBlocks } from '../../core/inbox/files.ts';
import type { FileBudget } from '../../core/memory/file-budget.ts';
import type { SharedFile } from '../../core/message/content.ts';
import type { DownloadLimits } from '../../ports/attachment.ts';
import type { AppendedEntry, Inbox, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import type { EntryState } from '../../store/inbox-writes.ts';
import { type FetchedFiles, type FileSource, fetchFiles } from './fetch-files.ts';
import { entryKeys, partsOf } from './file-parts.ts';

export interface FileLimits {
  /** A larger file is not fetched, even if the Bot API server would deliver it. */
  readonly fileMaxBytes: number;
  /** The maximum for one entry, as far as sizes are declared. A larger file gets an entry of its own. */
  readonly entryMaxBytes: number;
  /** How long the words of a message wait for its files. */
  readonly soonMs: number;
  readonly downloadLimitMs: number;
  /** A download is given up if no byte comes for this long. */
  readonly idleLimitMs: number;
  /** After this many failures in a row the agent is told that a file is missing. With the waits, about a minute. */
  readonly triesMax: number;
}

export const fileLimits: FileLimits = {
  fileMaxBytes: 50 * 1024 * 1024,
  entryMaxBytes: 20 * 1024 * 1024,
  soonMs: 1_000,
  downloadLimitMs: 120_000,
  idleLimitMs: 10_000,
  triesMax: 5,
};

/** Files of all bots, and of one bot, that are in memory at once. */
export const fileBudgetLimits = { totalBytes: 256 * 1024 * 1024, ownerBytes: 96 * 1024 * 1024, ownerMax: 64 };

export interface MirrorFilesDeps {
  readonly fileLimits: FileLimits;
  readonly fileBudget: FileBudget;
}

/** One message whose files go into the inbox. */
export interface FilesToMirror extends FileSource {
  /** Whose share of the memory the files take. */
  readonly channelId: string;
  readonly inbox: Pick<Inbox, 'opensWithFiles'>;
  /** The message without its files. */
  readonly entry: InboxEntry;
  readonly files: readonly SharedFile[];
  /** The lane's failures in a row. */
  readonly failures: number;
  conversation(): Promise<{ readonly isOpen: boolean; readonly generation: number }>;
  /** The lane of the files found the conversation gone. */
  readonly isConversationGone: boolean;
  /** Whether an earlier try wrote this entry of the message, or may have written it. */
  stateOf(key: string): Promise<EntryState>;
  /** Appends an entry and records it. With the last one the message is done. */
  write(entry: InboxEntry, isLast: boolean): Promise<InboxOutcome<AppendedEntry>>;
  /** Leaves the files to a lane of their own, which delays no other message. */
  queueFiles(): Promise<InboxOutcome<unknown>>;
}

/** One entry of the message. */
interface Part {
  readonly files: readonly SharedFile[];
  readonly entry: InboxEntry;
  readonly isLast: boolean;
}

/**
 * Writes a message with files as one entry, or as several if one would be too large. Files that are not there within a second
 * follow later, in a lane of their own. The words do not wait for them. If the inbox cannot open a conversation with a
 * file, an entry with the words opens it. A file that can never be fetched, or that the inbox refuses, becomes a line of text.
 */
export async function mirrorFiles(deps: MirrorFilesDeps, message: FilesToMirror): Promise<InboxOutcome<unknown>> {
  const opened = await openConversation(message);
  if (opened.kind !== 'ok') return opened;
  const parts = partsOf(message.files, deps.fileLimits.entryMaxBytes);
  for (const [index, files] of parts.entries()) {
    const key = entryKeys.part(message.entry.key, index);
    const isLast = index === parts.length - 1;
    const state = await message.stateOf(key);
    if (state === 'written' && !isLast) continue;
    const hasWords = index === 0 && !opened.value.areWordsWritten;
    const body = hasWords ? message.entry.body : continuationBody(files);
    const part: Part = { files, entry: { ...message.entry, key, body }, isLast };
    // Only the same entry finds what an earlier try may have written. So it must wait for its files.
    const written = state === 'open' ? await writeInPlace(deps, message, part) : await writeSoon(deps, message, part);
    if (written === 'not-soon') return leaveToLaneOfFiles(message, files, hasWords);
    if (written.kind !== 'ok') return written;
  }
  return { kind: 'ok', value: null };
}

type Opened = InboxOutcome<{ readonly areWordsWritten: boolean }>;

/**
 * Opens the conversation with the words, where it must be opened and the inbox cannot do that with a file. The words are written
 * again if the conversation that has them is gone: writing them finds that out, and opens another one.
 */
async function openConversation(message: FilesToMirror): Promise<Opened> {
  const { inbox, entry, conversation, stateOf, write, isConversationGone } = message;
  const wordsKey = entryKeys.words(entry.key);
  const areWordsWritten = (await stateOf(wordsKey)) === 'written';
  const { isOpen, generation } = await conversation();
  const mustWrite = !isOpen || (isConversationGone && areWordsWritten);
  if (!mustWrite || (inbox.opensWithFiles && !areWordsWritten)) return { kind: 'ok', value: { areWordsWritten } };
  const key = areWordsWritten ? entryKeys.wordsAgain(entry.key, generation) : wordsKey;
  const opened = await write({ ...entry, key }, false);
  return opened.kind === 'ok' ? { kind: 'ok', value: { areWordsWritten: true } } : opened;
}

/** Writes the part if all its files are there within a second. */
async function writeSoon(
  { fileLimits: limits, fileBudget }: MirrorFilesDeps,
  message: FilesToMirror,
  part: Part,
): Promise<InboxOutcome<AppendedEntry> | 'not-soon'> {
  const release = fileBudget.tryTake(message.channelId, bytesOf(part.files, limits));
  if (release === null) return 'not-soon';
  try {
    const fetched = await fetchFiles(message, part.files, { maxBytes: limits.fileMaxBytes, limitMs: limits.soonMs });
    return fetched.missing.length > 0 ? 'not-soon' : await writePart(message, part, fetched);
  } finally {
    release();
  }
}

/** Writes the part when its files are there. After too many failures they are replaced by lines of text. */
async function writeInPlace(
  { fileLimits: limits, fileBudget }: MirrorFilesDeps,
  message: FilesToMirror,
  part: Part,
): Promise<InboxOutcome<AppendedEntry>> {
  const release = await fileBudget.take(message.channelId, bytesOf(part.files, limits));
  try {
    const fetched = await fetchFiles(message, part.files, patientLimits(limits));
    const [missing] = fetched.missing;
    if (missing !== undefined && message.failures < limits.triesMax)
      return { kind: 'deferred', retryAfterMs: missing.retryAfterMs, detail: missing.detail };
    return await writePart(message, part, withMissing(fetched));
  } finally {
    release();
  }
}

async function leaveToLaneOfFiles(
  message: FilesToMirror,
  files: readonly SharedFile[],
  areWordsMissing: boolean,
): Promise<InboxOutcome<unknown>> {
  const { entry } = message;
  if (areWordsMissing) {
    const body = withBlocks(entry.body, [followMark(files)]);
    const written = await message.write({ ...entry, key: entryKeys.words(entry.key), body }, false);
    if (written.kind !== 'ok') return written;
  }
  return message.queueFiles();
}

/** Appends an entry with the files that are there. If the inbox does not take them, the entry says so in their place. */
export async function writePart(
  { write }: Pick<FilesToMirror, 'write'>,
  { entry, isLast }: Omit<Part, 'files'>,
  { attachments, fetched, marks }: FetchedFiles,
): Promise<InboxOutcome<AppendedEntry>> {
  const complete = { ...entry, body: withBlocks(entry.body, marks), attachments };
  const written = await write(complete, isLast);
  if (written.kind !== 'rejected' || attachments.length === 0) return written;
  const refusals = fetched.map((file) => failureMark(file, { kind: 'not-taken', detail: written.detail }));
  const body: EntryBody = withBlocks(entry.body, [...marks, ...refusals]);
  return write({ ...entry, body }, isLast);
}

/** The same files. Those that are missing count as never to be fetched. */
export const withMissing = (fetched: FetchedFiles): FetchedFiles => ({
  ...fetched,
  marks: [...fetched.marks, ...fetched.missing.map(({ mark }) => mark)],
  missing: [],
});

/** A download that hangs is given up soon. One that is slow has more time. */
export const patientLimits = ({ fileMaxBytes, downloadLimitMs, idleLimitMs }: FileLimits): DownloadLimits => ({
  maxBytes: fileMaxBytes,
  limitMs: downloadLimitMs,
  idleLimitMs,
});

/** The memory that the files need. A file without a declared size may be as large as the limit. */
export const bytesOf = (files: readonly SharedFile[], { fileMaxBytes }: Pick<FileLimits, 'fileMaxBytes'>): number =>
  files.reduce((bytes, { sizeBytes }) => bytes + (sizeBytes ?? fileMaxBytes), 0);
