import { bot, everyKind, rawMessage, rawUpdate } from '@chatferry/testkit/samples/telegram-update-samples';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from './decode.ts';
import { identify } from './identify.ts';

const kinds = new Set(['event', 'inline-query', 'chat-migrated', 'ignored']);

const expectRead = (raw: Buffer): void => {
  const decoded = decode(raw, bot);
  expect(kinds).toContain(decoded.kind);
  const identity = identify(raw);
  expect(typeof ('malformed' in identity ? identity.malformed : identity.updateId)).toBe('string');
  // What both name is the same chat: order is kept by the one, the conversation chosen by the other.
  if (decoded.kind === 'event' && 'updateId' in identity) expect(identity.chatId).toBe(decoded.event.chat.chatId);
};

/** The sample with one place in it replaced by anything. */
const mutated = fc.tuple(fc.constantFrom(...everyKind), fc.nat(), fc.jsonValue()).map(([sample, place, value]) => {
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

describe('decoding an update', () => {
  it('throws for no bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expectRead(Buffer.from(bytes))),
      { numRuns: 300 },
    );
  });

  it('throws for no JSON, also in fields that it reads', () => {
    const names = ['message', 'edited_message', 'callback_query', 'inline_query', 'my_chat_member'];
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.tuple(fc.constantFrom(...names), fc.jsonValue()).map(([name, value]) => ({ update_id: 1, [name]: value })),
    );
    fc.assert(
      fc.property(anything, (json) => expectRead(Buffer.from(JSON.stringify(json)))),
      { numRuns: 500 },
    );
  });

  it('throws for no value in any place of a real update', () => {
    fc.assert(fc.property(mutated, expectRead), { numRuns: 3_000 });
  });

  it('throws for no depth of JSON', () => {
    expectRead(Buffer.from(`{"update_id":1,"message":${'['.repeat(100_000)}${']'.repeat(100_000)}}`));
  });
});

describe('the identity of an update', () => {
  it('is its id, its kind and its chat', () => {
    expect(identify(rawMessage({ text: 'x' }))).toEqual({
      updateId: '900001',
      chatId: '555',
      kindOfUpdate: 'message',
      isAwaited: false,
    });
    const tap = rawUpdate({ callback_query: { id: '1', message: { chat: { id: -7 } } } });
    expect(identify(tap)).toEqual({
      updateId: '900001',
      chatId: '-7',
      kindOfUpdate: 'callback_query',
      isAwaited: true,
    });
  });

  it('has no chat where the update has none', () => {
    const query = rawUpdate({ inline_query: { id: '1', from: { id: 5 }, query: '' } });
    expect(identify(query)).toEqual({
      updateId: '900001',
      chatId: null,
      kindOfUpdate: 'inline_query',
      isAwaited: true,
    });
    expect(identify(rawUpdate({}))).toEqual({
      updateId: '900001',
      chatId: null,
      kindOfUpdate: 'none',
      isAwaited: false,
    });
  });

  it.each(['', '[]', '{}', '{"update_id":"1"}', '{"update_id":1.5}', '{"update_id":-1}'])('is missing in %j', (raw) => {
    const identity = identify(Buffer.from(raw));
    expect(identity).toEqual({ malformed: expect.any(String), fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(identify(Buffer.from(raw))).toEqual(identity);
  });
});
