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

const fetchLimitMs = 20_000;

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
  const files: FormFile[] = [];
  for (const { field, stored, media, name, media_type: declared } of given.uploads) {
    const limits = { maxBytes: uploadMaxBytes, limitMs: fetchLimitMs };
    const fetched = await given.fetchAttachment(storedAddress(stored), limits);
    if (fetched.kind === 'unavailable')
      return {
        kind: 'deferred',
        because: 'not-written',
        detail: `the file ${stored} could not be read: ${fetched.detail}`,
      };
    if (fetched.kind !== 'ok') {
      const detail = fetched.kind === 'refused' ? fetched.detail : 'it is larger than Telegram takes';
      return { kind: 'rejected', reason: 'refused', providerCode: null, detail: `the file ${stored}: ${detail}` };
    }
    const { content } = fetched;
    const mediaType = mediaTypeOf(content, declared);
    files.push({ field, name: fileNameOf({ name, media }, mediaType), mediaType, content });
  }
  return classifySend(await client.sendFiles(wire, files, { limitMs: given.limitMs - fetchLimitMs }));
}
