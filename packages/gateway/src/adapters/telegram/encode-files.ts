import type { SendMessage, SentMediaKind } from '@chatferry/contract';
import type { MessageEntity } from '@grammyjs/types';
import type { OutgoingFile } from '../../core/message/outgoing.ts';
import type { Wire } from '../../ports/channel.ts';
import type { WireUpload } from './wire-file.ts';

/** Telegram: each kind of file has a method, and a parameter of the same name as the kind. */
const methods = {
  photo: 'sendPhoto',
  video: 'sendVideo',
  animation: 'sendAnimation',
  audio: 'sendAudio',
  voice: 'sendVoice',
  document: 'sendDocument',
  sticker: 'sendSticker',
} as const satisfies Record<SentMediaKind, string>;

interface Caption {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

/** One file, or an album, whose first file has the caption: then the apps show it below all of them. */
export function encodeFiles(body: Pick<SendMessage, 'media'>, files: readonly OutgoingFile[], caption: Caption): Wire {
  const said = {
    ...(caption.text === '' ? {} : { caption: caption.text }),
    ...(caption.entities.length === 0 ? {} : { caption_entities: caption.entities }),
  };
  const [only, ...others] = files;
  if (only !== undefined && others.length === 0 && !Array.isArray(body.media)) return encodeFile(only, said);
  const uploads = files.flatMap((file, index) => uploadOf(file, fieldOf(index)));
  const media = files.map((file, index) => ({
    type: file.media,
    media: placeOf(file, index),
    ...(index === 0 ? said : {}),
  }));
  return { method: 'sendMediaGroup', media, ...(uploads.length === 0 ? {} : { uploads }) };
}

function encodeFile(file: OutgoingFile, said: Wire): Wire {
  const method = methods[file.media];
  return file.source.kind === 'channel'
    ? { method, [file.media]: file.source.fileId, ...said }
    : { method, ...said, uploads: uploadOf(file, file.media) };
}

export const fieldOf = (index: number): string => `file${index}`;

/** Telegram: an uploaded file of an album is named by the field of the form that has it. */
export const placeOf = ({ source }: OutgoingFile, index: number): string =>
  source.kind === 'channel' ? source.fileId : `attach://${fieldOf(index)}`;

export const uploadOf = ({ source, media, name, mediaType }: OutgoingFile, field: string): readonly WireUpload[] =>
  source.kind === 'channel' ? [] : [{ field, stored: source.storedId, media, name, media_type: mediaType }];
