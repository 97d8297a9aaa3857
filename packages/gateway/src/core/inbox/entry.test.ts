import { describe, expect, it } from 'vitest';
import type { ControlAction, Controls, InboundContent } from '../message/content.ts';
import type { InboundEvent } from '../message/inbound.ts';
import type { MarkText } from '../message/mark-text.ts';
import { bodyOfOutbound, type EntryBlock, plainText } from './entry.ts';
import { bodyOfInbound, isCustomerSpeech } from './inbound-body.ts';

const grace = { userId: '5', name: 'Grace Hopper', username: 'grace', languageCode: 'en' };

const did = (content: InboundContent, change: Partial<InboundEvent> = {}): InboundEvent => ({
  chat: { chatId: '5', kind: 'private', title: 'Grace Hopper', username: 'grace', topicId: null },
  author: grace,
  channelMessageId: '7',
  happenedAtMs: 1_700_000_000_000,
  editedAtMs: null,
  content,
  answers: null,
  ...change,
});

const inGroup = { chatId: '-9', kind: 'group', title: 'Orders', username: null, topicId: null } as const;
const text = (said: string): EntryBlock => ({ kind: 'text', text: said });
const mark = (remark: string): EntryBlock => ({ kind: 'mark', text: remark as MarkText });

describe('the entry of what a customer did', () => {
  it.each<[string, InboundContent, string | null, readonly EntryBlock[]]>([
    ['a text', { kind: 'text', text: 'Hello\nyou' }, null, [text('Hello\nyou')]],
    [
      'a suggested reply of a known button',
      { kind: 'suggested-reply', query: 'help 7' },
      'Need help',
      [text('help 7'), mark('answer to the button “Need help”')],
    ],
    [
      'a suggested reply of no known button',
      { kind: 'suggested-reply', query: 'help 7' },
      null,
      [text('help 7'), mark('suggested reply')],
    ],
    ['a tap with its label', { kind: 'tap', label: 'Yes', data: 'y1' }, null, [text('Yes'), mark('tapped a button')]],
    [
      'a tap without one',
      { kind: 'tap', label: null, data: 'y1' },
      null,
      [mark('tapped a button whose label is not known')],
    ],
    [
      'their own contact',
      { kind: 'contact', name: 'Grace', phone: '15550001', own: true },
      null,
      [text('Grace 15550001'), mark('shared their own number')],
    ],
    [
      'a contact without a name',
      { kind: 'contact', name: '', phone: '15550002', own: false },
      null,
      [text('15550002'), mark('shared a contact')],
    ],
    [
      'a location',
      { kind: 'location', latitude: 52.5, longitude: -13.25 },
      null,
      [
        { kind: 'link', label: '52.5, -13.25', url: 'https://maps.google.com/?q=52.5,-13.25' },
        mark('shared a location'),
      ],
    ],
    [
      'a venue',
      { kind: 'location', latitude: 1, longitude: 2, name: 'Café', address: 'High Street 1' },
      null,
      [
        text('Café'),
        text('High Street 1'),
        { kind: 'link', label: '1, 2', url: 'https://maps.google.com/?q=1,2' },
        mark('shared a location'),
      ],
    ],
    ['a start', { kind: 'started', payload: null }, null, [mark('started the bot')]],
    ['a start by a link', { kind: 'started', payload: 'promo' }, null, [mark('started the bot with “promo”')]],
    [
      'a block',
      { kind: 'blocked' },
      null,
      [mark('blocked the bot: messages cannot reach this customer until they unblock it')],
    ],
    ['an unblock', { kind: 'unblocked' }, null, [mark('unblocked the bot')]],
    ['what we do not know', { kind: 'unsupported', what: 'sticker' }, null, [mark('unsupported message (sticker)')]],
  ])('%s', (_name, content, label, blocks) => {
    expect(bodyOfInbound(did(content), label).blocks).toEqual(blocks);
  });

  it('has a location and a contact as structured data too, and nothing else', () => {
    const location: InboundContent = { kind: 'location', latitude: 1, longitude: 2 };
    expect(bodyOfInbound(did(location), null).extras).toEqual([{ ...location, name: null, address: null }]);
    const venue: InboundContent = { ...location, name: 'Café', address: 'High Street 1' };
    expect(bodyOfInbound(did(venue), null).extras).toEqual([venue]);
    const contact: InboundContent = { kind: 'contact', name: 'Bob', phone: '1', own: false };
    expect(bodyOfInbound(did(contact), null).extras).toEqual([{ kind: 'contact', name: 'Bob', phone: '1' }]);
    expect(bodyOfInbound(did({ kind: 'text', text: '1, 2' }), null).extras).toEqual([]);
  });

  it('has the customer as its author, except for reports by Telegram', () => {
    const reported: readonly InboundContent[] = [
      { kind: 'started', payload: null },
      { kind: 'blocked' },
      { kind: 'unblocked' },
    ];
    const said: readonly InboundContent[] = [
      { kind: 'text', text: 'x' },
      { kind: 'suggested-reply', query: 'x' },
      { kind: 'tap', label: null, data: 'x' },
      { kind: 'contact', name: '', phone: '1', own: true },
      { kind: 'location', latitude: 1, longitude: 2 },
      { kind: 'unsupported', what: 'poll' },
    ];
    expect(reported.map(isCustomerSpeech)).toEqual(reported.map(() => false));
    expect(said.map(isCustomerSpeech)).toEqual(said.map(() => true));
  });
});

describe('the parts around a customer’s words', () => {
  const hello: InboundContent = { kind: 'text', text: 'Hello' };

  it('include a quote of the answered message, before the answer', () => {
    const answers = { channelMessageId: '3', excerpt: 'How many?\nOne or two?' };
    expect(plainText(bodyOfInbound(did(hello, { answers }), null))).toBe('⁂ > How many?\n⁂ > One or two?\nHello');
  });

  it('include no quote if the answered message has no words', () => {
    const answers = { channelMessageId: '3', excerpt: '' };
    expect(bodyOfInbound(did(hello, { answers }), null).blocks).toEqual([text('Hello')]);
  });

  it('include a quote of the message whose button was tapped', () => {
    const answers = { channelMessageId: '3', excerpt: 'Shall we?' };
    const tap: InboundContent = { kind: 'tap', label: 'Yes', data: 'y' };
    expect(plainText(bodyOfInbound(did(tap, { answers }), null))).toBe('⁂ > Shall we?\nYes\n⁂ (tapped a button)');
  });

  it('include a mark for an edit, after the words', () => {
    expect(plainText(bodyOfInbound(did(hello, { editedAtMs: 1 }), null))).toBe('Hello\n⁂ (edited)');
  });

  it('begin with the author’s name in a group', () => {
    const answers = { channelMessageId: '3', excerpt: 'Ready?' };
    const body = bodyOfInbound(did(hello, { chat: inGroup, answers, editedAtMs: 1 }), null);
    expect(plainText(body)).toBe('⁂ (“Grace Hopper” in “Orders”:)\n⁂ > Ready?\nHello\n⁂ (edited)');
  });
});

describe('the entry of an outbound message', () => {
  const lines = (controls: Controls): string => plainText(bodyOfOutbound({ text: 'Choose', controls }));
  const button = (action: ControlAction) => lines({ kind: 'buttons', rows: [[{ label: 'B', action }]] });

  it.each<[ControlAction, string]>([
    [{ kind: 'link', url: 'https://x.test/a?b' }, '[B → https://x.test/a?b]'],
    [{ kind: 'suggest', query: 'help 7' }, '[B → suggests “help 7”]'],
    [{ kind: 'suggest-elsewhere', query: 'look' }, '[B → suggests “look” in another chat]'],
    [{ kind: 'callback', data: 'y1' }, '[B]'],
    [{ kind: 'copy', text: 'CODE' }, '[B → copies “CODE”]'],
    [{ kind: 'say' }, '[B]'],
    [{ kind: 'share-contact' }, '[B → asks for the phone number]'],
    [{ kind: 'share-location' }, '[B → asks for the location]'],
    [{ kind: 'share-users' }, '[B → asks to choose people]'],
    [{ kind: 'share-chat' }, '[B → asks to choose a chat]'],
    [{ kind: 'create-poll' }, '[B → asks for a poll]'],
    [{ kind: 'create-bot' }, '[B → asks to create a bot]'],
    [{ kind: 'nothing' }, '[B → cannot be used]'],
  ])('says what a button does: $kind', (action, line) => {
    expect(button(action)).toBe(`Choose\n${line}`);
  });

  const say = (label: string) => ({ label, action: { kind: 'say' } }) as const;

  it('shows its buttons, one line per row', () => {
    const rows = [[say('a'), say('b')], [say('c')]];
    expect(lines({ kind: 'buttons', rows })).toBe('Choose\n[a]  [b]\n[c]');
    expect(lines({ kind: 'keyboard', rows })).toBe('Choose\n[a]  [b]\n[c]');
    expect(lines({ kind: 'keyboard', rows, placeholder: 'Pick' })).toBe('Choose\n[a]  [b]\n[c]\n(input hint: “Pick”)');
  });

  it('says what its keyboard or reply request does', () => {
    expect(lines({ kind: 'none' })).toBe('Choose');
    expect(lines({ kind: 'keyboard-removed' })).toBe('Choose\n(reply keyboard removed)');
    expect(lines({ kind: 'reply-requested' })).toBe('Choose\n(asks for a reply)');
    const rows = [[{ label: 'A', action: { kind: 'say' } }]] as const;
    expect(lines({ kind: 'buttons', rows, asksForReply: true })).toBe('Choose\n[A]\n(asks for a reply)');
    expect(lines({ kind: 'keyboard', rows, asksForReply: true })).toBe('Choose\n[A]\n(asks for a reply)');
    expect(lines({ kind: 'reply-requested', placeholder: 'Name' })).toBe(
      'Choose\n(asks for a reply)\n(input hint: “Name”)',
    );
  });

  it('has one block of text and one of controls, and nothing else', () => {
    const controls: Controls = { kind: 'buttons', rows: [[say('a')]] };
    expect(bodyOfOutbound({ text: 'Choose', controls })).toEqual({
      blocks: [text('Choose'), { kind: 'controls', lines: ['[a]'] }],
      extras: [],
    });
    expect(bodyOfOutbound({ text: 'Done', controls: { kind: 'none' } }).blocks).toEqual([text('Done')]);
  });
});

describe('the plain text of an entry', () => {
  it('has one paragraph per block', () => {
    const blocks: readonly EntryBlock[] = [
      text('two\nlines'),
      { kind: 'quote', text: 'a\nb' },
      mark('noted'),
      { kind: 'link', label: 'here', url: 'https://x.test' },
      { kind: 'controls', lines: ['[a]', '[b]'] },
    ];
    expect(plainText({ blocks, extras: [] })).toBe(
      'two\nlines\n⁂ > a\n⁂ > b\n⁂ (noted)\nhere https://x.test\n[a]\n[b]',
    );
    expect(plainText({ blocks: [], extras: [] })).toBe('');
  });
});
