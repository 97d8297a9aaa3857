import type { InboundContent, MediaKind, SharedFile } from '../message/content.ts';
import { joinMarks, type MarkText, markText, providerWords, quoted } from '../message/mark-text.ts';
import type { EntryBlock, EntryBody } from './entry.ts';
import { mediaNames, sizeText } from './media-names.ts';
import { nameApart } from './name-apart.ts';

/** The files of a content, in the order in which the customer sent them. Each of several has a name of its own. */
export function filesOf(content: InboundContent): readonly SharedFile[] {
  switch (content.kind) {
    case 'file':
      return [content];
    case 'album':
      return nameApart(content.files, content.filesBefore);
    case 'composed':
      return nameApart(content.parts.flatMap((part) => (part.kind === 'file' ? [part.file] : [])));
    default:
      return [];
  }
}

/** “sent a photo”, “sent 3 photos, 1 video”. */
export function describeFiles(files: readonly SharedFile[]): MarkText {
  const [only, ...others] = files;
  if (only && others.length === 0) return markText`sent ${withArticle(only)}`;
  const counts = new Map<MediaKind, number>();
  for (const { media } of files) counts.set(media, (counts.get(media) ?? 0) + 1);
  const words = [...counts].map(([media, count]) => markText`${count} ${mediaNames[media][count === 1 ? 0 : 1]}`);
  return markText`sent ${joinMarks(words, ', ')}`;
}

/** “ “invoice.pdf”, 1.2 MB”. Empty if the file has no name. */
export function nameWithSize({ name, sizeBytes }: SharedFile): MarkText {
  if (name === null) return markText``;
  return sizeBytes === null ? markText` ${quoted(name)}` : markText` ${quoted(name)}, ${sizeText(sizeBytes)}`;
}

/** “the document “invoice.pdf””. */
export const fileText = ({ media, name }: SharedFile): MarkText =>
  name === null ? markText`the ${mediaNames[media][0]}` : markText`the ${mediaNames[media][0]} ${quoted(name)}`;

const withArticle = ({ media }: SharedFile): MarkText =>
  /^[aeiou]/.test(mediaNames[media][0]) ? markText`an ${mediaNames[media][0]}` : markText`a ${mediaNames[media][0]}`;

/** Why a file is not in the inbox. */
export type FileFailure =
  | { readonly kind: 'too-large'; readonly maxBytes: number }
  /** `from`: the product's name of the channel. */
  | { readonly kind: 'not-fetched'; readonly from: string; readonly detail: string }
  /** A file that a caller sent. */
  | { readonly kind: 'not-shown'; readonly detail: string }
  | { readonly kind: 'not-taken'; readonly detail: string };

/** What the agent reads in place of a file. */
export function failureMark(file: SharedFile, failure: FileFailure): EntryBlock {
  switch (failure.kind) {
    case 'too-large': {
      const size = file.sizeBytes === null ? markText`` : markText` (${sizeText(file.sizeBytes)})`;
      return mark(
        markText`${fileText(file)}${size} is too large to be fetched: the limit is ${sizeText(failure.maxBytes)}; ask the customer to send it another way`,
      );
    }
    case 'not-fetched':
      return mark(
        markText`${fileText(file)} could not be fetched from ${providerWords(failure.from)}: ${providerWords(failure.detail)}`,
      );
    case 'not-shown':
      return mark(markText`${fileText(file)} cannot be shown here: ${providerWords(failure.detail)}`);
    case 'not-taken':
      return mark(markText`the inbox did not take ${fileText(file)}: ${providerWords(failure.detail)}`);
  }
}

/** The body of an entry with further files. The words are in the entry before it. */
export const continuationBody = (files: readonly SharedFile[]): EntryBody => ({
  blocks: [mark(files.length === 1 ? joinMarks(files.map(fileText), ', ') : markText`${files.length} files`)],
  extras: [],
});

/** Behind the words of a message whose files are not there yet. */
export const followMark = (files: readonly SharedFile[]): EntryBlock =>
  mark(
    files.length === 1
      ? markText`${joinMarks(files.map(fileText), ', ')} follows`
      : markText`${files.length} files follow`,
  );

/**
 * The body of an entry with files that follow their words later. It says when the customer sent them. No two messages have the
 * same body, so that an entry of one is never taken for an entry of the other.
 */
export function followingBody(
  files: readonly SharedFile[],
  { messageId, sentAtMs }: { readonly messageId: number; readonly sentAtMs: number },
): EntryBody {
  const what = files.length === 1 ? joinMarks(files.map(fileText), ', ') : markText`${files.length} files`;
  return {
    blocks: [mark(markText`${what}, sent at ${timeOfDay(sentAtMs)} UTC, message ${messageId}`)],
    extras: [],
  };
}

/** “14:05:07”. */
const timeOfDay = (atMs: number): MarkText => providerWords(new Date(atMs).toISOString().slice(11, 19));

export const withBlocks = (body: EntryBody, blocks: readonly EntryBlock[]): EntryBody =>
  blocks.length === 0 ? body : { ...body, blocks: [...body.blocks, ...blocks] };

const mark = (text: MarkText): EntryBlock => ({ kind: 'mark', text });
