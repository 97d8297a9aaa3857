import type { OutboundContent, SentFile } from '../../core/message/content.ts';
import type { OutgoingEdit, OutgoingFile } from '../../core/message/outgoing.ts';
import type { Wire } from '../../ports/channel.ts';
import { chatIdOnWire } from './encode.ts';
import { encodeFiles, fieldOf, placeOf, uploadOf } from './encode-files.ts';
import { sentFile } from './encode-message.ts';
import { asList, asObject, asText } from './untrusted.ts';
import { uploadsOnWire } from './wire-file.ts';

export interface EncodedReplacement {
  readonly change: Wire;
  /** Whether the change also carries the words. */
  readonly hasWords: boolean;
  /** The message after it, as it would be sent. */
  readonly wire: Wire;
  readonly files: readonly SentFile[];
}

export const isAlbum = ({ files = [] }: OutboundContent): boolean => files.length > 1;

/**
 * The replacement of a file, with the words of the message: what is not given again is gone
 * (https://core.telegram.org/bots/api#editmessagemedia). Null if no file is replaced, or by itself.
 */
export function encodeReplacement(edit: OutgoingEdit, newWords: Wire, below: Wire): EncodedReplacement | null {
  const { content, replacement } = edit;
  if (replacement === null) return null;
  const { file, position } = replacement;
  const { files = [] } = content;
  if (isSameFile(files[position], file)) return null;
  const hasWords = position === 0;
  const said = hasWords ? (edit.words === null ? captionBefore(edit.wire) : newWords) : {};
  const uploads = uploadOf(file, fieldOf(position));
  const item = { type: file.media, media: placeOf(file, position), ...said };
  const change = {
    method: 'editMessageMedia',
    chat_id: chatIdOnWire(edit.chatId),
    message_id: Number(edit.channelMessageIds[position] ?? edit.channelMessageId),
    media: item,
    ...below,
    ...(uploads.length === 0 ? {} : { uploads }),
  };
  if (!isAlbum(content))
    return { change, hasWords, wire: { ...placeOnly(edit.wire), ...single(file, said) }, files: [sentFile(file)] };
  const field = fieldOf(position);
  const kept = uploadsOnWire(edit.wire).filter((upload) => upload.field !== field);
  const first = position === 0 ? {} : newWords;
  const media = asList(edit.wire['media']).map((one, index) =>
    index === position ? item : index === 0 ? { ...asObject<object>(one), ...first } : one,
  );
  return {
    change,
    hasWords,
    wire: { ...edit.wire, media, uploads: [...kept, ...uploads] },
    files: files.map((one, index) => (index === position ? sentFile(file) : one)),
  };
}

const single = (file: OutgoingFile, { caption, caption_entities: entities }: Wire): Wire =>
  encodeFiles({ media: undefined }, [file], {
    text: asText(caption) ?? '',
    entities: asList(entities) as Parameters<typeof encodeFiles>[2]['entities'],
  });

function isSameFile(before: SentFile | undefined, { media, name, source, digest }: OutgoingFile): boolean {
  if (before === undefined || before.media !== media) return false;
  if (source.kind === 'channel') return before.channelFileId === source.fileId;
  if (before.name !== name) return false;
  return before.storedId === source.storedId || (digest !== undefined && before.digest === digest);
}

/** The words of the message as they were sent: a caption, that of the first file of an album, or a text that becomes one. */
function captionBefore(wire: Wire): Wire {
  const from = asList(wire['media']).length > 0 ? (asObject<Wire>(asList(wire['media'])[0]) ?? {}) : wire;
  const text = asText(from['caption']) ?? asText(from['text']) ?? '';
  const entities = asList(from['caption_entities'] ?? from['entities']);
  return {
    ...(text === '' ? {} : { caption: text }),
    ...(entities.length === 0 ? {} : { caption_entities: entities }),
  };
}

/** What a message showed before, by the names of the parameters. */
const contentNames: ReadonlySet<string> = new Set([
  'method',
  'text',
  'entities',
  'link_preview_options',
  'caption',
  'caption_entities',
  'file',
  'uploads',
  'photo',
  'video',
  'animation',
  'audio',
  'document',
]);

const placeOnly = (wire: Wire): Wire =>
  Object.fromEntries(Object.entries(wire).filter(([name]) => !contentNames.has(name)));
