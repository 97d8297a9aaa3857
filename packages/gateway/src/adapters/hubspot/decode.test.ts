import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InboxEvent } from '../../core/inbox/inbox-event.ts';
import { decode } from './decode.ts';
import { identify } from './identify.ts';
import { textHash } from './text-hash.ts';

const message = (more: object = {}) => ({
  id: 'm1',
  type: 'MESSAGE',
  channelId: '123',
  channelAccountId: '456',
  conversationsThreadId: '7001',
  createdAt: '2026-11-22T10:01:00Z',
  createdBy: 'A-123',
  client: { clientType: 'HUBSPOT' },
  direction: 'OUTGOING',
  text: 'Hello you',
  richText: '<p>Hello <strong>you</strong></p>',
  senders: [{ actorId: 'A-123' }],
  attachments: [],
  status: { statusType: 'SENT' },
  ...more,
});
const event = (more: object = {}) => ({
  type: 'OUTGOING_CHANNEL_MESSAGE_CREATED',
  portalId: '243842089',
  channelId: '123',
  eventId: 'e1',
  eventTimestamp: '2026-11-22T10:01:01Z',
  channelIntegrationThreadIds: ['tg:99:42'],
  message: message(more),
});
const bytes = (json: unknown): Buffer => Buffer.from(JSON.stringify(json));
const read = (json: unknown): readonly InboxEvent[] => decode(bytes(json), { app_id: '77' });
const replyOf = (more: object) => {
  const [decoded] = read(event(more));
  if (decoded?.kind !== 'reply') throw new Error(`expected a reply, got ${JSON.stringify(decoded)}`);
  return decoded.reply;
};

describe('an event of HubSpot', () => {
  it('is decoded as a reply', () => {
    expect(read(event())).toEqual([
      {
        kind: 'reply',
        reply: {
          conversationId: '7001',
          entryId: 'm1',
          author: { id: '123', name: null, kind: 'teammate' },
          body: { text: 'Hello you', spans: [{ kind: 'style', style: 'bold', start: 6, end: 9 }] },
          attachments: [],
          quickReplies: [],
          happenedAtMs: Date.parse('2026-11-22T10:01:00Z'),
          markedOurs: false,
          textHash: textHash('Hello you'),
        },
      },
    ]);
  });

  it('is decoded from a list too', () => {
    const events = read([event(), { type: 'CHANNEL_ACCOUNT_CREATED' }, event({ id: 'm2' })]);
    expect(events.map(({ kind }) => kind)).toEqual(['reply', 'ignored', 'reply']);
    expect(read([])).toEqual([]);
  });

  it.each([
    ['a comment', { type: 'COMMENT' }, 'COMMENT: internal'],
    ['a change of status', { type: 'THREAD_STATUS_CHANGE' }, 'THREAD_STATUS_CHANGE: internal'],
    ['an incoming message', { direction: 'INCOMING' }, 'MESSAGE: incoming'],
    ['the visitor’s words', { senders: [{ actorId: 'V-5' }] }, 'MESSAGE by the visitor'],
    ['nothing', { text: ' ', richText: '<p></p>' }, 'MESSAGE: says nothing'],
    [
      'what names no thread',
      { conversationsThreadId: null },
      'OUTGOING_CHANNEL_MESSAGE_CREATED names no message or no thread',
    ],
  ])('is not decoded as a reply: %s', (_what, more, reason) => {
    expect(read(event(more))).toEqual([{ kind: 'ignored', reason }]);
  });

  it.each(['CHANNEL_ACCOUNT_CREATED', 'CHANNEL_ACCOUNT_UPDATED', 'CHANNEL_ACCOUNT_PURGED', 'TYPE_OF_TOMORROW'])(
    'is ignored: %s',
    (type) => {
      expect(read({ ...event(), type })).toEqual([{ kind: 'ignored', reason: type }]);
    },
  );

  it.each([
    ['A-9', 'teammate'],
    ['B-1', 'bot'],
    ['S-hubspot', 'bot'],
    ['I-77', 'bot'],
    ['L-1', 'bot'],
  ])('has the author %s, who is a %s', (actorId, kind) => {
    const id = kind === 'teammate' ? '9' : actorId;
    expect(replyOf({ senders: [{ actorId }] }).author).toEqual({ id, name: null, kind });
  });

  it('has the author of its other fields when it names no sender', () => {
    expect(replyOf({ senders: [] }).author.id).toBe('123');
  });

  it.each([
    ['our app', { clientType: 'INTEGRATION', integrationAppId: 77 }, true],
    ['an app that HubSpot does not name', { clientType: 'INTEGRATION' }, true],
    ['another app', { clientType: 'INTEGRATION', integrationAppId: 78 }, false],
    ['a user of the portal', { clientType: 'HUBSPOT' }, false],
    ['an unknown author', null, false],
  ])('is marked as the gateway’s own when its app wrote it: %s', (_who, client, markedOurs) => {
    expect(replyOf({ client }).markedOurs).toBe(markedOurs);
  });

  it('is incomplete when HubSpot cut the text, unless the gateway wrote it', () => {
    const truncationStatus = 'TRUNCATED_TO_MOST_RECENT_REPLY';
    const reply = { conversationId: '7001', entryId: 'm1', happenedAtMs: Date.parse('2026-11-22T10:01:00Z') };
    expect(read(event({ truncationStatus }))).toEqual([{ kind: 'incomplete', reply }]);
    const client = { clientType: 'INTEGRATION', integrationAppId: 77 };
    expect(replyOf({ truncationStatus, client }).markedOurs).toBe(true);
    expect(replyOf({ truncationStatus: 'NOT_TRUNCATED' }).body.text).toBe('Hello you');
  });

  it('has the plain text when there is no HTML', () => {
    expect(replyOf({ richText: null, text: 'a < b &amp; <b>' }).body.text).toBe('a < b &amp; <b>');
    expect(replyOf({ richText: '<p> </p>' }).body.text).toBe('Hello you');
  });

  it('has its files and the images in its text, each once', () => {
    const richText =
      '<p>Look <img src="https://f.hubspot.example/a.png"><img src="https://f.hubspot.example/b.png"></p>';
    const attachments = [
      { type: 'FILE', fileId: '1', name: 'a.png', url: 'https://f.hubspot.example/a.png', fileUsageType: 'IMAGE' },
      { type: 'FILE', fileId: '2', name: 'no address' },
      { type: 'FILE', name: 'neither' },
      { type: 'UNSUPPORTED_CONTENT' },
      null,
    ];
    const reply = replyOf({ richText, attachments });
    expect(reply.body.text).toBe('Look');
    expect(reply.attachments).toEqual([
      { url: 'hubspot-file:1 https://f.hubspot.example/a.png', name: 'a.png', mediaType: null },
      { url: 'hubspot-file:2', name: 'no address', mediaType: null },
      { url: 'https://f.hubspot.example/b.png', name: 'b.png', mediaType: null },
    ]);
    expect(reply.omitted?.map(({ what }) => what)).toEqual([
      'the file “neither”',
      'an attachment of the kind UNSUPPORTED_CONTENT',
    ]);
  });

  it('is a reply even if no part of it can be sent, so that its agent is told', () => {
    const reply = replyOf({ text: '', richText: '<img src="cid:1@acme">', attachments: [] });
    expect(reply.attachments).toEqual([]);
    expect(reply.omitted?.map(({ what }) => what)).toEqual([expect.stringContaining('the image cid:1')]);
  });

  it('has the bytes of an image that was pasted into it', () => {
    const image = 'data:image/png;base64,iVBORw0KGgo=';
    const reply = replyOf({ text: 'See:', richText: `<p>See:</p><img src="${image}">`, attachments: [] });
    expect(reply.attachments).toEqual([{ url: image, name: null, mediaType: 'image/png' }]);
    expect(reply.omitted).toBeUndefined();
  });

  it('has its quick replies, and shows their addresses as links', () => {
    const quickReplies = [
      { value: 'yes', valueType: 'TEXT', label: 'Yes' },
      { value: 'No', valueType: 'TEXT' },
      { value: 'https://shop.example/', valueType: 'URL', label: 'Shop' },
      { value: 'javascript:x', valueType: 'URL', label: 'Bad' },
    ];
    const reply = replyOf({ richText: null, attachments: [{ type: 'QUICK_REPLIES', quickReplies }] });
    expect(reply.quickReplies).toEqual([
      { label: 'Yes', value: 'yes' },
      { label: 'No', value: 'No' },
    ]);
    expect(reply.body).toEqual({
      text: 'Hello you\nShop',
      spans: [{ kind: 'link', url: 'https://shop.example/', start: 10, end: 14 }],
    });
  });
});

describe('the identity of an event of HubSpot', () => {
  it('is its own id, or the message’s id, or its bytes', () => {
    const known = { conversationId: '7001', kindOfEvent: 'OUTGOING_CHANNEL_MESSAGE_CREATED' };
    expect(identify(bytes(event()))).toEqual({ eventId: 'e1', ...known });
    expect(identify(bytes([event()]))).toEqual({ eventId: 'e1', ...known });
    expect(identify(bytes({ ...event(), eventId: undefined }))).toEqual({ eventId: 'message:m1', ...known });
    expect(identify(bytes({ type: 'CHANNEL_ACCOUNT_PURGED' }))).toEqual({
      eventId: expect.stringMatching(/^sha256:\w{64}$/),
      conversationId: null,
      kindOfEvent: 'CHANNEL_ACCOUNT_PURGED',
    });
  });

  it('differs for lists that begin with the same event', () => {
    const ids = [[event()], [event(), event({ id: 'm2' })], [event(), event({ id: 'm3' })]].map((list) => {
      const identity = identify(bytes(list));
      return 'eventId' in identity ? identity.eventId : null;
    });
    expect(new Set(ids).size).toBe(3);
  });

  it('is missing when the bytes are no event', () => {
    for (const json of [{}, [], null, 7, [null]]) {
      expect(identify(bytes(json))).toEqual({ malformed: expect.any(String), fingerprint: expect.any(String) });
    }
  });
});

describe('anything in place of an event of HubSpot', () => {
  it('is decoded without an exception', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 100 }).map((raw) => Buffer.from(raw)),
      fc.jsonValue().map(bytes),
      fc.jsonValue().map((json) => bytes({ ...event(), message: json })),
      fc
        .jsonValue()
        .map((json) => bytes(event({ text: json, richText: json, attachments: json, senders: json, createdAt: json }))),
      fc.string({ unit: 'binary' }).map((richText) => bytes(event({ richText }))),
    );
    fc.assert(
      fc.property(anything, (raw) => {
        for (const { kind } of decode(raw, {})) expect(['reply', 'incomplete', 'ignored']).toContain(kind);
        identify(raw);
      }),
      { numRuns: 1_000 },
    );
    expect(decode(Buffer.from('['.repeat(1_000_000)), {})).toHaveLength(1);
  });
});
