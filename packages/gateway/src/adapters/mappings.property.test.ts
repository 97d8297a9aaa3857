import { defaultChannelOptions } from '@chatferry/contract';
import { contentSamples } from '@chatferry/testkit/samples/telegram-message-samples';
import { bot, everyKind, rawMessage } from '@chatferry/testkit/samples/telegram-update-samples';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyOfInbound, isCustomerSpeech } from '../core/inbox/inbound-body.ts';
import type { InboxEvent } from '../core/inbox/inbox-event.ts';
import { prepareReply } from '../core/inbox/prepare-reply.ts';
import { storable } from '../core/message/storable.ts';
import type { ContactRequest, ConversationLink, InboxEntry } from '../ports/inbox.ts';
import { decode as decodeHubspot } from './hubspot/decode.ts';
import { encodeComment, encodeMessage } from './hubspot/encode.ts';
import { decode as decodeIntercom } from './intercom/decode.ts';
import { encodeAdminReply, encodeContactReply } from './intercom/encode.ts';
import { decode } from './telegram/decode.ts';
import { encodeReply } from './telegram/encode-reply.ts';

/** A value with one place in it replaced by anything. */
const mutated = (samples: readonly object[]) =>
  fc.tuple(fc.constantFrom(...samples), fc.nat(), fc.jsonValue()).map(([sample, place, value]) => {
    const copy = structuredClone(sample);
    const places = placesIn(copy);
    places[place % places.length]?.(value);
    return Buffer.from(JSON.stringify(copy));
  });

function placesIn(value: object): ((value: unknown) => void)[] {
  return Object.keys(value).flatMap((key) => {
    const child: unknown = Reflect.get(value, key);
    const set = (next: unknown): void => void Reflect.set(value, key, next);
    return typeof child === 'object' && child !== null ? [set, ...placesIn(child)] : [set];
  });
}

const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text) && !text.includes('\u0000');

describe('any update of Telegram', () => {
  const samples = [
    ...everyKind,
    ...Object.values(contentSamples).map(([fields]) => JSON.parse(rawMessage({ ...fields }).toString()) as object),
  ];
  const link: ConversationLink = { contact: { contactId: '7', data: {} }, conversationId: '8', generation: 0 };

  function entryOf(raw: Buffer): { readonly request: ContactRequest; readonly entry: InboxEntry } | null {
    const decoded = decode(raw, bot);
    if (decoded.kind !== 'event') return null;
    const event = storable(decoded.event);
    const channel = { botId: bot.botId, username: bot.username, name: bot.name, ref: { channelAccountId: '1' } };
    return {
      request: { channel, chat: event.chat, person: event.author },
      entry: {
        key: 'k',
        author: isCustomerSpeech(event.content) ? { kind: 'customer', name: event.author.name } : { kind: 'note' },
        body: bodyOfInbound(event, null),
        happenedAtMs: 0,
      },
    };
  }

  it('becomes a valid request to either inbox, or none', () => {
    fc.assert(
      fc.property(mutated(samples), (raw) => {
        const made = entryOf(raw);
        if (made === null) return;
        const { request, entry } = made;
        for (const wire of [encodeContactReply('7', entry), encodeAdminReply('note', '1', entry)]) {
          const body: unknown = Reflect.get(wire, 'body');
          expect(typeof body === 'string' && body.length > 0 && isWellFormed(body)).toBe(true);
        }
        for (const wire of [encodeMessage(request, link, entry, null), encodeComment(entry.body)]) {
          const text: unknown = Reflect.get(wire, 'text');
          expect(typeof text === 'string' && text.length > 0 && isWellFormed(text)).toBe(true);
          for (const attachment of Reflect.get(wire, 'attachments') as readonly object[]) {
            expect(['LOCATION', 'CONTACT']).toContain(Reflect.get(attachment, 'type'));
            if ('latitude' in attachment) expect(Number.isFinite(attachment.latitude)).toBe(true);
          }
        }
        const html = String(Reflect.get(encodeComment(entry.body), 'richText'));
        // Whatever was said, the only tags are ours, and each is closed.
        const open: string[] = [];
        for (const [, slash, name = ''] of html.matchAll(/<(\/?)(p|br|b|i|code|a)(?: href="[^"<>]*")?>/g)) {
          if (slash === '/') expect(open.pop()).toBe(name);
          else if (name !== 'br') open.push(name);
        }
        expect(open).toEqual([]);
        expect(html.replace(/<\/?(?:p|br|b|i|code|a)(?: href="[^"<>]*")?>/g, '')).not.toMatch(/[<>]/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('any event of an inbox', () => {
  const words = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom('<p>Hi <b>you</b></p>', '[Label -> https://a.example]', '[[Key]] [[Phone -> phone]]', '\n\n'),
    fc.nat({ max: 6_000 }).map((count) => '😀 '.repeat(count)),
    fc
      .array(
        fc.constantFrom('<p>', '</p>', '<b>', '<i>', '</b>', '<a href="https://a.example/x">', '<li>', 'word ', '&lt;'),
        {
          maxLength: 30,
        },
      )
      .map((tokens) => tokens.join('')),
  );
  const html = fc.array(words, { maxLength: 6 }).map((pieces) => pieces.join(''));
  const files = fc.array(fc.constantFrom('a.png', 'b.pdf', 'c'), { maxLength: 3 });

  const intercomEvent = (body: unknown, names: readonly string[]): Buffer =>
    Buffer.from(
      JSON.stringify({
        topic: 'conversation.admin.replied',
        created_at: 1,
        data: {
          item: {
            type: 'conversation',
            id: '8',
            conversation_parts: {
              conversation_parts: [
                {
                  id: '9',
                  part_type: 'comment',
                  body,
                  author: { type: 'admin', id: '1', name: 'Ada' },
                  attachments: names.map((name) => ({
                    name,
                    url: `https://a.example/${name}`,
                    content_type: 'image/png',
                  })),
                  metadata: { quick_reply_options: [{ text: 'Yes', uuid: 'y' }] },
                },
              ],
            },
          },
        },
      }),
    );
  const hubspotEvent = (body: unknown, names: readonly string[]): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: 'OUTGOING_CHANNEL_MESSAGE_CREATED',
        message: {
          id: '9',
          conversationsThreadId: '8',
          direction: 'OUTGOING',
          senders: [{ actorId: 'A-1' }],
          text: body,
          richText: body,
          attachments: names.map((name) => ({ type: 'FILE', name, url: `https://a.example/${name}` })),
        },
      }),
    );

  function expectLawfulWire(wire: Readonly<Record<string, unknown>>): void {
    const isFile = wire['file'] !== undefined;
    const said = wire[isFile ? 'caption' : 'text'];
    if (!isFile) expect(typeof said).toBe('string');
    if (typeof said === 'string') {
      const length = [...said].length;
      expect(length >= (isFile ? 0 : 1) && length <= (isFile ? 1_024 : 4_096)).toBe(true);
      expect(isWellFormed(said)).toBe(true);
    }
    const entities = (wire[isFile ? 'caption_entities' : 'entities'] ?? []) as {
      offset: number;
      length: number;
      type: string;
      url?: string;
    }[];
    expect(entities.length).toBeLessThanOrEqual(100);
    for (const { offset, length, type, url } of entities) {
      expect(offset >= 0 && length > 0 && offset + length <= String(said).length).toBe(true);
      if (type === 'text_link') expect(() => new URL(url ?? '')).not.toThrow();
    }
    expect(wire['chat_id']).toBe(5);
  }

  function expectLawful(events: readonly InboxEvent[]): void {
    for (const event of events) {
      if (event.kind !== 'reply') continue;
      const { reply } = prepareReply(event.reply, { ...defaultChannelOptions, agent_name: 'first_name' }, 'Ada Byron');
      for (const { wire } of encodeReply({ chatId: '5', topicId: null }, reply)) expectLawfulWire(wire);
    }
  }

  it('becomes valid messages of Telegram, or none', () => {
    fc.assert(
      fc.property(html, files, (body, names) => {
        expectLawful(decodeIntercom(intercomEvent(body, names)));
        expectLawful(decodeHubspot(hubspotEvent(body, names), {}));
      }),
      { numRuns: 300 },
    );
  });

  it('becomes valid messages also when some value in it has the wrong type', () => {
    const samples = [intercomEvent('<p>Hi</p>', ['a.png']), hubspotEvent('<p>Hi</p>', ['a.png'])].map(
      (raw) => JSON.parse(raw.toString()) as object,
    );
    fc.assert(
      fc.property(mutated(samples), (raw) => {
        expectLawful(decodeIntercom(raw));
        expectLawful(decodeHubspot(raw, {}));
      }),
      { numRuns: 1_500 },
    );
  });
});
