import type { File, Input } from '@chatferry/contract';
import { fileNameOf } from '../../core/message/file-name.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import { type RequestContext, requireKey } from '../context.ts';
import { newId } from '../new-id.ts';
import { type FileStore, NoRoomError, storeContent, TooLargeError } from './store-content.ts';

export interface UploadDeps {
  readonly store: FileStore;
  readonly clock: Clock;
  readonly random: Random;
  /** What the uploads of one workspace may have together, in MB. */
  readonly uploadsMegabytesMax: number;
}

/** Stores a file while it arrives, for the channel or the workspace of the key. */
export async function uploadFile(
  { store, clock, random, uploadsMegabytesMax }: UploadDeps,
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
  const room = { bytesMax: uploadsMegabytesMax * megabyte, declaredBytes: body.sizeBytes };
  const { file } = await storeContent(store, start, body.content, room).catch((cause: unknown) => {
    if (cause instanceof TooLargeError) throw new ApiError('PAYLOAD_TOO_LARGE', { message: tooLarge });
    if (cause instanceof NoRoomError)
      throw new ApiError('UPLOADS_FULL', { message: noRoom(cause, uploadsMegabytesMax), cause });
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

const megabyte = 1024 * 1024;

const noRoom = ({ taken: { firstExpiresAt } }: NoRoomError, megabytesMax: number): string =>
  `The files that this workspace has uploaded and that are kept would exceed ${megabytesMax} MB together with this one. Nothing of it was kept. ${
    firstExpiresAt === null ? '' : `The first of them is deleted at ${firstExpiresAt.toISOString()}. `
  }Use the id of a file that was uploaded before, give its address in media.url, or ask the operator for more room.`;

const tooLarge = 'The file is larger than the 50 MB that a bot may send. Nothing of it was kept.';
