import { describe, expect, it } from 'vitest';
import { visibleName } from './visible-name.ts';

describe('a name', () => {
  it.each([
    ['nothing', ''],
    ['spaces', ' \u00a0\u2003'],
    ['a Hangul filler', '\u3164'],
    ['half-width and other fillers', '\uffa0\u115f\u1160'],
    ['a braille blank', '\u2800'],
    ['joiners and direction marks', '\u200d\u200c\u200e\u2066'],
    ['a word joiner and a soft hyphen', '\u2060\u00ad'],
    ['variation selectors', '\ufe0f\u{e0100}'],
    ['tags', '\u{e0061}\u{e007f}'],
    ['the object replacement', '\ufffc'],
    ['a null note head', '\u{1d159}'],
    ['half of a surrogate pair', '\ud83d'],
  ])('of %s is none', (_what, name) => {
    expect(visibleName(name)).toBeNull();
  });

  it.each([
    [' Ada ', 'Ada'],
    ['ㅤAda', 'ㅤAda'],
    ['👩‍💻', '👩‍💻'],
    ['.', '.'],
    ['ᅟ김', 'ᅟ김'],
  ])('of %j is shown as %j', (name, expected) => {
    expect(visibleName(name)).toBe(expected);
  });

  it('that is missing is none', () => {
    expect(visibleName(null)).toBeNull();
    expect(visibleName(undefined)).toBeNull();
  });
});
