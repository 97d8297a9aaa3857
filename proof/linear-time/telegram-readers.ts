import { PartsBuilder } from '@chatferry/gateway/internal/adapters/telegram/parts-builder';
import { BoundSecret } from '@chatferry/gateway/internal/ports/secret';
import {
  agentReply,
  botAccount,
  bytes,
  json,
  listFor,
  outboundContent,
  richMessage,
  richText,
  telegramFiles,
  telegramMessage,
  telegramTap,
  telegramUpdates,
} from './inputs.ts';
import type { Reader } from './reader.ts';

const secret = new BoundSecret('secret secret', []);
const update = (text: string) => json({ update_id: 1, message: telegramMessage(text) });
const ofUpdates = (text: string, ...more: readonly unknown[]) =>
  [update(text), json({ update_id: 1, message: telegramFiles(text) }), telegramTap(text), ...telegramUpdates(text)].map(
    (raw) => [raw, ...more],
  );
const envelope = (text: string) => ({
  kind: 'envelope',
  status: 400,
  envelope: { ok: false, errorCode: 400, description: text, retryAfterSeconds: null, migrateToChatId: null },
});
const wire = (text: string) => ({
  chat_id: 5,
  text,
  entities: richText(text).spans.map(({ start, end }) => ({
    type: 'text_link',
    offset: start,
    length: end - start,
    url: 'https://a.test/b',
  })),
  reply_markup: { inline_keyboard: listFor(text, (piece) => [{ text: piece, callback_data: piece }]) },
});

/** The readers of what Telegram sends, and of what is made for it. */
export const telegramReaders: Readonly<Record<string, Reader>> = {
  'gateway/src/adapters/telegram/answers.ts#answersOf': (text) => [[telegramMessage(text)]],
  'gateway/src/adapters/telegram/answers.ts#excerptOf': (text) => [[telegramMessage(text)]],
  'gateway/src/adapters/telegram/buttons-after-tap.ts#buttonsAfterTap': (text) => [[telegramTap(text), 'mark']],
  'gateway/src/adapters/telegram/choose-upload.ts#chooseUpload': (text) => [
    [bytes(text), { name: text, mediaType: text }],
  ],
  'gateway/src/adapters/telegram/classify.ts#classifyCall': (text) => [[envelope(text), () => null]],
  'gateway/src/adapters/telegram/classify.ts#classifySend': (text) => [[envelope(text)]],
  'gateway/src/adapters/telegram/concerned-people.ts#concernedPeople': (text) => [
    [{ users_shared: { users: listFor(text, (piece, at) => ({ user_id: at + 1, first_name: piece })) } }, '1'],
    [telegramMessage(text), '1'],
  ],
  'gateway/src/adapters/telegram/concerned-people.ts#personId': (text) => [[{ id: text, first_name: text }]],
  'gateway/src/adapters/telegram/decode.ts#decode': (text) => ofUpdates(text, botAccount),
  'gateway/src/adapters/telegram/described-content.ts#describedContent': (text) => [
    [{ poll: { question: text, options: listFor(text, (piece) => ({ text: piece })) } }],
    [{ checklist: { title: text, tasks: listFor(text, (piece, id) => ({ id, text: piece })) } }],
    [{ users_shared: { users: listFor(text, (piece, at) => ({ user_id: at + 1, first_name: piece })) } }],
    [{ story: { id: 1, chat: { title: text, username: text } } }],
    [{ invoice: { title: text, total_amount: 1, currency: text } }],
  ],
  'gateway/src/adapters/telegram/encode-reply.ts#encodeReply': (text) => [
    [{ chatId: '5', topicId: null }, agentReply(text)],
    [
      { chatId: '5', topicId: null },
      { ...agentReply(text), attachments: [] },
    ],
  ],
  'gateway/src/adapters/telegram/encode.ts#chatIdOnWire': (text) => [[text]],
  'gateway/src/adapters/telegram/encode.ts#readdress': (text) => [[wire(text), text]],
  'gateway/src/adapters/telegram/entities.ts#entitiesOf': (text) => [
    [richText(text).spans],
    [[{ kind: 'link', start: 0, end: 1, url: `https://${text}` }]],
  ],
  'gateway/src/adapters/telegram/explain-failure.ts#explainFailure': (text) => [
    [{ name: 'TELEGRAM_REJECTED', reason: text, providerCode: 400 }],
  ],
  'gateway/src/adapters/telegram/refusal.ts#readRefusal': (text) => [[text]],
  'gateway/src/adapters/telegram/formatting.ts#spansOf': (text) => [
    [wire(text).entities, text.length],
    [[{ type: 'text_link', offset: 0, length: 1, url: `https://${text}` }], text.length],
  ],
  'gateway/src/adapters/telegram/described-poll.ts#pollContent': (text) => [
    [{ question: text, options: listFor(text, (piece) => ({ text: piece, media: telegramFiles(piece) })) }],
  ],
  'gateway/src/adapters/telegram/formatting.ts#plainText': (text) => [[text, wire(text).entities]],
  'gateway/src/adapters/telegram/formatting.ts#signedText': (text) => [[text, wire(text).entities]],
  'gateway/src/adapters/telegram/formatting.ts#timeWords': (text) => [[text]],
  'gateway/src/adapters/telegram/forwarded.ts#forwardedFrom': (text) => [
    [{ forward_origin: { sender_user: { first_name: text } } }],
  ],
  'gateway/src/adapters/telegram/forwarded.ts#originName': (text) => [[{ sender_user: { first_name: text } }]],
  'gateway/src/adapters/telegram/identify.ts#identify': (text) => [[update(text)], [telegramTap(text)], [bytes(text)]],
  'gateway/src/adapters/telegram/identify.ts#kindOf': (text) => [[{ [text]: 1 }]],
  'gateway/src/adapters/telegram/label-of-button.ts#labelOfButton': (text) => [[wire(text).reply_markup, text]],
  'gateway/src/adapters/telegram/message-content.ts#contentOf': (text) => [
    [telegramMessage(text), botAccount],
    [telegramMessage(`/start ${text}`), botAccount],
    [telegramMessage(`@${text}`), botAccount],
    [telegramMessage(`@Ferry_Bot ${text}`), botAccount],
    [telegramFiles(text), botAccount],
  ],
  'gateway/src/adapters/telegram/message-content.ts#kindOfMessage': (text) => [
    [Object.fromEntries(listFor(text, (piece, at) => [`a${at}`, piece]))],
    [{ [text]: 1 }],
  ],
  'gateway/src/adapters/telegram/message-fingerprint.ts#fingerprintOfWire': (text) => [[wire(text)]],
  'gateway/src/adapters/telegram/message-fingerprint.ts#traceOf': (text) => [[telegramTap(text), botAccount]],
  'gateway/src/adapters/telegram/money.ts#moneyText': (text) => [[1, text]],
  'gateway/src/adapters/telegram/parties.ts#authorOf': (text) => [[telegramMessage(text)]],
  'gateway/src/adapters/telegram/parties.ts#chatOf': (text) => [[telegramMessage(text)]],
  'gateway/src/adapters/telegram/parties.ts#nameOf': (text) => [[{ first_name: text, last_name: text }]],
  'gateway/src/adapters/telegram/parties.ts#personOf': (text) => [[{ id: 1, first_name: text, last_name: text }]],
  'gateway/src/adapters/telegram/reply-controls.ts#controlsOfReply': (text) => [[agentReply(text)]],
  'gateway/src/adapters/telegram/reply-controls.ts#markupOfReply': (text) => [[outboundContent(text).controls]],
  'gateway/src/adapters/telegram/wire-file.ts#fileOnWire': (text) => [
    [{ file: { url: text, name: text, media_type: text } }],
  ],
  'gateway/src/adapters/telegram/loose-words.ts#looseWords': (text) => [[richMessage(text)]],
  'gateway/src/adapters/telegram/rich-blocks.ts#readBlocks': (text) => [
    [new PartsBuilder(), richMessage(text).blocks, 0],
  ],
  'gateway/src/adapters/telegram/rich-button.ts#richButtonText': (text) => [[{ text, url: text }], [{ text: [text] }]],
  'gateway/src/adapters/telegram/rich-message.ts#richContent': (text) => [[richMessage(text)]],
  'gateway/src/adapters/telegram/rich-message.ts#richMessageText': (text) => [[richMessage(text)]],
  'gateway/src/adapters/telegram/rich-words.ts#readRichText': (text) => [
    [new PartsBuilder(), listFor(text, (piece) => ({ type: 'hashtag', text: piece, hashtag: piece })), 0],
    [new PartsBuilder(), text, 0],
  ],
  'gateway/src/adapters/telegram/shared-file.ts#namedFileOf': (text) => [['document', telegramFiles(text).document]],
  'gateway/src/adapters/telegram/shared-file.ts#photoFileOf': (text) => [[telegramFiles(text).photo]],
  'gateway/src/adapters/telegram/shared-file.ts#fileContent': (text) => [[telegramFiles(text)]],
  'gateway/src/adapters/telegram/entities.ts#linksWithoutRoom': (text) => [[richText(text).spans]],
  'gateway/src/adapters/telegram/link-address.ts#canBeLink': (text) => [[text], [`https://${text}`], [`tg:${text}`]],
  'gateway/src/adapters/intercom/translation.ts#translationOf': (text) => [
    [{ translations: { original: text, a: text, b: text } }],
    [{ translations: Object.fromEntries(listFor(text, (piece, at) => [`a${at}`, piece])) }],
  ],
  'gateway/src/adapters/intercom/translation.ts#awaitsTranslation': (text) => [
    [{ author: { type: 'admin' } }, listFor(text, (piece) => ({ translations: { a: piece } })), 1],
  ],
  'gateway/src/adapters/telegram/spell-links.ts#lostLinksIn': (text) => [[richText(text).spans]],
  'gateway/src/adapters/telegram/spell-links.ts#spellLinks': (text) => [[richText(text), () => true]],
  'gateway/src/adapters/telegram/split-rich-text.ts#splitRichText': (text) => [[richText(text)]],
  'gateway/src/adapters/telegram/split-rich-text.ts#textPieces': (text) => [[richText(text)]],
  'gateway/src/adapters/telegram/amend.ts#amend': (text) => [[wire(text), 'without-formatting']],
  'gateway/src/adapters/telegram/amend.ts#findAmendment': (text) => [
    [wire(text), { kind: 'rejected', reason: 'refused', providerCode: 400, detail: text }],
  ],
  'gateway/src/adapters/telegram/unformatted.ts#unformatted': (text) => [[wire(text)]],
  'gateway/src/adapters/telegram/untrusted.ts#parseJson': (text) => [[bytes(text)]],
  'gateway/src/adapters/telegram/verify.ts#verify': (text) => [[{ 'x-telegram-bot-api-secret-token': text }, secret]],
};
