import { describe, expect, it } from 'vitest';
import { at, body, button, choice, firstButton, type RefusedRow, refusal, remove } from '../testing/send-bodies.ts';
import { parseSend } from './parse-send.ts';

const rows: readonly RefusedRow[] = [
  [
    'NUL in an unknown field',
    { ...remove(), extra: ['\0'] },
    4,
    '/extra/0',
    'extra.0 must not contain the character NUL; remove it.',
  ],
  [
    'NUL in an unknown name',
    { ...remove(), 'a\0': 1 },
    4,
    '/a\0',
    'a\0 as a name must not contain the character NUL; remove it.',
  ],
];

describe('parseSend with an invalid body', () => {
  it.each(rows)('refuses %s', (_, input, ...refused) => {
    expect(parseSend(input, { strict: false })).toEqual(refusal(...refused));
  });
});

describe('unknown fields of a send', () => {
  const typo = body(
    { type: 'reply_buttons', text: 'x', texd: null, reply_markup: { inline_keyboard: [[{ ...choice, 'a/b~c': 1 }]] } },
    { open: true },
  );
  const places = [`${firstButton}/a~1b~0c`, `${at}/texd`, '/open'];

  it('are ignored and named in warnings', () => {
    const parsed = parseSend(typo, { strict: false });
    expect(parsed).toMatchObject({
      ok: true,
      value: body({ type: 'reply_buttons', text: 'x', reply_markup: { inline_keyboard: [[choice]] } }),
    });
    expect(parsed.ok ? parsed.warnings.map(({ pointer }) => pointer) : []).toEqual(places);
    expect(parsed.ok ? parsed.warnings[2]?.message : '').toBe('open is not a field of this API and was ignored.');
  });

  it('are errors with handling=strict', () => {
    const parsed = parseSend(typo, { strict: true });
    expect(parsed).toMatchObject({ ok: false, code: 4 });
    expect(parsed.ok ? [] : parsed.details.map(({ pointer }) => pointer)).toEqual(places);
  });

  it('named __proto__ or constructor are ordinary fields and do not change any prototype', () => {
    const input: unknown = JSON.parse(
      `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},${JSON.stringify(remove()).slice(1)}`,
    );
    const parsed = parseSend(input, { strict: false });
    expect(parsed.ok ? parsed.warnings.map(({ pointer }) => pointer) : []).toEqual(['/__proto__', '/constructor']);
    expect(parsed.ok && Object.getPrototypeOf(parsed.value) === Object.prototype).toBe(true);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(parseSend(input, { strict: true })).toMatchObject({ ok: false, code: 4 });
  });

  it('do not count as the action of a button', () => {
    expect(parseSend(button({ pay: true }), { strict: false })).toMatchObject({
      ok: false,
      code: 4,
      details: [{ pointer: firstButton }],
    });
  });
});
