import { channelName, type EditMessage, type FormattedText, type Problem, readText } from '@chatferry/contract';
import type { OutboundContent } from '../../core/message/content.ts';
import { ApiError } from '../api-error.ts';

/** A caption has at most this many characters. https://core.telegram.org/bots/api#inputmediaphoto */
const captionMax = 1024;

const names = { voice: 'voice message', sticker: 'sticker' } as const;

/**
 * What the channel would refuse of an edit, by what the message is now (https://core.telegram.org/bots/api#editmessagemedia and TDLib
 * MessagesManager.cpp, edit_message_media). Throws TYPE_MISMATCH with every problem.
 */
export function assertFits(body: EditMessage, content: OutboundContent): void {
  const details = [...wordsProblems(body, content), ...mediaProblems(body, content), ...previewProblems(body, content)];
  const [first] = details;
  if (first !== undefined) throw new ApiError('TYPE_MISMATCH', { message: first.message, details });
}

const problem = (pointer: string, rule: string): Problem => ({
  pointer,
  message: `${pointer.slice(1).replaceAll('/', '.')} ${rule}`,
});

const willHaveFile = ({ media }: EditMessage, { file, files = [] }: OutboundContent): boolean =>
  media !== undefined || file !== undefined || files.length > 0;

/** The new words. Null if they do not change. A text with problems does not get past `assertFits`. */
export function wordsOf(body: EditMessage, content: OutboundContent): FormattedText | null {
  const { text, format = 'plain' } = body;
  if (text === undefined) return null;
  const read = readText(text, format, willHaveFile(body, content) ? 'caption' : 'text');
  if (!read.ok) throw new Error('A text with problems got past the checks of an edit.');
  return read;
}

function wordsProblems(body: EditMessage, content: OutboundContent): readonly Problem[] {
  const { text, format = 'plain', media } = body;
  const { shared, files = [] } = content;
  if (text === undefined) {
    const isTooLong = media !== undefined && [...content.text].length > captionMax;
    return isTooLong
      ? [
          problem(
            '/text',
            `must be given with media: the words of this message are longer than a caption, which has at most ${captionMax} characters.`,
          ),
        ]
      : [];
  }
  if (shared !== undefined)
    return [problem('/text', `must be left out: a ${shared.kind} has no words. Edit its buttons.`)];
  if (files[0]?.media === 'sticker')
    return [problem('/text', 'must be left out: a sticker has no caption. Edit its buttons.')];
  const read = readText(text, format, willHaveFile(body, content) ? 'caption' : 'text');
  return read.ok ? [] : read.problems.map((rule) => problem('/text', rule));
}

function mediaProblems(body: EditMessage, content: OutboundContent): readonly Problem[] {
  const { media, media_position: position } = body;
  const { shared, files = [] } = content;
  if (media === undefined) return [];
  if (shared !== undefined)
    return [
      problem('/media', `must be left out: a ${shared.kind} cannot become a file. Send the file as a new message.`),
    ];
  const [only] = files;
  if (files.length <= 1) {
    const isFixed = only?.media === 'voice' || only?.media === 'sticker';
    const rule = `must be left out: ${channelName} does not replace a ${isFixed ? names[only.media as keyof typeof names] : ''}. Send the file as a new message.`;
    return [
      ...(isFixed ? [problem('/media', rule)] : []),
      ...(position === undefined ? [] : [problem('/media_position', 'must be left out: this message is no album.')]),
    ];
  }
  return [
    ...(position === undefined || position >= files.length
      ? [problem('/media_position', `must say which file of the album is replaced: from 0 to ${files.length - 1}.`)]
      : []),
    ...albumProblems(media.kind, only?.media),
  ];
}

const pictures: ReadonlySet<string | undefined> = new Set(['photo', 'video']);

function albumProblems(kind: string, before: string | undefined): readonly Problem[] {
  if (kind === before || (pictures.has(kind) && pictures.has(before))) return [];
  const rule = pictures.has(before) ? 'photo or video' : before;
  return [problem('/media/kind', `must be ${rule}: ${channelName} keeps the kind of an album, which this file is in.`)];
}

const previewProblems = (body: EditMessage, content: OutboundContent): readonly Problem[] =>
  body.link_preview !== undefined && willHaveFile(body, content)
    ? [problem('/link_preview', 'must be left out: only a text has a preview of its link.')]
    : [];
