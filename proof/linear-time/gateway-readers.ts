import { BoundSecret, Secret } from '@chatferry/gateway/internal/ports/secret';
import {
  agentReply,
  answered,
  bytes,
  contactCard,
  entryBody,
  hubspotEvent,
  inboundEvent,
  intercomNotification,
  listFor,
  outboundContent,
  richText,
  sharedFile,
  vcards,
  wellFormed,
  writtenText,
} from './inputs.ts';
import type { Reader } from './reader.ts';
import { telegramReaders } from './telegram-readers.ts';

const secret = new BoundSecret('secret secret', []);
const lines = (text: string) => {
  let start = 0;
  return text.split('\n').map((line) => {
    const range = { start, end: start + line.length };
    start = range.end + 1;
    return range;
  });
};
const request = (text: string) => ({ method: 'POST', headers: { cookie: text, origin: text, host: text } });

const core: Readonly<Record<string, Reader>> = {
  'gateway/src/core/webhooks/judge-attempt.ts#readRetryAfter': (text) => [[text, 0]],
  'gateway/src/core/delivery/amendment.ts#describeAmended': (text) => [[{ amendment: 'without-topic', reason: text }]],
  'gateway/src/core/delivery/amendment.ts#readAmended': (text) => [[text], [`${text}; sent again without its file`]],
  'gateway/src/core/access/email-address.ts#comparableEmail': (text) => [[text]],
  'gateway/src/core/access/scrub.ts#scrub': (text) => [[text]],
  'gateway/src/core/inbox/automatic-answer.ts#automaticAnswer': (text) => [
    [inboundEvent(text), { welcome: text, out_of_office: null }, 2],
  ],
  'gateway/src/core/inbox/edits.ts#visibleChange': (text) => [
    [inboundEvent(text), inboundEvent(text)],
    [
      { ...inboundEvent(text), content: { kind: 'file', ...sharedFile(text) } },
      { ...inboundEvent(text), content: { kind: 'album', files: listFor(text, sharedFile) } },
    ],
  ],
  'gateway/src/core/inbox/entry-html.ts#htmlOf': (text) => [[entryBody(text)]],
  'gateway/src/core/inbox/entry.ts#bodyOfOutbound': (text) => [[outboundContent(text)]],
  'gateway/src/core/inbox/entry.ts#markLine': (text) => [[text]],
  'gateway/src/core/inbox/entry.ts#plainText': (text) => [[entryBody(text)]],
  'gateway/src/core/inbox/entry.ts#quoteLines': (text) => [[text]],
  'gateway/src/core/inbox/sent-files.ts#sentFilesOf': (text) => [[outboundContent(text)]],
  'gateway/src/core/inbox/excerpt.ts#excerptOf': (text) => [[outboundContent(text)], [inboundEvent(text)]],
  'gateway/src/core/inbox/excerpt.ts#wordsOfMessage': (text) => [[outboundContent(text)], [inboundEvent(text)]],
  'gateway/src/core/message/kind-of-message.ts#kindOfMessage': (text) => [
    [outboundContent(text)],
    [inboundEvent(text)],
  ],
  'gateway/src/core/inbox/files.ts#continuationBody': (text) => [[listFor(text, sharedFile)]],
  'gateway/src/core/inbox/files.ts#followMark': (text) => [[listFor(text, sharedFile)]],
  'gateway/src/core/inbox/files.ts#followingBody': (text) => [
    [listFor(text, sharedFile), { messageId: 1, sentAtMs: 0 }],
  ],
  'gateway/src/core/inbox/files.ts#describeFiles': (text) => [[listFor(text, sharedFile)]],
  'gateway/src/core/inbox/contact-lines.ts#contactLines': (text) => [
    [{ kind: 'contact', name: text, phone: text, card: contactCard(text) }],
  ],
  'gateway/src/core/inbox/name-apart.ts#nameApart': (text) => [
    [listFor(text, sharedFile)],
    [listFor(text, () => sharedFile('a.b'))],
  ],
  'gateway/src/core/inbox/files.ts#filesOf': (text) => [[{ kind: 'album', files: listFor(text, sharedFile) }]],
  'gateway/src/core/inbox/files.ts#fileText': (text) => [[sharedFile(text)]],
  'gateway/src/core/inbox/files.ts#failureMark': (text) => [
    [sharedFile(text), { kind: 'not-fetched', from: 'Telegram', detail: text }],
  ],
  'gateway/src/core/inbox/files.ts#nameWithSize': (text) => [[sharedFile(text)]],
  'gateway/src/core/inbox/inbound-body.ts#bodyOfInbound': (text) => [[inboundEvent(text), text]],
  'gateway/src/core/inbox/note-body.ts#noteBody': (text) => [[{ text, entryId: text }]],
  'gateway/src/core/inbox/prepare-reply.ts#nameOfAuthor': (text) => [
    [{ kind: 'teammate', id: text, name: null }, listFor(text, (name) => ({ senderId: name, name }))],
  ],
  'gateway/src/core/inbox/prepare-reply.ts#prepareReply': (text) => [
    [agentReply(text), { agent_name: '{first_name}: ', shorthand: 'on' }, text],
  ],
  'gateway/src/core/inbox/tapped.ts#completeTap': (text) => [
    [{ ...inboundEvent(text), content: { kind: 'tap', label: null, data: text } }, outboundContent(text)],
  ],
  'gateway/src/core/message/file-name.ts#fileNameOf': (text) => [[{ name: text, media: 'document' }, text]],
  'gateway/src/core/message/file-name.ts#splitName': (text) => [[text]],
  'gateway/src/core/message/formatting.ts#plainOf': (text) => [[richText(text)]],
  'gateway/src/core/message/formatting.ts#runsOf': (text) => [[richText(text, 4)]],
  'gateway/src/core/message/formatting.ts#withAddresses': (text) => [
    [text, richText(text).spans.map((span) => ({ ...span, url: 'https://a.test/b' }))],
  ],
  'gateway/src/core/message/image-size.ts#imageSizeOf': (text) => [
    [bytes(text)],
    [Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(text.length, 0xff)])],
    [Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(text.length, Buffer.from([0xff, 1, 0, 0]))])],
  ],
  'gateway/src/core/message/mark-text.ts#providerWords': (text) => [[text]],
  'gateway/src/core/message/mark-text.ts#quoted': (text) => [[text]],
  'gateway/src/core/message/mark-text.ts#withoutMarkSign': (text) => [[text]],
  'gateway/src/core/message/match-button.ts#labelOfSuggestion': (text) => [[[outboundContent(text)], text]],
  'gateway/src/core/message/match-button.ts#quickReplyOf': (text) => [[[outboundContent(text)], text]],
  'gateway/src/core/message/phone-number.ts#accountNumber': (text) => [[text], ['1'.repeat(text.length)]],
  'gateway/src/core/message/mark-text.ts#withoutMarkSigns': (text) => [[contactCard(text)]],
  'gateway/src/core/message/media-type.ts#fitsEnding': (text) => [
    [text, 'text/plain'],
    [`.${text}`, 'text/plain'],
  ],
  'gateway/src/core/message/media-type.ts#isSiblingEnding': (text) => [
    [text, 'image/png'],
    ['.png', text],
  ],
  'gateway/src/core/message/read-vcard.ts#readVcard': (text) => vcards(text).map((card) => [card]),
  'gateway/src/core/message/vcard-lines.ts#vcardLines': (text) => vcards(text).map((card) => [card]),
  'gateway/src/core/message/visible-name.ts#visibleName': (text) => [[text]],
  'gateway/src/core/message/written-signs.ts#withWrittenSigns': (text) => [[writtenText(text)], [writtenText(text, 4)]],
  'gateway/src/core/message/media-type.ts#mediaTypeOf': (text) => [[bytes(text), text]],
  'gateway/src/core/message/shorthand.ts#parseShorthand': (text) => [[richText(text)], [{ text, spans: [] }]],
  'gateway/src/core/message/span-index.ts#spanIndexOf': (text) => [[richText(text)]],
  'gateway/src/core/message/storable.ts#parseStorable': (text) => [[JSON.stringify(inboundEvent(text))]],
  'gateway/src/core/message/storable.ts#storable': (text) => [[inboundEvent(text)]],
  'gateway/src/core/message/storable.ts#storableText': (text) => [[text]],
  'gateway/src/core/message/tap-mark.ts#withTapMark': (text) => [[text]],
  'gateway/src/core/message/tap-mark.ts#withoutTapMark': (text) => [[text]],
  'gateway/src/core/message/without-lines.ts#withoutLines': (text) => [
    [richText(text), lines(text).filter((_, at) => at % 2 === 0)],
    [richText(text), []],
  ],
};

const shared: Readonly<Record<string, Reader>> = {
  'gateway/src/adapters/credentials/known-passwords.ts#weaknessOf': (text) => [
    [text, { email: `${text.slice(0, 200)}@a.test`, name: text.slice(0, 200) }],
  ],
  'gateway/src/adapters/http/multipart.ts#encodeForm': (text) => [
    [{ caption: text }, { field: 'document', name: text, mediaType: text, content: bytes(text) }],
  ],
  'gateway/src/adapters/http/public-address.ts#isPublicAddress': (text) => [[text]],
  'gateway/src/adapters/json-answer.ts#numberIn': (text) => [[{ a: text }, 'a']],
  'gateway/src/adapters/json-answer.ts#parseJson': (text) => [
    [text],
    [JSON.stringify(listFor(text, (piece) => piece))],
  ],
  'gateway/src/adapters/json-answer.ts#readReply': (text) => [
    [{ kind: 'answered', status: 200, headers: { a: text, b: listFor(text, (piece) => piece) }, body: bytes(text) }],
  ],
  'gateway/src/adapters/json-answer.ts#retryWaitMs': (text) => [[{ 'retry-after': text }, 1]],
  'gateway/src/adapters/json-answer.ts#textAt': (text) => [[{ [text]: text }, text]],
  'gateway/src/adapters/rich-text/clean-text.ts#cleanText': (text) => [[text]],
  'gateway/src/adapters/http/data-uri.ts#bytesInAddress': (text) => [
    [text],
    [`data:${text},${text}`],
    [`data:;base64,${text}`],
  ],
  'gateway/src/adapters/rich-text/data-tables.ts#dataTablesIn': (text) => [[[text, `<table><tr><td>${text}`]]],
  'gateway/src/adapters/rich-text/inline-image.ts#readImage': (text) => [
    [{ src: text, alt: text, style: text, srcset: text, width: text }],
    [{ src: `https://a.test/${text}` }],
    [{ src: `data:image/png;base64,${text}` }],
  ],
  'gateway/src/adapters/rich-text/html-elements.ts#languageOf': (text) => [
    [{ class: text }],
    [{ class: `lang-${text}` }],
  ],
  'gateway/src/adapters/rich-text/html-elements.ts#hasNoMargin': (text) => [[{ class: text, style: text }]],
  'gateway/src/adapters/rich-text/html-elements.ts#styleOf': (text) => [[text]],
  'gateway/src/adapters/rich-text/html-to-rich-text.ts#htmlToRichText': (text) => [
    [text],
    [`<pre>${text}`],
    [`<p>${text}</p>`],
    [`<table><tr><td>${text}</td><td>${text}`],
    [`<code>${'<a href="https://a.test/b">'.repeat(100)}${text}`],
  ],
  'gateway/src/adapters/rich-text/link.ts#linkOf': (text) => [[text], [`mailto:${text}`], [`https://a.test/${text}`]],
  'gateway/src/adapters/rich-text/link.ts#saysAddress': (text) => [
    [text, `https://${text}`],
    [text, text],
  ],
  'gateway/src/adapters/rich-text/link.ts#webAddress': (text) => [
    [text],
    [`https://${text}`],
    [`https://a.test/${text}`],
  ],
  'gateway/src/adapters/rich-text/list-items.ts#itemLead': (text) => [[[{ next: 1 }], { value: text }]],
  'gateway/src/adapters/rich-text/list-items.ts#listOf': (text) => [['ol', { start: text }]],
  'gateway/src/adapters/rich-text/plain-to-rich-text.ts#isHtml': (text) => [
    [text],
    [`<p>${text}</p>`],
    [`<p>${text}<br`],
  ],
  'gateway/src/adapters/rich-text/plain-to-rich-text.ts#plainToRichText': (text) => [[text]],
  'gateway/src/ports/attachment.ts#storedIdIn': (text) => [[`stored:fil_${text}`], [text]],
  'gateway/src/ports/secret.ts#originOf': (text) => [[`https://a.test/${text}`]],
  'gateway/src/ports/secret.ts#conceal': (text) => [[text, [secret, new Secret('ss'), new Secret('a')]]],
};

const call = (text: string) => ({
  method: 'POST',
  publicUrl: `https://a.test/${text}`,
  headers: { 'x-hubspot-signature-v3': text, 'x-hubspot-request-timestamp': '1', 'x-hub-signature': text },
  rawBody: bytes(text),
});

const inboxes: Readonly<Record<string, Reader>> = {
  'gateway/src/adapters/intercom/attributes.ts#namesAttribute': (text) => [[{ message: text }]],
  'gateway/src/adapters/intercom/classify.ts#classify': (text) => [
    [answered(410, text), { effect: 'reads', about: 'contact', nowMs: 1 }],
    [
      { ...answered(410, text), json: { errors: [{ code: 'contact_merged', message: text }] } },
      { effect: 'reads', about: 'contact', nowMs: 1 },
    ],
  ],
  'gateway/src/adapters/intercom/classify.ts#limitOf': (text) => [[answered(429, text), 1]],
  'gateway/src/adapters/intercom/contact-lookups.ts#linkOf': (text) => [[{ id: text, role: text }]],
  'gateway/src/adapters/intercom/decode.ts#decode': (text) => [
    [intercomNotification(text)],
    [intercomNotification(text, 'many')],
    [bytes(text)],
  ],
  'gateway/src/adapters/intercom/find-region.ts#regionIn': (text) => [[{ app: { region: text } }]],
  'gateway/src/adapters/intercom/identify.ts#conversationIdIn': (text) => [[{ conversation_id: text }]],
  'gateway/src/adapters/intercom/identify.ts#identify': (text) => [[intercomNotification(text)], [bytes(text)]],
  'gateway/src/adapters/intercom/normalise.ts#bodyHash': (text) => [[text]],
  'gateway/src/adapters/intercom/normalise.ts#normaliseBody': (text) => [[text]],
  'gateway/src/adapters/intercom/part-author.ts#hasWordsOf': (text) => [
    [{ author: { kind: 'customer' }, body: entryBody(text) }],
  ],
  'gateway/src/adapters/intercom/placeholders.ts#placeholdersIn': (text) => [[text]],
  'gateway/src/adapters/intercom/placeholders.ts#withoutParts': (text) => [[text, lines(text)]],
  'gateway/src/adapters/intercom/placeholders.ts#withoutPlaceholders': (text) => [
    [text, 1],
    [text, text.length],
  ],
  'gateway/src/adapters/intercom/topics.ts#isReplyPart': (text) => [[text]],
  'gateway/src/adapters/intercom/topics.ts#mayReply': (text) => [[text]],
  'gateway/src/adapters/intercom/verify.ts#hasSignature': (text) => [[call(text).headers]],
  'gateway/src/adapters/intercom/verify.ts#verify': (text) => [[call(text), secret]],
  'gateway/src/adapters/hubspot/apis.ts#explainUnknownPath': (text) => [[text], ['?'.repeat(text.length)]],
  'gateway/src/adapters/hubspot/contact-profile.ts#contactProfile': (text) => [
    [{ kind: 'contact', name: text, phone: text, card: contactCard(text) }],
  ],
  'gateway/src/adapters/hubspot/attached-files.ts#addressOfFile': (text) => [[wellFormed(text), wellFormed(text)]],
  'gateway/src/adapters/hubspot/classify.ts#classify': (text) => [
    [answered(400, text), { effect: 'reads', about: 'account' }, '/crm'],
  ],
  'gateway/src/adapters/hubspot/classify.ts#classifyRefresh': (text) => [[answered(400, text), '/oauth']],
  'gateway/src/adapters/hubspot/classify.ts#limitOf': (text) => [[answered(429, text)]],
  'gateway/src/adapters/hubspot/decode.ts#decode': (text) => [
    [hubspotEvent(text), { app_id: '1' }],
    [hubspotEvent(text, 'plain'), { app_id: '1' }],
    [bytes(text), {}],
  ],
  'gateway/src/adapters/hubspot/event-types.ts#mayReply': (text) => [[text]],
  'gateway/src/adapters/hubspot/identify.ts#eventsIn': (text) => [[hubspotEvent(text)], [bytes(text)]],
  'gateway/src/adapters/hubspot/identify.ts#identify': (text) => [[hubspotEvent(text)], [bytes(text)]],
  'gateway/src/adapters/hubspot/portal-inboxes.ts#namesOf': (text) => [[listFor(text, (name) => ({ id: name, name }))]],
  'gateway/src/adapters/hubspot/text-hash.ts#textHash': (text) => [[text]],
  'gateway/src/adapters/hubspot/verify.ts#hasSignature': (text) => [[call(text).headers, 1]],
  'gateway/src/adapters/hubspot/verify.ts#verify': (text) => [[call(text), secret, 1]],
};

/** A reply of the server that only takes what it is given. */
const reply = () => {
  const taken = { headers: () => taken, header: () => taken, code: () => taken, type: () => taken, send: () => taken };
  return taken;
};

const http: Readonly<Record<string, Reader>> = {
  'gateway/src/http/accept-problem.ts#acceptsProblem': (text) => [
    [text],
    [text.replaceAll(' ', ',')],
    [`application/problem+json;q=${text.replaceAll(' ', ';')}`],
  ],
  'gateway/src/http/documentation/base.ts#baseByHost': (text) => [
    [text, {}],
    [`[${text}]`, {}],
  ],
  'gateway/src/http/documentation/base.ts#baseOf': (text) => [
    [{ ...request(text), server: { publicUrl: null }, socket: {} }],
  ],
  'gateway/src/http/send-event-stream.ts#wantsEventStream': (text) => [[{ method: 'GET', headers: { accept: text } }]],
  'gateway/src/http/browser-page.ts#escapeHtml': (text) => [[text]],
  'gateway/src/http/browser-page.ts#sendNotice': (text) => [
    [{ headers: { accept: text } }, reply(), { status: 400, code: text, title: text, sentences: [text, `${text}.`] }],
  ],
  'gateway/src/http/browser-page.ts#sendPage': (text) => [[reply(), 200, text, text]],
  'gateway/src/http/device-cookie.ts#deviceOf': (text) => [
    [request(text)],
    [request(`__Host-chatferry-device=${text}`)],
  ],
  'gateway/src/http/json-body.ts#assertJsonType': (text) => [
    [text, undefined],
    [`application/json; ${text}`, undefined],
    [`application/${text}+json`, text],
  ],
  'gateway/src/http/json-body.ts#parseJsonBody': (text) => [[bytes(text)], [bytes(JSON.stringify(text))]],
  'gateway/src/http/networks.ts#isWithin': (text) => [
    [['127.0.0.1'], text],
    [['127.0.0.1'], `::ffff:${text}`],
  ],
  'gateway/src/http/normalise-head.ts#keepAddresses': (text) => [
    [{ headers: { 'x-forwarded-for': text } }],
    [{ headers: { 'x-forwarded-for': text.replaceAll(' ', ',') } }],
  ],
  'gateway/src/http/read-cookie.ts#readCookie': (text) => [
    [request(text), 'a', /^[a-z]{1,20}$/],
    [request(text.replaceAll(' ', 'a=; ')), 'a', /^[a-z]{1,20}$/],
  ],
  'gateway/src/http/read-form.ts#fieldsOf': (text) => [[{ body: bytes(text) }], [{ body: bytes(`bot_token=${text}`) }]],
  'gateway/src/http/same-origin.ts#assertNotFromAnotherSite': (text) => [[request(text), null]],
  'gateway/src/http/same-origin.ts#assertSameOrigin': (text) => [[request(text), null]],
  'gateway/src/http/session-cookie.ts#sessionOf': (text) => [[request(text)], [request(`__Host-chatferry=${text}`)]],
  'gateway/src/journal/frames.ts#readFrames': (text) => [[bytes(text)], [Buffer.alloc(text.length)]],
  'gateway/src/observe/log.ts#describeError': (text) => [[new Error(text)], [text]],
};

/** How each function of the gateway that reads foreign text is called. */
export const gatewayReaders: Readonly<Record<string, Reader>> = {
  ...core,
  ...shared,
  ...telegramReaders,
  ...inboxes,
  ...http,
};
