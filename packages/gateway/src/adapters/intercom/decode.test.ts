import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InboxEvent } from '../../core/inbox/inbox-event.ts';
import { decode } from './decode.ts';
import { identify } from './identify.ts';
import { bodyHash } from './normalise.ts';

/** After Intercom's envelope (webhook models) and a payload that a customer published, shortened. */
const notification = (topic: string, item: object, more: object = {}) => ({
  type: 'notification_event',
  id: 'notif_1',
  app_id: 'l4e36xhv',
  topic,
  created_at: 1_779_200_976,
  data: { type: 'notification_event_data', item },
  ...more,
});
const part = (more: object = {}) => ({
  id: '45763812690',
  part_type: 'comment',
  body: '<p class="no-margin">Hello</p>',
  created_at: 1_779_200_970,
  author: { id: '6827949', type: 'admin', name: 'Grace', email: 'grace@acme.example' },
  attachments: [],
  redacted: false,
  metadata: {},
  app_package_code: null,
  ...more,
});
const about = (topic: string, ...parts: readonly object[]) =>
  notification(topic, {
    type: 'conversation',
    id: '215474343849634',
    conversation_parts: { type: 'conversation_part.list', total_count: parts.length, conversation_parts: parts },
  });
const read = (json: unknown): readonly InboxEvent[] => decode(Buffer.from(JSON.stringify(json)));
const replied = (more: object = {}): readonly InboxEvent[] => read(about('conversation.admin.replied', part(more)));
const replyOf = (more: object) => {
  const [event] = replied(more);
  if (event?.kind !== 'reply') throw new Error(`expected a reply, got ${JSON.stringify(event)}`);
  return event.reply;
};

const image = {
  type: 'upload',
  name: 'cat.png',
  url: 'https://a.intercomcdn.com/cat.png?e=1',
  content_type: 'image/png',
};

describe('a notification of Intercom', () => {
  it('is decoded as a reply', () => {
    expect(replied()).toEqual([
      {
        kind: 'reply',
        reply: {
          conversationId: '215474343849634',
          entryId: '45763812690',
          author: { id: '6827949', name: 'Grace', kind: 'teammate' },
          body: { text: 'Hello', spans: [] },
          attachments: [],
          quickReplies: [],
          happenedAtMs: 1_779_200_970_000,
          markedOurs: false,
          textHash: bodyHash('Hello'),
        },
      },
    ]);
  });

  it('has the customer’s language where Intercom translated it, and the hash of what the teammate wrote', () => {
    const translations = { original: 'en', en: '<p>Hello</p>', fr: '<p>Bonjour <b>Ada</b></p>' };
    const reply = replyOf({ body: 'Hello', translations });
    expect(reply.body.text).toBe('Bonjour Ada');
    expect(reply.body.spans).toHaveLength(1);
    expect(reply.isPlain).toBeUndefined();
    expect(reply.textHash).toBe(bodyHash('Hello'));
    expect(replyOf({ translations: { original: 'en', en: '<p>Hello</p>' } }).body.text).toBe('Hello');
    expect(replyOf({ translations: null }).body.text).toBe('Hello');
  });

  it('has the original, and says so, where Intercom has several translations', () => {
    const reply = replyOf({ translations: { original: 'en', fr: '<p>Bonjour</p>', de: '<p>Hallo</p>' } });
    expect(reply.body.text).toBe('Hello');
    expect(reply.omitted?.map(({ what }) => what)).toEqual(['the translations (fr, de)']);
  });

  it('is a reply even if no part of it can be sent, so that its agent is told', () => {
    const reply = replyOf({ body: '<p><img src="cid:1"></p>' });
    expect(reply.omitted?.map(({ what }) => what)).toEqual([expect.stringContaining('the image cid:1')]);
  });

  it.each([
    'conversation.admin.replied',
    'conversation.admin.replied.translated',
    'conversation.operator.replied',
    'conversation.admin.closed',
    'conversation.admin.opened',
    'conversation.admin.assigned',
  ])('is decoded as a reply under the topic %s, with any type of part', (topic) => {
    for (const part_type of ['comment', 'assignment', 'close', 'open', 'quick_reply']) {
      expect(read(about(topic, part({ part_type }))).map(({ kind }) => kind)).toEqual(['reply']);
    }
  });

  it.each([
    ['a note', { part_type: 'note' }, 'note: internal'],
    ['a part of another kind', { part_type: 'snoozed' }, 'snoozed: internal'],
    ['a part without a kind', { part_type: null }, 'part without a type: internal'],
    ['words of a user', { author: { type: 'user', id: '1' } }, 'comment by user'],
    ['words of a lead', { author: { type: 'lead', id: '1' } }, 'comment by lead'],
    ['words without an author', { author: null }, 'comment by an unknown author'],
    ['a redacted part', { redacted: true }, 'comment: redacted'],
    ['a closing without words', { part_type: 'close', body: null }, 'close: says nothing'],
    ['an assignment with an empty paragraph', { part_type: 'assignment', body: '<p></p>' }, 'assignment: says nothing'],
    ['a part without an id', { id: null }, 'comment without an id'],
  ])('is not decoded as a reply: %s', (_what, more, reason) => {
    expect(replied(more)).toEqual([{ kind: 'ignored', reason }]);
  });

  it.each([
    'ping',
    'conversation.admin.noted',
    'conversation.user.replied',
    'conversation_part.redacted',
    'conversation_part.tag.created',
    'contact.deleted',
    'topic.of.tomorrow',
  ])('is ignored: %s', (topic) => {
    expect(read(about(topic, part()))).toEqual([{ kind: 'ignored', reason: topic }]);
  });

  it('may carry any number of parts', () => {
    const both = read(
      about('conversation.admin.replied', part(), part({ id: '2', part_type: 'note' }), part({ id: '3' })),
    );
    expect(both.map(({ kind }) => kind)).toEqual(['reply', 'ignored', 'reply']);
  });

  it('is incomplete when it carries no part', () => {
    const [event] = read(about('conversation.admin.replied'));
    expect(event).toMatchObject({ kind: 'incomplete', reply: { entryId: null } });
  });

  it.each([
    ['a workflow’s bot', { type: 'bot', id: '7', name: 'Operator', from_ai_agent: false }, 'bot'],
    ['Fin', { type: 'bot', id: '7', name: 'Fin', from_ai_agent: true, is_ai_answer: true }, 'bot'],
    [
      'the operator that calls itself an admin',
      { type: 'admin', id: 7, name: 'Fin', email: 'operator+l4e36xhv@intercom.io' },
      'bot',
    ],
    ['a team', { type: 'team', id: '8', name: 'Support' }, 'teammate'],
  ])('names %s as the author', (_who, author, kind) => {
    expect(replyOf({ author }).author).toEqual({ id: String(author.id), name: author.name, kind });
  });

  it('has its quick replies, which need no text', () => {
    const options = [{ text: 'Yes', uuid: 'u-1' }, { text: 'No' }, { uuid: 'u-3' }, null];
    const reply = replyOf({ part_type: 'quick_reply', body: null, metadata: { quick_reply_options: options } });
    expect(reply.quickReplies).toEqual([
      { label: 'Yes', value: 'u-1' },
      { label: 'No', value: 'No' },
    ]);
  });

  it('shows no placeholder for a file that it carries, and one for a file that it does not carry', () => {
    const bodies = ['See [Image] here\n[Image]', '[Image]', 'none'];
    const texts = bodies.map((body) => replyOf({ body, attachments: [image] }).body.text);
    expect(texts).toEqual(['See [Image] here', '', 'none']);
    expect(replyOf({ body: '[GIF]' }).body.text).toBe('[GIF]');
  });

  it('has its files, and the images in the text of older versions, each once', () => {
    const body = `<p>Look</p><img src="${image.url}"><img src="https://a.intercomcdn.com/dog.png">`;
    expect(replyOf({ body, attachments: [image, { url: 'file:///etc/passwd' }, null] }).attachments).toEqual([
      { url: image.url, name: 'cat.png', mediaType: 'image/png' },
      { url: 'https://a.intercomcdn.com/dog.png', name: 'dog.png', mediaType: null },
    ]);
  });

  it('keeps the formatting of HTML, and plain text as it was typed', () => {
    expect(replyOf({ body: '<p>Hello <b>you</b></p>' }).body).toEqual({
      text: 'Hello you',
      spans: [{ kind: 'style', style: 'bold', start: 6, end: 9 }],
    });
    expect(replyOf({ body: 'if a < b then <b> &amp; done' }).body.text).toBe('if a < b then <b> &amp; done');
  });

  it('is decoded as a deleted conversation', () => {
    expect(read(notification('conversation.deleted', { type: 'conversation', id: '7' }))).toEqual([
      { kind: 'conversation-gone', conversationId: '7' },
    ]);
  });

  it('is decoded as merged contacts if it names them', () => {
    const merge_history = [{ source_contact_id: 'a' }, { source_contact_id: 'b' }];
    expect(read(notification('contact.merged', { type: 'contact', id: 'c', merge_history }))).toEqual([
      { kind: 'contact-merged', fromContactId: 'a', intoContactId: 'c' },
      { kind: 'contact-merged', fromContactId: 'b', intoContactId: 'c' },
    ]);
    expect(read(notification('contact.merged', { type: 'contact', id: 'c' }))).toEqual([
      { kind: 'ignored', reason: 'contact.merged does not say which contact was merged' },
    ]);
  });
});

describe('the identity of a notification', () => {
  const identityOf = (json: unknown) => identify(Buffer.from(JSON.stringify(json)));

  it('is its own id, beside the conversation', () => {
    const topic = 'conversation.admin.replied';
    const expected = { eventId: 'notif_1', conversationId: '215474343849634', kindOfEvent: topic };
    expect(identityOf(about(topic, part()))).toEqual(expected);
    expect(identityOf(notification('ping', { type: 'ping', id: '9' }))).toMatchObject({ conversationId: null });
    expect(identityOf(notification('contact.merged', { id: 'c' }))).toMatchObject({ conversationId: null });
  });

  it('is missing without an id or a topic, with the same fingerprint for the same bytes', () => {
    for (const json of [{}, [], null, { topic: 'ping' }, { id: '1' }]) {
      expect(identityOf(json)).toEqual({
        malformed: expect.any(String),
        fingerprint: expect.stringMatching(/^\w{64}$/),
      });
      expect(identityOf(json)).toEqual(identityOf(json));
    }
  });
});

describe('anything in place of a notification', () => {
  it('is decoded without an exception', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
      fc.jsonValue().map((json) => Buffer.from(JSON.stringify(json))),
      fc
        .jsonValue()
        .map((json) =>
          Buffer.from(
            JSON.stringify(
              about(
                'conversation.admin.replied',
                part({ body: json, attachments: json, author: json, metadata: json, created_at: json }),
              ),
            ),
          ),
        ),
      fc
        .jsonValue()
        .map((json) => Buffer.from(JSON.stringify({ ...about('conversation.admin.closed'), data: { item: json } }))),
      fc
        .string({ unit: 'binary' })
        .map((body) => Buffer.from(JSON.stringify(about('conversation.admin.replied', part({ body }))))),
    );
    fc.assert(
      fc.property(anything, (raw) => {
        for (const event of decode(raw)) expect(['reply', 'incomplete', 'ignored']).toContain(event.kind);
        identify(raw);
      }),
      { numRuns: 1_000 },
    );
    expect(decode(Buffer.from('['.repeat(1_000_000)))).toHaveLength(1);
  });
});
