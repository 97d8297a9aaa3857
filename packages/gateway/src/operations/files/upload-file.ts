import type { File, Input } from '@chatferry/contract';
import { fileNameOf } from '../../core/message/file-name.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import { type RequestContext, requireKey } from '../context.ts';
import { newId } from '../new-id.ts';
import { type FileStore, storeContent, TooLargeError } from './store-content.ts';

export interface UploadDeps {
  readonly store: FileStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** Stores a file while it arrives, for the channel or the workspace of the key. */
export async function uploadFile(
  { store, clock, random }: UploadDeps,
  context: RequestContext,
  { query, body }: Input<'uploadFile'>,
): Promise<File> {
  const { workspaceId, channelId } = requireKey(context);
  const name = query.file_name ?? body.name;
  const start = {
    id: newId('file', clock, random),
    workspaceId,
    channelId,
    name: name === null ? null : fileNameOf({ name, media: 'file' }, body.mediaType ?? 'application/octet-stream'),
    mediaType: body.mediaType,
  };
  const { file } = await storeContent(store, start, body.content).catch((cause: unknown) => {
    if (cause instanceof TooLargeError) throw new ApiError('PAYLOAD_TOO_LARGE', { message: tooLarge });
    throw cause;
  });
  if (file.sizeBytes === 0) {
    await store.files.discard(workspaceId, file.id);
    throw invalidValue('/file', 'file must not be empty.');
  }
  return {
    id: file.id,
    file_name: file.name,
    media_type: file.mediaType,
    size_bytes: file.sizeBytes,
    expires_at: file.expiresAt.toISOString(),
  };
}

const tooLarge = 'The file is larger than the 50 MB that a bot may send. Nothing of it was kept.';
