import { describe, expect, it } from 'vitest';
import { unformatted } from './unformatted.ts';

const link = (offset: number, length: number, url: string) => ({ type: 'text_link', offset, length, url });

describe('a message without its formatting', () => {
  it('keeps its text and everything else, and writes out its links', () => {
    const wire = {
      chat_id: 42,
      text: 'See here, or there.',
      entities: [{ type: 'bold', offset: 0, length: 3 }, link(4, 4, 'https://a.test/'), link(13, 5, 'https://b.test/')],
      reply_markup: { inline_keyboard: [] },
    };
    expect(unformatted(wire)).toEqual({
      chat_id: 42,
      text: 'See here (https://a.test/), or there (https://b.test/).',
      reply_markup: { inline_keyboard: [] },
    });
  });

  it('writes out no link twice, and none for which there is no room', () => {
    const url = 'https://a.test/';
    expect(unformatted({ text: url, entities: [link(0, url.length, url)] })).toEqual({ text: url });
    const long = 'x'.repeat(1020);
    expect(unformatted({ caption: long, caption_entities: [link(0, 5, url)] })).toEqual({ caption: long });
  });
});
