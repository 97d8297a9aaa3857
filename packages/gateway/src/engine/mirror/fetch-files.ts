import type { EntryBlock } from '../../core/inbox/entry.ts';
import { type FileFailure, failureMark } from '../../core/inbox/files.ts';
import type { SharedFile } from '../../core/message/content.ts';
import { fileNameOf } from '../../core/message/file-name.ts';
import { mediaTypeOf } from '../../core/message/media-type.ts';
import type { DownloadLimits } from '../../ports/attachment.ts';
import type { Channel, DownloadOutcome } from '../../ports/channel.ts';
import type { EntryFile } from '../../ports/inbox.ts';

/** Where files come from. */
export interface FileSource {
  readonly channel: Pick<Channel, 'download'>;
  /** Why a file could not be fetched, as the agent is told. */
  failureOf(outcome: FailedDownload): FileFailure;
  /** Called for a file that is too large to be fetched: the customer is to be told. It may be called again. */
  reportOversizedFile(maxBytes: number): Promise<void>;
}

export type FailedDownload = Exclude<DownloadOutcome, { readonly kind: 'ok' }>;

/** What came of fetching several files. */
export interface FetchedFiles {
  readonly attachments: readonly EntryFile[];
  /** The files of the attachments. */
  readonly fetched: readonly SharedFile[];
  /** One for each file that can never be fetched. */
  readonly marks: readonly EntryBlock[];
  /** The files that may be fetched later, each with what the agent reads in its place. */
  readonly missing: readonly MissingFile[];
}

export interface MissingFile {
  readonly mark: EntryBlock;
  readonly detail: string;
  /** The wait that the provider asked for, in milliseconds. Null if it named none. */
  readonly retryAfterMs: number | null;
}

/** Fetches all files at once. One try for each. */
export async function fetchFiles(
  source: FileSource,
  files: readonly SharedFile[],
  limits: DownloadLimits,
): Promise<FetchedFiles> {
  const outcomes = await Promise.all(
    files.map(async (file) => ({ file, outcome: await source.channel.download(file.fileId, limits) })),
  );
  const attachments: EntryFile[] = [];
  const fetched: SharedFile[] = [];
  const marks: EntryBlock[] = [];
  const missing: MissingFile[] = [];
  for (const { file, outcome } of outcomes) {
    if (outcome.kind === 'ok') {
      attachments.push(attachmentOf(file, outcome.value.content));
      fetched.push(file);
      continue;
    }
    if (outcome.kind === 'too-large') await source.reportOversizedFile(outcome.maxBytes);
    const mark = failureMark(file, source.failureOf(outcome));
    if (outcome.kind === 'unavailable')
      missing.push({ mark, detail: outcome.detail, retryAfterMs: outcome.retryAfterMs });
    else marks.push(mark);
  }
  return { attachments, fetched, marks, missing };
}

function attachmentOf(file: SharedFile, content: Buffer): EntryFile {
  const mediaType = mediaTypeOf(content, file.mediaType);
  return { media: file.media, name: fileNameOf(file, mediaType), mediaType, content };
}
