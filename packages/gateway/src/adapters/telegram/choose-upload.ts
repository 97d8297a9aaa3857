import { fileNameOf } from '../../core/message/file-name.ts';
import { imageSizeOf } from '../../core/message/image-size.ts';
import { mediaTypeOf } from '../../core/message/media-type.ts';
import type { FormFile } from '../http/multipart.ts';

/** Telegram: each method takes its file in a field of its own. */
const fields = {
  sendPhoto: 'photo',
  sendAnimation: 'animation',
  sendVoice: 'voice',
  sendAudio: 'audio',
  sendVideo: 'video',
  sendDocument: 'document',
} as const;

export type UploadMethod = keyof typeof fields;

export interface Upload {
  readonly method: UploadMethod;
  readonly file: FormFile;
}

/** Telegram: a photo has at most 10 MB, both sides together at most 10,000 pixels, and one at most 20 times the other. */
const photoMaxBytes = 10 * 1024 * 1024;
const photoSidesMax = 10_000;
const photoRatioMax = 20;

/** How a file goes to Telegram, by what its bytes are; what Telegram would not show goes as a document. */
export function chooseUpload(
  content: Buffer,
  given: { readonly name: string | null; readonly mediaType: string | null; readonly asDocument?: boolean },
): Upload {
  const mediaType = mediaTypeOf(content, given.mediaType);
  const method = given.asDocument ? 'sendDocument' : methodFor(mediaType, content);
  const field = fields[method];
  const name = fileNameOf({ name: given.name, media: field }, mediaType);
  return { method, file: { field, name, mediaType, content } };
}

function methodFor(mediaType: string, content: Buffer): UploadMethod {
  switch (mediaType) {
    case 'image/jpeg':
    case 'image/png':
    case 'image/webp':
      return isPhoto(content) ? 'sendPhoto' : 'sendDocument';
    case 'image/gif':
      return 'sendAnimation';
    case 'audio/ogg':
      // Telegram: a voice message is Opus in Ogg.
      return content.subarray(0, 64).includes('OpusHead') ? 'sendVoice' : 'sendDocument';
    case 'audio/mpeg':
    case 'audio/mp4':
      return 'sendAudio';
    case 'video/mp4':
      return 'sendVideo';
    default:
      return 'sendDocument';
  }
}

function isPhoto(content: Buffer): boolean {
  const size = imageSizeOf(content);
  if (content.length > photoMaxBytes || size === null) return false;
  const { width, height } = size;
  return width + height <= photoSidesMax && Math.max(width, height) <= photoRatioMax * Math.min(width, height);
}
