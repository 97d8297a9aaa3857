import type { InboundContent, MediaKind, SharedFile } from '../message/content.ts';
import type { EntryBlock, EntryBody } from './entry.ts';

/** The files of a content, in the order in which the customer sent them. */
export function filesOf(content: InboundContent): readonly SharedFile[] {
  if (content.kind === 'file') return [content];
  return content.kind === 'album' ? content.files : [];
}

const names: Readonly<Record<MediaKind, readonly [one: string, many: string]>> = {
  photo: ['photo', 'photos'],
  document: ['document', 'documents'],
  voice: ['voice message', 'voice messages'],
  audio: ['audio file', 'audio files'],
  video: ['video', 'videos'],
  'video-note': ['video note', 'video notes'],
  animation: ['animation', 'animations'],
  sticker: ['sticker', 'stickers'],
};

/** “sent a photo”, “sent 3 photos, 1 video”. */
export function describeFiles(files: readonly SharedFile[]): string {
  const [only, ...others] = files;
  if (only && others.length === 0) return `sent ${withArticle(only)}`;
  const counts = new Map<MediaKind, number>();
  for (const { media } of files) counts.set(media, (counts.get(media) ?? 0) + 1);
  const words = [...counts].map(([media, count]) => `${count} ${names[media][count === 1 ? 0 : 1]}`);
  return `sent ${words.join(', ')}`;
}

/** “ “invoice.pdf”, 1.2 MB”. Empty if the file has no name. */
export function nameWithSize({ name, sizeBytes }: SharedFile): string {
  if (name === null) return '';
  return sizeBytes === null ? ` “${name}”` : ` “${name}”, ${sizeText(sizeBytes)}`;
}

/** “the document “invoice.pdf””. */
const nameFile = ({ media, name }: SharedFile): string =>
  name === null ? `the ${names[media][0]}` : `the ${names[media][0]} “${name}”`;

const withArticle = ({ media }: SharedFile): string =>
  `${/^[aeiou]/.test(names[media][0]) ? 'an' : 'a'} ${names[media][0]}`;

const mebibyte = 1024 * 1024;

/** Counts like Telegram's apps: 1 MB is 1024 · 1024 bytes. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < mebibyte) return `${Math.round(bytes / 1024)} KB`;
  const megabytes = bytes / mebibyte;
  return `${megabytes < 10 ? megabytes.toFixed(1).replace(/\.0$/, '') : Math.round(megabytes)} MB`;
}

/** Why a file is not in the inbox. */
export type FileFailure =
  | { readonly kind: 'too-large'; readonly maxBytes: number }
  /** `from`: the product's name of the channel. */
  | { readonly kind: 'not-fetched'; readonly from: string; readonly detail: string }
  | { readonly kind: 'not-taken'; readonly detail: string };

/** What the agent reads in place of a file. */
export function failureMark(file: SharedFile, failure: FileFailure): EntryBlock {
  switch (failure.kind) {
    case 'too-large': {
      const size = file.sizeBytes === null ? '' : ` (${sizeText(file.sizeBytes)})`;
      return mark(
        `${nameFile(file)}${size} is too large to be fetched: the limit is ${sizeText(failure.maxBytes)}; ask the customer to send it another way`,
      );
    }
    case 'not-fetched':
      return mark(`${nameFile(file)} could not be fetched from ${failure.from}: ${failure.detail}`);
    case 'not-taken':
      return mark(`the inbox did not take ${nameFile(file)}: ${failure.detail}`);
  }
}

/** The body of an entry with further files. The words are in the entry before it. */
export const continuationBody = (files: readonly SharedFile[]): EntryBody => ({
  blocks: [mark(files.length === 1 ? files.map(nameFile).join('') : `${files.length} files`)],
  extras: [],
});

export const withBlocks = (body: EntryBody, blocks: readonly EntryBlock[]): EntryBody =>
  blocks.length === 0 ? body : { ...body, blocks: [...body.blocks, ...blocks] };

const mark = (text: string): EntryBlock => ({ kind: 'mark', text });
