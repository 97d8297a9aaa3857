import type { SendOutcome } from '../../core/delivery/outcome.ts';
import { fileNameOf } from '../../core/message/file-name.ts';
import { mediaTypeOf } from '../../core/message/media-type.ts';
import { type FetchAttachment, storedAddress } from '../../ports/attachment.ts';
import type { Wire } from '../../ports/channel.ts';
import type { FormFile } from '../http/multipart.ts';
import { classifySend } from './classify.ts';
import type { TelegramClient } from './client.ts';
import { uploadMaxBytes } from './upload-limits.ts';
import type { WireUpload } from './wire-file.ts';

export const fetchLimitMs = 20_000;

type ReadUploads =
  | { readonly kind: 'ok'; readonly files: readonly FormFile[] }
  /** `isPassing`: another try may help. */
  | { readonly kind: 'failed'; readonly isPassing: boolean; readonly detail: string };

/** Reads the files that a wire names from the store. */
export async function readUploads(
  uploads: readonly WireUpload[],
  fetchAttachment: FetchAttachment,
): Promise<ReadUploads> {
  const files: FormFile[] = [];
  for (const { field, stored, media, name, media_type: declared } of uploads) {
    const limits = { maxBytes: uploadMaxBytes, limitMs: fetchLimitMs };
    const fetched = await fetchAttachment(storedAddress(stored), limits);
    if (fetched.kind === 'unavailable')
      return { kind: 'failed', isPassing: true, detail: `the file ${stored} could not be read: ${fetched.detail}` };
    if (fetched.kind !== 'ok') {
      const detail = fetched.kind === 'refused' ? fetched.detail : 'it is larger than Telegram takes';
      return { kind: 'failed', isPassing: false, detail: `the file ${stored}: ${detail}` };
    }
    const { content } = fetched;
    const mediaType = mediaTypeOf(content, declared);
    files.push({ field, name: fileNameOf({ name, media }, mediaType), mediaType, content });
  }
  return { kind: 'ok', files };
}

/** Reads the files of a message of the API from the store, and uploads them. What fails before the upload is proof that nothing was sent. */
export async function sendUploads(
  client: TelegramClient,
  wire: Wire,
  given: {
    readonly uploads: readonly WireUpload[];
    readonly limitMs: number;
    readonly fetchAttachment: FetchAttachment;
  },
): Promise<SendOutcome> {
  const read = await readUploads(given.uploads, given.fetchAttachment);
  if (read.kind === 'ok')
    return classifySend(await client.sendFiles(wire, read.files, { limitMs: given.limitMs - fetchLimitMs }));
  const { detail } = read;
  return read.isPassing
    ? { kind: 'deferred', because: 'not-written', detail }
    : { kind: 'rejected', reason: 'refused', providerCode: null, detail };
}
