/** What Telegram refuses although each field is right: found before anything is sent, each with its own sentence. */
import { readText } from '../formatting/read-text.ts';
import { fitsMarkup, markupBytesMax } from '../interactive/fields.ts';
import { hasMeaning } from '../interactive/text.ts';
import { type Path, toPointer } from '../json/pointer.ts';
import type { CodedProblem } from '../json/problems.ts';
import type { SentMediaKind } from './contents.ts';
import { type TextFormat, textFormats } from './text-format.ts';

export type Fields = Readonly<Record<string, unknown>>;

const none: readonly CodedProblem[] = [];

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const problemAt = (path: Path, message: string): CodedProblem => ({
  code: 4,
  path,
  pointer: toPointer(path),
  message: `${path.map(String).join('.')} ${message}`,
});

const formatOf = ({ format }: Fields): TextFormat | null =>
  (format ?? null) === null ? 'plain' : (textFormats.find((one) => one === format) ?? null);

/** The problems of the text and its formatting. None where it is not a text, or not long enough to be one: the schema says that. */
export const findTextProblems = (body: Fields): readonly CodedProblem[] => {
  const { text, media } = body;
  const format = formatOf(body);
  if (typeof text !== 'string' || format === null || !hasMeaning(text)) return none;
  const read = readText(text, format, (media ?? null) === null ? 'text' : 'caption');
  return read.ok ? none : read.problems.map((problem) => problemAt(['text'], problem));
};

/** Telegram: https://core.telegram.org/bots/api#sendmediagroup. What may be in one album with what. */
const albumGroups: Readonly<Partial<Record<SentMediaKind, 'pictures' | 'audio' | 'documents'>>> = {
  photo: 'pictures',
  video: 'pictures',
  audio: 'audio',
  document: 'documents',
};

const groupOf = (kind: unknown) => (typeof kind === 'string' ? albumGroups[kind as SentMediaKind] : undefined);

const findAlbumProblems = (items: readonly unknown[]): readonly CodedProblem[] => {
  const kinds = items.map((item) => (isObject(item) ? item['kind'] : undefined));
  const first = kinds.map(groupOf).find((group) => group !== undefined);
  return kinds.flatMap((kind, index) => {
    const path = ['media', index, 'kind'];
    if (kind === 'animation' || kind === 'voice' || kind === 'sticker')
      return [problemAt(path, `must not be ${kind} in an album: Telegram takes it only as a message of its own.`)];
    const group = groupOf(kind);
    if (group === undefined || first === undefined || group === first) return none;
    const rule = 'photos and videos together, or only documents, or only audio files';
    return [problemAt(path, `is ${String(kind)} in an album of ${first}: Telegram takes ${rule}.`)];
  });
};

const markups = ['buttons', 'keyboard', 'remove_keyboard', 'force_reply'] as const;

/** The problems of files: of the mix of an album, and of what a kind of file does not take. */
export const findMediaProblems = (body: Fields): readonly CodedProblem[] => {
  const { media, text } = body;
  if (Array.isArray(media)) {
    const under = markups.filter((field) => (body[field] ?? null) !== null);
    const why = 'cannot be combined with an album: Telegram shows nothing below it. Send it with a message of its own.';
    return [...findAlbumProblems(media), ...under.map((field) => problemAt([field], why)), ...findNames(media)];
  }
  if (!isObject(media)) return none;
  const words =
    media['kind'] === 'sticker' && (text ?? null) !== null
      ? [problemAt(['text'], 'cannot be combined with a sticker, which has no caption.')]
      : none;
  return [...words, ...findNames([media], ['media'])];
};

const findNames = (items: readonly unknown[], path: Path = []): readonly CodedProblem[] =>
  items.flatMap((item, index) =>
    isObject(item) && (item['file_id'] ?? null) !== null && (item['file_name'] ?? null) !== null
      ? [
          problemAt(
            path.length > 0 ? [...path, 'file_name'] : ['media', index, 'file_name'],
            'must be left out with file_id: the file has its name already.',
          ),
        ]
      : none,
  );

/** The problems of fields that have no effect for this message, so that nothing is left out unnoticed. */
export const findUnusedFields = (body: Fields): readonly CodedProblem[] => {
  const { link_preview: preview, effect_id: effect, to, poll } = body;
  const isText = ['media', 'location', 'venue', 'contact', 'poll'].every((field) => (body[field] ?? null) === null);
  const isGroup = (typeof to === 'string' || typeof to === 'number') && Number(to) < 0;
  return [
    ...((preview ?? null) !== null && !isText
      ? [problemAt(['link_preview'], 'must be left out: only a text has a preview of its link.')]
      : none),
    ...((effect ?? null) !== null && isGroup
      ? [problemAt(['effect_id'], 'must be left out in a group: Telegram shows effects only in private chats.')]
      : none),
    ...(isObject(poll) ? findPollProblems(poll) : none),
  ];
};

const findPollProblems = (poll: Fields): readonly CodedProblem[] => {
  const { options, explanation, correct_option: correct } = poll;
  const alone =
    (explanation ?? null) !== null && (correct ?? null) === null
      ? [problemAt(['poll', 'explanation'], 'needs correct_option: only a quiz has an explanation.')]
      : none;
  if (!Array.isArray(options)) return alone;
  const seen = new Set<unknown>();
  const twice = options.flatMap((option, index) => {
    const isNew = typeof option !== 'string' || !seen.has(option);
    seen.add(option);
    return isNew ? none : [problemAt(['poll', 'options', index], 'must differ from the other options.')];
  });
  return [...alone, ...twice];
};

/** The problem of buttons or keys that are too large together: Telegram’s limit, with the data of each button as a token. */
export const findMarkupProblems = (body: Fields): readonly CodedProblem[] =>
  (['buttons', 'keyboard'] as const).flatMap((field) => {
    const markup = body[field];
    if (typeof markup !== 'object' || markup === null) return none;
    const counted = JSON.parse(JSON.stringify(markup, (name, value: unknown) => (name === 'data' ? undefined : value)));
    return fitsMarkup(counted)
      ? none
      : [problemAt([field], `must be at most ${markupBytesMax} bytes of JSON in total; shorten the labels.`)];
  });
