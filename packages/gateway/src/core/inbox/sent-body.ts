import type { SentFile, SharedByUs } from '../message/content.ts';
import { joinMarks, type MarkText, markText, quoted } from '../message/mark-text.ts';
import { mediaNames, sizeText } from './media-names.ts';

/** A paragraph of an entry: some of the kinds of `EntryBlock`. */
type Paragraph =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: MarkText }
  | { readonly kind: 'link'; readonly label: string; readonly url: string };

/** What a message of the company shows beside words, as an agent reads it. */
export function sharedBlocks(shared: SharedByUs): readonly Paragraph[] {
  switch (shared.kind) {
    case 'location':
      return [placeLink(shared), mark(markText`sent a location`)];
    case 'venue':
      return [...lines(shared.title, shared.address), placeLink(shared), mark(markText`sent a place`)];
    case 'contact': {
      const { firstName, lastName, phone } = shared;
      return [...lines([firstName, lastName].filter(Boolean).join(' '), phone), mark(markText`sent a contact`)];
    }
    case 'poll': {
      const { question, options, correctOption } = shared;
      const shown = options.map((option, index) => `${index === correctOption ? '☑' : '☐'} ${option}`);
      return [
        ...lines(question, ...shown),
        mark(correctOption === null ? markText`sent a poll` : markText`sent a quiz`),
      ];
    }
  }
}

/** “sent a photo “receipt.png”, 1.2 MB”, “sent an album of 3 photos”. */
export function sentFilesMark(files: readonly SentFile[]): MarkText {
  const [only, ...others] = files;
  if (only !== undefined && others.length === 0) {
    const [one] = mediaNames[only.media];
    const article = /^[aeiou]/.test(one) ? markText`an` : markText`a`;
    return markText`sent ${article} ${one}${nameOf(only)}`;
  }
  return markText`sent an album: ${joinMarks(
    files.map((file) => markText`${mediaNames[file.media][0]}${nameOf(file)}`),
    ', ',
  )}`;
}

/** “the file is now: photo “b.png”, 3 KB”. */
export const replacedFileMark = (files: readonly SentFile[]): MarkText =>
  markText`the file is now: ${joinMarks(
    files.map((file) => markText`${mediaNames[file.media][0]}${nameOf(file)}`),
    ', ',
  )}`;

const nameOf = ({ name, sizeBytes }: SentFile): MarkText => {
  const size = sizeBytes === null ? markText`` : markText`, ${sizeText(sizeBytes)}`;
  return name === null ? size : markText` ${quoted(name)}${size}`;
};

const lines = (...texts: readonly string[]): readonly Paragraph[] => texts.map((text) => ({ kind: 'text', text }));

const mark = (text: MarkText): Paragraph => ({ kind: 'mark', text });

const placeLink = ({ latitude, longitude }: { readonly latitude: number; readonly longitude: number }): Paragraph => ({
  kind: 'link',
  label: `${latitude}, ${longitude}`,
  url: `https://maps.google.com/?q=${latitude},${longitude}`,
});
