/** Inputs that carry a text in every place where a stranger can put one. */
import { bot, everyKind } from '@chatferry/testkit/samples/telegram-update-samples';

const styles = ['bold', 'italic', 'code', 'quote'] as const;

/** A text with formatting and links side by side, and over each other. */
export const richText = (text: string, step = 16) => ({
  text,
  spans: Array.from({ length: Math.floor(text.length / step) }, (_, at) => {
    const start = at * step;
    // Every eighth reaches far over the others.
    const end = Math.min(text.length, start + (at % 8 === 0 ? 4_000 : 12));
    return at % 2 === 0
      ? { kind: 'style', style: styles[(at / 2) % styles.length], start, end }
      : { kind: 'link', url: 'https://a.test/b', start, end };
  }),
});

const receivedStyles = ['strikethrough', 'spoiler', 'quote', 'preformatted'] as const;

/** The same with formatting that is written as signs. */
export const writtenText = (text: string, step?: number) => ({
  text,
  spans: richText(text, step).spans.map((span, at) =>
    at % 2 === 0
      ? { ...span, kind: 'style', style: receivedStyles[(at / 2) % receivedStyles.length], language: 'c' }
      : { ...span, kind: 'link', url: `tonsite://${at}.ton` },
  ),
});

/** A vCard with the text in every place, and texts that are none. */
export const vcards = (text: string): readonly string[] => [
  text,
  `BEGIN:VCARD\n${['N', 'FN', 'ADR', 'ORG', 'TEL', 'NOTE'].map((name) => `${name}:${text}`).join('\n')}`,
  `BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:${text}`,
  `BEGIN:VCARD\n${text}:a`,
  `BEGIN:VCARD\nTEL;TYPE="${text}":1`,
  listFor(text, (piece, at) => `item${at}.TEL:${piece}\nitem${at}.X-ABLabel:${piece}`).join('\n'),
  listFor(text, (piece) => `TEL;ENCODING=QUOTED-PRINTABLE:${piece}=`).join('\n'),
];

export const contactCard = (text: string) => ({
  formattedName: text,
  middleName: text,
  prefix: text,
  suffix: null,
  company: text,
  department: null,
  title: text,
  phones: listFor(text, (value) => ({ value, types: [value] })),
  emails: listFor(text, (value) => ({ value, types: [] })),
  urls: [],
  addresses: [{ street: text, city: text, region: '', postalCode: '', country: '', types: [text] }],
  others: listFor(text, (value) => ({ name: 'note', value })),
  hasMedia: true,
});

/** A rich message with the text in many of its blocks. */
export const richMessage = (text: string) => ({
  blocks: [
    { type: 'paragraph', text },
    { type: 'pre', text, language: text },
    { type: 'details', summary: text, blocks: listFor(text, (piece) => ({ type: 'paragraph', text: piece })) },
    { type: 'list', items: listFor(text, (label) => ({ label, blocks: [{ type: 'quote', text: label }] })) },
    { type: 'table', cells: listFor(text, (piece) => [{ text: piece }, { text: [{ type: 'bold', text: piece }] }]) },
    { type: 'buttons', buttons: listFor(text, (piece) => ({ text: piece, url: piece })) },
    ...listFor(text, (piece) => ({ type: 'document', document: { file_id: piece, file_name: piece } })),
    ...listFor(text, (type) => ({ type, text: { type, text: type } })),
  ],
});

/** Without halves of surrogate pairs, which no address can have. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '_');

export const bytes = (text: string): Buffer => Buffer.from(text);
export const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** As many members as a text of this length would have. */
export const listFor = <T>(text: string, memberOf: (piece: string, at: number) => T, length = 32): readonly T[] =>
  Array.from({ length: Math.ceil(text.length / length) }, (_, at) =>
    memberOf(text.slice(at * length, (at + 1) * length), at),
  );

const kept = new Set(['type', 'status', 'currency', 'chat_type', 'language_code']);

/** The value with the text in place of each text in it. Where there are many, each gets its share. */
const filled = (value: unknown, text: string, key = ''): unknown => {
  if (typeof value === 'string') return kept.has(key) ? value : text;
  if (Array.isArray(value)) return value.map((member) => filled(member, text, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filled(member, text, name)]));
};

/** All kinds of update, each with a share of the text. */
export const telegramUpdates = (text: string): readonly Buffer[] => {
  const share = text.slice(0, Math.ceil(text.length / 64));
  return everyKind.map((kind) => json(filled(kind, share)));
};

const entities = (text: string) =>
  richText(text).spans.map(({ kind, start, end }) => ({
    type: kind === 'link' ? 'text_link' : 'bold',
    url: 'https://a.test/b',
    offset: start,
    length: end - start,
  }));

export const telegramMessage = (text: string) => ({
  message_id: 1,
  date: 1_700_000_000,
  chat: { id: 5, type: 'private', first_name: text },
  from: { id: 5, first_name: text, last_name: text },
  text,
  entities: entities(text),
  reply_to_message: { message_id: 2, date: 1, text, chat: { id: 5, type: 'private' }, from: { id: Number(bot.botId) } },
});

/** A message with buttons, as a tap shows it. */
export const telegramTap = (text: string): Buffer =>
  json({
    update_id: 1,
    callback_query: {
      id: '1',
      from: { id: 5, first_name: text },
      data: text,
      message: {
        ...telegramMessage(text),
        from: { id: Number(bot.botId) },
        reply_markup: {
          inline_keyboard: listFor(text, (piece) => [
            { text: piece, callback_data: piece, url: `https://a.test/${piece}` },
          ]),
        },
      },
    },
  });

export const telegramFiles = (text: string) => ({
  ...telegramMessage(text),
  text: undefined,
  caption: text,
  caption_entities: entities(text),
  photo: listFor(text, (piece, at) => ({ file_id: piece, width: at, height: at })),
  document: { file_id: text, file_name: text, mime_type: text },
});

const intercomPart = (text: string) => ({
  id: '1',
  part_type: 'comment',
  author: { type: 'admin', id: '1', name: text, email: text },
  body: text,
  created_at: 1,
  attachments: listFor(text, (piece) => ({ url: `https://a.test/${piece}`, name: piece, content_type: piece })),
  metadata: { quick_reply_options: listFor(text, (piece) => ({ text: piece, uuid: piece })) },
});

/** A notification of Intercom with one long part, or with many. */
export const intercomNotification = (text: string, parts: 'one' | 'many' = 'one'): Buffer =>
  json({
    id: 'n',
    topic: 'conversation.admin.replied',
    created_at: 1,
    data: {
      item: {
        id: 'c',
        conversation_parts: {
          conversation_parts: parts === 'one' ? [intercomPart(text)] : listFor(text, intercomPart, 256),
        },
      },
    },
  });

/** An event of HubSpot. Without `richText` its plain words are read. */
export const hubspotEvent = (text: string, form: 'html' | 'plain' = 'html'): Buffer =>
  json({
    type: 'OUTGOING_CHANNEL_MESSAGE_CREATED',
    eventId: 'e',
    message: {
      id: 'm',
      conversationsThreadId: 't',
      type: 'MESSAGE',
      direction: 'OUTGOING',
      createdAt: text.slice(0, 100),
      senders: [{ actorId: `A-${text}` }],
      text,
      ...(form === 'html' ? { richText: text } : {}),
      attachments: [
        ...listFor(text, (piece) => ({ type: 'FILE', url: `https://a.test/${piece}`, name: piece })),
        ...listFor(text, (piece) => ({
          type: 'QUICK_REPLIES',
          quickReplies: [
            { valueType: 'URL', value: `https://a.test/${encodeURIComponent(wellFormed(piece))}`, label: piece },
          ],
        })),
      ],
    },
  });

export const agentReply = (text: string) => ({
  conversationId: 'c',
  entryId: 'e',
  author: { id: '1', name: text, kind: 'teammate' },
  body: richText(text),
  attachments: listFor(text, (piece) => ({
    url: `https://a.test/${encodeURIComponent(wellFormed(piece))}`,
    name: piece,
    mediaType: piece,
  })),
  quickReplies: listFor(text, (piece) => ({ label: piece, value: piece })),
  happenedAtMs: 1,
  markedOurs: false,
  textHash: text,
});

/** What a customer did, as the core knows it. */
export const inboundEvent = (text: string) => ({
  chat: { chatId: '5', kind: 'group', title: text, username: text, topicId: null, topicTitle: text },
  author: { userId: '5', name: text, username: text, languageCode: null },
  channelMessageId: '1',
  happenedAtMs: 1,
  editedAtMs: 2,
  content: { kind: 'text', ...richText(text) },
  forwardedFrom: text,
  via: text,
  answers: { channelMessageId: '2', excerpt: text, from: text },
});

export const entryBody = (text: string) => ({
  blocks: [
    { kind: 'text', ...richText(text) },
    { kind: 'quote', text },
    { kind: 'mark', text },
    { kind: 'link', label: text, url: text },
    { kind: 'controls', lines: listFor(text, (piece) => piece) },
  ],
  extras: [{ kind: 'contact', name: text, phone: text }],
});

export const sharedFile = (text: string) => ({
  media: 'document',
  fileId: text,
  fileUniqueId: text,
  name: text,
  mediaType: text,
  sizeBytes: 1,
  caption: text,
});

export const outboundContent = (text: string) => ({
  text,
  controls: {
    kind: 'buttons',
    rows: listFor(text, (piece) => [
      { label: piece, action: { kind: 'suggest', query: piece } },
      { label: piece, action: { kind: 'quick-reply', value: piece, data: piece } },
      { label: piece, action: { kind: 'callback', data: piece } },
    ]),
  },
});

/** The answer of a provider to a call. */
export const answered = (status: number, text: string) => ({
  kind: 'answered',
  status,
  headers: { link: text, 'retry-after': text },
  json: { message: text, category: text, errors: [{ code: text, message: text }] },
});

export const botAccount = bot;
