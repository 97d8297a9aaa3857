import { TelegramInteractiveMessage } from '@chatferry/contract';
import { listFor } from './inputs.ts';
import type { Reader } from './reader.ts';

const nestedText = (text: string) => ({ text, list: listFor(text, (piece) => piece), [text]: text });

/** A body with the text in all of its fields. Beside it one with many wrong buttons, and one with many unknown fields. */
const sendBodies = (whole: string): readonly (readonly unknown[])[] => {
  // A request has at most 64 KiB, and each of these bodies has the text several times.
  const text = whole.slice(0, whole.length / 4);
  const bodyOf = (message: unknown) => ({
    destination_user_id: text,
    teammate_id: text,
    telegram_interactive_message: message,
  });
  const buttons = (rows: readonly unknown[]) => ({
    type: 'reply_buttons',
    text,
    reply_markup: { inline_keyboard: rows },
  });
  const unknown = Object.fromEntries(listFor(text, (piece, at) => [`${at}${piece}`, piece]));
  return [
    [bodyOf(buttons([[{ text, url: text }]])), { strict: true }],
    [bodyOf(buttons([[{ text, login_url: { url: text } }]])), { strict: true }],
    [bodyOf(buttons(listFor(text, (piece) => [{ text: piece, url: piece, callback_data: piece }]))), { strict: true }],
    [
      bodyOf({ type: 'reply_keyboard', text, reply_markup: { keyboard: listFor(text, (piece) => [piece]) } }),
      { strict: true },
    ],
    [bodyOf(text), { strict: true }],
    [{ ...unknown, ...bodyOf({ type: text, ...unknown }) }, { strict: false }],
  ];
};

const issues = (text: string) =>
  TelegramInteractiveMessage.safeParse({
    type: 'reply_buttons',
    text,
    reply_markup: { inline_keyboard: [[{ text, [text]: text }]] },
  }).error?.issues ?? [];

/** A message with the text in all of its fields, in each format, and one with many buttons. */
const messageBodies = (whole: string): readonly Readonly<Record<string, unknown>>[] => {
  // A request has at most 64 KiB, and each of these bodies has the text several times.
  const text = whole.slice(0, whole.length / 4);
  const media = listFor(text, (piece) => ({ kind: 'photo', url: piece, file_id: piece, file_name: piece }));
  return [
    { to: text, text, format: 'html', poll: { question: text, options: listFor(text, (piece) => piece) } },
    { to: '1', text, format: 'markdown', media, [text]: text },
    { to: '1', text, buttons: listFor(text, (piece) => [{ text: piece, data: { [piece]: piece }, url: piece }]) },
    { to: '1', text, keyboard: { keys: listFor(text, (piece) => [piece]) }, link_preview: { url: text } },
  ];
};
const ofMessageBodies: Reader = (text) => messageBodies(text).map((body) => [body]);

/** How each function of the contract that reads foreign text is called. */
export const contractReaders: Readonly<Record<string, Reader>> = {
  'contract/src/api-key.ts#parseApiKey': (text) => [[text], [`cf_live_${text}`]],
  'contract/src/crc32.ts#crc32': (text) => [[text]],
  'contract/src/fingerprint.ts#fingerprintSource': (text) => [['route', nestedText(text)]],
  'contract/src/formatting/formatted-text.ts#placeOf': (text) => [[text, text.length]],
  'contract/src/formatting/formatted-text.ts#shortly': (text) => [[text]],
  'contract/src/formatting/read-html.ts#readHtml': (text) => [[text], [`<b>${text}</b>`], [`<a href="${text}">`]],
  'contract/src/formatting/read-markdown.ts#readMarkdown': (text) => [[text], [`*${text}*`], [`> ${text}`]],
  'contract/src/formatting/read-text.ts#readText': (text) => [
    [text, 'html', 'text'],
    [text, 'markdown', 'caption'],
  ],
  'contract/src/headers.ts#parseIdempotencyKey': (text) => [[text]],
  'contract/src/operations/events.ts#readEventTypes': (text) => [
    [text],
    [listFor(text, () => 'message.sent').join(',')],
  ],
  'contract/src/headers.ts#parsePrefer': (text) => [[text], [[text, text]]],
  'contract/src/ids.ts#isId': (text) => [
    ['channel', text],
    ['channel', `chn_${text}`],
  ],
  'contract/src/interactive/button-url.ts#httpsProblem': (text) => [[text], [`https://${text}`]],
  'contract/src/interactive/button-url.ts#urlProblem': (text) => [[text], [`https://${text}`], [`tg://${text}`]],
  'contract/src/interactive/cut-keyboard.ts#cutKeyboard': (text) => [
    [{ reply_markup: { inline_keyboard: listFor(text, (piece) => [piece]) } }],
  ],
  'contract/src/interactive/cut-keyboard.ts#cutRows': (text) => [[listFor(text, (piece) => [piece])]],
  'contract/src/interactive/fields.ts#fitsMarkup': (text) => [[nestedText(text)]],
  'contract/src/interactive/fields.ts#whenObject': (text) => [[{ value: text }]],
  'contract/src/interactive/parse-send.ts#parseSend': sendBodies,
  'contract/src/interactive/reply-buttons.ts#hasOneOf': (text) => [[[text], { [text]: text }]],
  'contract/src/messages/check-contents.ts#findMarkupProblems': ofMessageBodies,
  'contract/src/messages/check-contents.ts#findMediaProblems': ofMessageBodies,
  'contract/src/messages/check-contents.ts#findTextProblems': ofMessageBodies,
  'contract/src/messages/check-contents.ts#findUnusedFields': ofMessageBodies,
  'contract/src/messages/check-contents.ts#isObject': (text) => [[text]],
  'contract/src/messages/check-schedule.ts#findScheduleProblems': (text) => [
    [text, 0],
    [`2020-01-01T00:00:00.${text}Z`, 0],
  ],
  'contract/src/messages/parse-message.ts#parseMessage': (text) =>
    messageBodies(text).map((body) => [{ ...body, send_at: text }, { nowMs: 0 }]),
  'contract/src/messages/tap-data.ts#fitsData': (text) => [[nestedText(text)]],
  'contract/src/messages/tap-data.ts#isPlainData': (text) => [[text]],
  'contract/src/interactive/text.ts#hasAtMost': (text) => [[text, text.length - 1]],
  'contract/src/interactive/text.ts#hasMeaning': (text) => [[text]],
  'contract/src/interactive/text.ts#isVisible': (text) => [[text]],
  'contract/src/interactive/text.ts#utf8Length': (text) => [[text]],
  'contract/src/json/canonical.ts#canonicalJson': (text) => [[nestedText(text)]],
  'contract/src/json/inspect.ts#inspectJson': (text) => [[nestedText(text)]],
  'contract/src/json/parse.ts#failWith': (text) => [
    [listFor(text, (message, at) => ({ code: (at % 3) + 1, path: [], pointer: message, message }))],
  ],
  'contract/src/json/parse.ts#parseJson': (text) => [[TelegramInteractiveMessage, nestedText(text), { strict: true }]],
  'contract/src/json/parse.ts#parseBody': (text) => [[TelegramInteractiveMessage, { type: text, text }]],
  'contract/src/json/parse.ts#parseQuery': (text) => [[TelegramInteractiveMessage, { type: text, text }]],
  'contract/src/json/pointer.ts#fromPointer': (text) => [[text], [`/${text.replaceAll('a', '/')}`]],
  'contract/src/json/pointer.ts#toDotted': (text) => [[[text, text]], [listFor(text, (piece) => piece)]],
  'contract/src/json/pointer.ts#toPointer': (text) => [[[text, text]], [listFor(text, (piece) => piece)]],
  'contract/src/json/pointer.ts#valueAt': (text) => [[nestedText(text), [text, text]]],
  'contract/src/json/problems.ts#describeValue': (text) => [[text], [listFor(text, (piece) => piece)]],
  'contract/src/json/problems.ts#describeIssue': (text) => [
    [{ code: 'invalid_value', values: ['a'], input: text, path: [text] }],
    [{ code: 'invalid_type', expected: 'int', input: text, path: [text] }],
  ],
  'contract/src/json/problems.ts#readIssues': (text) => [[issues(text), nestedText(text), '']],
  'contract/src/json/without-paths.ts#withoutPaths': (text) => [
    [nestedText(text), [[text]]],
    [Object.fromEntries(listFor(text, (piece, at) => [at, piece])), listFor(text, (_, at) => [String(at)])],
  ],
  'contract/src/operations/channel-options.ts#agentNameParts': (text) => [[text], [`{first_name}${text}`]],
  'contract/src/operations/channel-options.ts#channelOptionsOf': (text) => [[nestedText(text)]],
};
