import { describe, expect, it } from 'vitest';
import { awaitsTranslation } from './translation.ts';

const nowMs = 1_779_200_972_000;
const part = (more: object = {}) => ({
  id: '2',
  created_at: 1_779_200_970,
  author: { type: 'admin' },
  translations: null,
  ...more,
});
const translated = { id: '1', author: { type: 'admin' }, translations: { original: 'en', fr: '<p>Oui</p>' } };

describe('a reply without a translation', () => {
  it('waits for it for some seconds, in a conversation whose replies are translated', () => {
    expect(awaitsTranslation(part(), [translated, part()], nowMs)).toBe(true);
    expect(awaitsTranslation(part(), [translated, part()], nowMs + 2_000)).toBe(false);
  });

  it.each([
    ['in another conversation', part(), [part()]],
    ['of a bot', part({ author: { type: 'bot' } }), [translated]],
    ['that has it', translated, [translated]],
  ])('does not wait %s', (_what, reply, all) => {
    expect(awaitsTranslation(reply, all, nowMs)).toBe(false);
  });
});
