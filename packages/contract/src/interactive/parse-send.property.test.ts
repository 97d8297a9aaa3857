import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintSource } from '../fingerprint.ts';
import { fromPointer } from '../json/pointer.ts';
import { sendExamples } from '../operations/send-examples.ts';
import { parseSend } from './parse-send.ts';
import { hasAtMost, utf8Length } from './text.ts';

const json = fc.jsonValue({ maxDepth: 6 });
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '\u200b', 'a'.repeat(5000), '\0', '\ud800', 'https://a.b'),
);
const loose = fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: json });

const button = fc.record(
  {
    text: loose,
    url: loose,
    switch_inline_query_current_chat: loose,
    callback_data: loose,
    web_app: fc.oneof(json, fc.record({ url: loose })),
    request_contact: fc.oneof(fc.boolean(), json),
    'x/~': json,
  },
  { requiredKeys: [] },
);
const rowsOf = fc.oneof(fc.array(fc.array(fc.oneof(button, button, loose), { maxLength: 4 }), { maxLength: 4 }), json);
const message = fc.record(
  {
    type: fc.oneof(
      fc.constantFrom('reply_buttons', 'reply_keyboard', 'remove_reply_keyboard', 'highlight_reply'),
      json,
    ),
    text: loose,
    reply_markup: fc.oneof(
      fc.record(
        {
          inline_keyboard: rowsOf,
          keyboard: rowsOf,
          remove_keyboard: json,
          force_reply: fc.boolean(),
          selective: json,
        },
        { requiredKeys: [] },
      ),
      json,
    ),
    ['__proto__']: json,
  },
  { requiredKeys: [] },
);
const nearlyValid = fc.record(
  {
    destination_user_id: fc.oneof(fc.integer(), fc.constantFrom('1', '0', ''), json),
    telegram_interactive_message: message,
    channel_id: json,
    constructor: json,
  },
  { requiredKeys: [] },
);

// Valid bodies.
const label = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .map((body) => `x${body}`.replaceAll('\0', ''));
const validButton = fc.oneof(
  fc.record({ text: label, switch_inline_query_current_chat: fc.string({ unit: 'grapheme-ascii' }) }),
  fc.record({ text: label, callback_data: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 64 }) }),
  fc.record({ text: label, url: fc.webUrl() }),
);
const validKey = fc.oneof(
  label,
  fc.record({ text: label, request_contact: fc.boolean() }),
  fc.record({ text: label, request_location: fc.option(fc.boolean()) }, { requiredKeys: ['text'] }),
);
const grid = <T>(cell: fc.Arbitrary<T>) =>
  fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 });
const valid = fc.record({
  destination_user_id: fc.integer({ min: 1, max: 2 ** 31 }),
  telegram_interactive_message: fc.oneof(
    fc.record({
      type: fc.constant('reply_buttons'),
      text: label,
      reply_markup: fc.record({ inline_keyboard: grid(validButton) }),
    }),
    fc.record({
      type: fc.constant('reply_keyboard'),
      text: label,
      reply_markup: fc.record(
        { keyboard: grid(validKey), resize_keyboard: fc.option(fc.boolean()) },
        { requiredKeys: ['keyboard'] },
      ),
    }),
  ),
});

type Container = Record<string, unknown>;
const asString = (body: { telegram_interactive_message?: unknown }) => ({
  ...body,
  telegram_interactive_message: JSON.stringify(body.telegram_interactive_message),
});
const isObject = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

describe('parseSend', () => {
  it('never throws on any JSON value', () => {
    fc.assert(
      fc.property(fc.oneof(json, nearlyValid), fc.boolean(), (input, strict) => {
        const parsed = parseSend(input, { strict });
        if (!parsed.ok) expect(parsed.details.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('accepts valid bodies, and accepts the values that it returned without changes', () => {
    fc.assert(
      fc.property(valid, (input) => {
        const parsed = parseSend(input, { strict: true });
        if (!parsed.ok) throw new Error(JSON.stringify(parsed));
        expect(parseSend(parsed.value, { strict: true })).toEqual({ ok: true, value: parsed.value, warnings: [] });
        expect(JSON.parse(JSON.stringify(parsed.value))).toStrictEqual(parsed.value);
      }),
      { numRuns: 500 },
    );
  });

  it('has the same result for the object form and the string form', () => {
    fc.assert(
      fc.property(fc.oneof(valid, nearlyValid), fc.boolean(), (input, strict) => {
        const body: unknown = JSON.parse(JSON.stringify(input));
        fc.pre(isObject(body) && isObject(body['telegram_interactive_message']));
        const object = body as { telegram_interactive_message: unknown };
        expect(parseSend(asString(object), { strict })).toEqual(parseSend(object, { strict }));
      }),
      { numRuns: 2000 },
    );
  });

  it('points to an existing place, or to a missing field of an existing object', () => {
    fc.assert(
      fc.property(nearlyValid, (input) => {
        const body: unknown = JSON.parse(JSON.stringify(input));
        const parsed = parseSend(body, { strict: true });
        for (const { pointer } of parsed.ok ? [] : parsed.details) {
          const tokens = fromPointer(pointer);
          let at: unknown = body;
          for (const token of tokens.slice(0, -1)) {
            expect(at !== null && typeof at === 'object' && Object.hasOwn(at, token), pointer).toBe(true);
            at = (at as Container)[token];
          }
          if (tokens.length > 0) expect(at !== null && typeof at === 'object', pointer).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('fingerprintSource', () => {
  const of = (body: unknown) => {
    const parsed = parseSend(body, { strict: false });
    return parsed.ok ? fingerprintSource('POST /x', parsed.value) : 'refused';
  };

  it('is the same for any order of keys, both forms of the message and both forms of the id', () => {
    const { destination_user_id: id, telegram_interactive_message: content } = sendExamples.inlineButtons.value;
    const same = of({ destination_user_id: id, telegram_interactive_message: content });
    const turned = Object.fromEntries(Object.entries(content).reverse());
    expect(of({ telegram_interactive_message: turned, destination_user_id: Number(id) })).toBe(same);
    expect(of({ destination_user_id: id, telegram_interactive_message: JSON.stringify(turned) })).toBe(same);
    expect(of({ destination_user_id: id, telegram_interactive_message: { ...content, text: 'Other' } })).not.toBe(same);
    expect(fingerprintSource('POST /y', 1)).not.toBe(fingerprintSource('POST /x', 1));
  });
});

describe('fingerprintSource of any JSON value', () => {
  it('does not depend on the order of keys', () => {
    expect(fingerprintSource('r', { b: [{ d: 1, c: undefined }], a: null })).toBe('r\n{"a":null,"b":[{"d":1}]}');
    expect(fingerprintSource('r', [1, 2])).not.toBe(fingerprintSource('r', [2, 1]));
  });
});

describe('utf8Length and hasAtMost', () => {
  it('agree with TextEncoder and string iteration', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (value, max) => {
        expect(utf8Length(value)).toBe(new TextEncoder().encode(value).length);
        expect(hasAtMost(value, max)).toBe([...value].length <= max);
      }),
    );
  });
});
