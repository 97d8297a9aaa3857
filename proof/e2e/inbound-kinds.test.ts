import type { Customer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { inboxKinds, openDesk, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram } = rig.sandbox;
const started = 'customer: ⁂ (started the bot)';
const minutes = (count: number): number => count * 60;
const began = 1_790_000_000;

/** A person’s raw messages, each with the number that the row gives it. */
function author({ at }: Customer) {
  const { chat, user } = telegram.transcript(at);
  const message = (id: number, fields: object) => ({ message_id: id, date: began, chat, from: user, ...fields });
  return {
    sends: (id: number, fields: object) => telegram.sendUpdate(at, { update: { message: message(id, fields) } }),
    edits: (id: number, afterS: number, fields: object) =>
      telegram.sendUpdate(at, {
        update: { edited_message: message(id, { edit_date: began + afterS, ...fields }) },
      }),
    taps: (id: string, fields: object) =>
      telegram.sendUpdate(at, {
        update: { callback_query: { id, from: user, chat_instance: '1', data: 'y', ...fields } },
      }),
    at,
    chat,
    user,
  };
}
type Author = ReturnType<typeof author>;

/** What a customer does, and how the conversation reads then; an entry is compared as far as the row says. */
interface Row {
  readonly what: string;
  readonly act: (one: Author) => void;
  readonly entries: readonly string[];
}

const row = (what: string, act: Row['act'], ...entries: readonly string[]): Row => ({ what, act, entries });

const rows: readonly Row[] = [
  row(
    'formatting, with the addresses of links',
    ({ sends }) =>
      sends(900, {
        text: 'Read this now',
        entities: [
          { type: 'text_link', offset: 5, length: 4, url: 'https://example.com/terms' },
          { type: 'bold', offset: 10, length: 3 },
        ],
      }),
    'Read this',
  ),
  row(
    'an edit that changes words, and none that does not',
    ({ sends, edits }) => {
      sends(900, { text: 'Helo' });
      edits(900, 5, { text: 'Helo', link_preview_options: { is_disabled: true } });
      edits(900, 9, { text: 'Hello' });
      edits(900, 12, { text: 'Hello', reply_markup: { inline_keyboard: [] } });
    },
    'Helo',
    'Hello | ⁂ (edited)',
  ),
  row(
    'both of two edits within one second, each of them once',
    ({ sends, edits }) => {
      sends(900, { text: 'version 0' });
      edits(900, 5, { text: 'version 1' });
      edits(900, 5, { text: 'version 2' });
      edits(900, 5, { text: 'version 1' });
      edits(900, 5, { text: 'version 2' });
    },
    'version 0',
    'version 1 | ⁂ (edited)',
    'version 2 | ⁂ (edited)',
  ),
  row(
    'a live location: the first place, some on the way, the last',
    ({ sends, edits }) => {
      const location = (latitude: number, live = true) => ({
        location: { latitude, longitude: 13.4, ...(live ? { live_period: 3_600 } : {}) },
      });
      sends(900, location(52.5));
      edits(900, 10, location(52.51));
      edits(900, 20, location(52.52));
      edits(900, minutes(6), location(52.53));
      edits(900, minutes(6) + 10, location(52.54));
      edits(900, minutes(7), location(52.55, false));
      edits(900, minutes(7) + 1, location(52.55, false));
    },
    '52.5, 13.4',
    '52.53, 13.4',
    '52.55, 13.4',
  ),
  row(
    'a reply to a photo, to a part of a text, and to what is elsewhere',
    ({ sends, chat, user }) => {
      const replied = { message_id: 800, date: began, chat, from: user };
      sends(900, { text: 'Nice', reply_to_message: { ...replied, photo: [{ file_id: 'F' }] } });
      sends(901, {
        text: 'The second',
        reply_to_message: { ...replied, text: 'One or two?' },
        quote: { text: 'two', position: 7 },
      });
      const origin = { type: 'hidden_user', sender_user_name: 'Ada', date: 1 };
      sends(902, { text: 'True?', external_reply: { origin, voice: { file_id: 'F' } } });
      sends(903, { text: 'Ha', via_bot: { id: 99, is_bot: true, first_name: 'G', username: 'gifs' } });
    },
    '⁂ (answers: photo) | Nice',
    '⁂ > two | The second',
    '⁂ (answers “Ada”) | ⁂ (answers: voice message) | True?',
    'Ha | ⁂ (via the bot “@gifs”)',
  ),
  row(
    'what has no form of its own in an inbox',
    ({ sends }) => {
      sends(900, { story: { id: 7, chat: { id: -100, type: 'channel', title: 'News', username: 'news' } } });
      sends(901, { checklist: { title: 'Shop', tasks: [{ id: 1, text: 'Tea' }] } });
      sends(902, { gift: { gift: { id: '1', star_count: 5 }, text: 'For you' } });
      sends(903, { paid_media: { star_count: 5, paid_media: [{ type: 'preview' }] } });
      sends(904, { successful_payment: { currency: 'EUR', total_amount: 1_250 } });
      sends(905, { hologram: {}, caption: 'Look' });
      sends(906, { pinned_message: {} });
    },
    'https://t.me/news/s/7 | ⁂ (shared a story of “News”)',
    'Shop | ☐ Tea | ⁂ (sent a checklist)',
    'For you | ⁂ (sent a gift worth 5 stars)',
    '⁂ (sent a file that cost 5 stars to see)',
    '12.50 EUR | ⁂ (paid)',
    'Look | ⁂ (unsupported message (hologram))',
  ),
];

describe.each(inboxKinds)('what a customer does, in %s', (kind) => {
  it.each(rows)('is shown completely: $what', async ({ act, entries }) => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    const one = author(customer);
    act(one);
    telegram.text(one.at, { text: 'That is all' });
    const wanted = [started, ...entries.map((entry) => `customer: ${entry}`), 'customer: That is all'];
    await eventually(() => {
      const seen = desk.conversations().flatMap(({ entries: all }) => all);
      const lines = seen.map(
        ({ by, text }) =>
          `${by}: ${text
            .split('\n')
            .map((line) => line.trim())
            .filter(Boolean)
            .join(' | ')}`,
      );
      expect(lines.map((line, at) => line.slice(0, wanted[at]?.length))).toEqual(wanted);
    });
  });

  it('names the button that was tapped, also when Telegram no longer shows its message', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    await desk.send(customer, {
      type: 'reply_buttons',
      text: 'Shall we?',
      reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] },
    });
    const asked = 'teammate: Shall we? | [Yes]';
    await desk.reads(started, asked);
    const { chat, taps, at } = author(customer);
    const messageId = telegram.sent(at).at(-1)?.message_id;
    taps('old', { message: { message_id: messageId, chat, date: 0 } });
    taps('older', { message: { message_id: 1, chat, date: 0 } });
    taps('elsewhere', { inline_message_id: 'abc' });
    telegram.text(at, { text: 'Well?' });
    await desk.reads(
      started,
      asked,
      'customer: ⁂ > Shall we? | Yes | ⁂ (tapped a button)',
      'customer: ⁂ (tapped a button whose label is not known)',
      'customer: Well?',
    );
  });
});
