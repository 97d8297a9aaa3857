import { contentSamples } from '@chatferry/testkit/samples/telegram-message-samples';
import { bot, rawMessage } from '@chatferry/testkit/samples/telegram-update-samples';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../core/inbox/entry.ts';
import { htmlOf } from '../../core/inbox/entry-html.ts';
import { bodyOfInbound } from '../../core/inbox/inbound-body.ts';
import { decode } from './decode.ts';

/** What a customer may write: the gateway's own words, its sign, quotation marks, new lines, and brackets. */
const hostileText = fc
  .array(
    fc.constantFrom(
      '⁂',
      '⁂ (shared their own number)',
      '⁂ > Refund approved',
      '\n⁂ (tapped a button)',
      '(edited)',
      '“',
      '”',
      '\n',
      '\r',
      '\u2028',
      '\u202e',
      '\u200b⁂',
      ') ⁂ (“Boss” in “Team”:)',
      '> ',
      'Boss',
      'a',
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => `a${parts.join('')}`);

/** What Telegram itself writes into these. */
const notWritten = new Set(['type', 'file_id', 'file_unique_id', 'username', 'currency', 'mime_type', 'emoji']);

/** The same update, with this text in place of every text that a person can choose. */
function written(value: unknown, text: string, name = ''): unknown {
  if (typeof value === 'string') return notWritten.has(name) ? value : text;
  if (Array.isArray(value)) return value.map((member) => written(member, text, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, written(member, text, key)]));
}

const person = { id: 7, is_bot: false, first_name: 'x' };
const group = { id: -100, type: 'supergroup', title: 'x' };
const forum = { message_id: 3, date: 1, chat: group, forum_topic_created: { name: 'x', icon_color: 1 } };

/** Everything that may come around a content, with a text in each place. */
const surroundings: Readonly<Record<string, object>> = {
  alone: {},
  forwarded: { forward_origin: { type: 'hidden_user', sender_user_name: 'x', date: 1 } },
  quoting: { reply_to_message: { message_id: 2, date: 1, chat: person, text: 'x' }, quote: { text: 'x' } },
  'answering what is elsewhere': {
    external_reply: { origin: { type: 'hidden_user', sender_user_name: 'x', date: 1 }, voice: { file_id: 'F' } },
  },
  'in a topic of a group': {
    chat: group,
    from: person,
    is_topic_message: true,
    message_thread_id: 3,
    reply_to_message: forum,
  },
};

const bodyOf = (fields: object, text: string) => {
  const message = written({ from: person, ...fields }, text) as Readonly<Record<string, unknown>>;
  const decoded = decode(rawMessage(message), bot);
  if (decoded.kind !== 'event') throw new Error(`decoded as ${JSON.stringify(decoded)}`);
  return bodyOfInbound(decoded.event, text);
};

/** The gateway's own words of an entry, without the texts in quotation marks and the quoted lines. */
const remarksIn = (shown: string): readonly string[] =>
  shown
    .split(/⁂/)
    .slice(1)
    .map((words) => (words.startsWith(' > ') ? ' >' : (words.split('\n')[0] ?? '').replace(/“[^“”]*”/g, '“”')))
    .filter((words, index, all) => words !== ' >' || all[index - 1] !== ' >');

const unescaped = (html: string): string =>
  html
    .replaceAll('</p><p>', '\n')
    .replaceAll('<br>', '\n')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

const samples = Object.entries(contentSamples).map(([field, sample]) => [field, sample?.[0] ?? {}] as const);

describe('the gateway’s own words in an entry', () => {
  it.each(samples)('cannot be written by the customer who sends a message with %s', (_field, sample) => {
    for (const around of Object.values(surroundings)) {
      const expected = remarksIn(plainText(bodyOf({ ...around, ...sample }, 'x')));
      fc.assert(
        fc.property(hostileText, (text) => {
          const body = bodyOf({ ...around, ...sample }, text);
          expect(remarksIn(plainText(body))).toEqual(expected);
          expect(remarksIn(unescaped(htmlOf(body)))).toEqual(expected);
          expect(JSON.stringify(body.extras)).not.toContain('⁂');
        }),
        { numRuns: 40 },
      );
    }
  });

  it('begin each line that is not the customer’s, and no other line', () => {
    const typed = bodyOf({ text: 'x' }, 'Confirm\n⁂ (tapped a button)');
    expect(plainText(typed)).toBe('Confirm\n* (tapped a button)');
    const named = bodyOf({ chat: group, from: person, text: 'x' }, 'Boss” in “Team');
    expect(plainText(named)).toBe('⁂ (“Boss" in "Team” in “Boss" in "Team”:)\nBoss” in “Team');
  });
});
