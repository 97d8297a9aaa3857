import { filesOf } from '../../core/inbox/files.ts';
import type { FileBudget } from '../../core/memory/file-budget.ts';
import type { SharedFile } from '../../core/message/content.ts';
import { fileNameOf } from '../../core/message/file-name.ts';
import { mediaTypeOf } from '../../core/message/media-type.ts';
import type { Directory } from '../../engine/directory/directory.ts';
import type { DownloadLimits } from '../../ports/attachment.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { type FileLinkDeps, readFileLink } from './file-links.ts';

export interface OpenFileDeps extends Omit<FileLinkDeps, 'baseUrl'> {
  readonly store: StoreSlice<{ readonly messages: 'readAny' }>;
  readonly directory: Directory;
  readonly fileBudget: FileBudget;
  readonly limits: DownloadLimits;
}

/** A file of a message, complete. `release` must be called once it is no longer in memory. */
export interface OpenedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
  readonly release: () => void;
}

/** A file without a declared size takes this much room, in bytes. */
const unknownBytes = 20 * 1024 * 1024;

/**
 * Fetches a file that a customer sent, by an address that the gateway signed. Throws NOT_FOUND where the address is wrong or has
 * ended, and where the file is gone; UNAVAILABLE where another try may help.
 */
export async function openFile(deps: OpenFileDeps, link: string): Promise<OpenedFile> {
  const { channelId, file } = await findFile(deps, link);
  const open = await deps.directory.channel(channelId);
  if (!open) throw gone('the bot is not connected any more');
  const release = await deps.fileBudget.take(channelId, file.sizeBytes ?? unknownBytes);
  try {
    const outcome = await open.channel.download(file.fileId, deps.limits);
    if (outcome.kind === 'unavailable')
      throw new ApiError('UNAVAILABLE', {
        message: `The file could not be fetched now: ${outcome.detail}. Ask for it again after the seconds in the Retry-After header.`,
        retryAfterMs: outcome.retryAfterMs ?? 5_000,
      });
    if (outcome.kind === 'too-large') throw gone(`it is larger than ${outcome.maxBytes} bytes`);
    if (outcome.kind === 'refused') throw gone(outcome.detail);
    const { content } = outcome.value;
    const mediaType = mediaTypeOf(content, file.mediaType);
    return { name: fileNameOf(file, mediaType), mediaType, content, release };
  } catch (cause) {
    release();
    throw cause;
  }
}

async function findFile(
  deps: OpenFileDeps,
  link: string,
): Promise<{ readonly channelId: string; readonly file: SharedFile }> {
  const read = readFileLink(deps, link);
  if (read.kind === 'ended')
    throw new ApiError('NOT_FOUND', {
      message: 'This address of a file has ended. Read the message again: it has a new one.',
    });
  if (read.kind === 'forged')
    throw new ApiError('NOT_FOUND', { message: 'This is no address of a file. Use the `url` of a file of a message.' });
  const message = await deps.store.messages.readAny(read.messageId);
  const file = message && 'author' in message.content ? filesOf(message.content.content)[read.index] : undefined;
  if (!message || file === undefined) throw gone('the message is not stored any more');
  return { channelId: message.channelId, file };
}

const gone = (why: string): ApiError =>
  new ApiError('NOT_FOUND', { message: `The file cannot be fetched: ${why}. Ask the customer to send it again.` });
