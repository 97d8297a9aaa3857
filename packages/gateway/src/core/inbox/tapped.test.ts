import { describe, expect, it } from 'vitest';
import type { OutboundContent } from '../message/content.ts';
import type { InboundEvent } from '../message/inbound.ts';
import { isTapOnUnknown, tapOn } from './tapped.ts';

const tap = (label: string | null, excerpt: string, topicId: string | null = null): InboundEvent => ({
  chat: { chatId: '5', kind: 'private', title: 'Grace', username: null, topicId },
  author: { userId: '5', name: 'Grace', username: null, languageCode: null },
  channelMessageId: null,
  happenedAtMs: null,
  editedAtMs: null,
  content: { kind: 'tap', label, data: 'y' },
  answers: { channelMessageId: '7', excerpt },
});
const sent: OutboundContent = {
  text: 'Shall we?',
  topicId: '12',
  controls: { kind: 'buttons', rows: [[{ label: 'Yes', action: { kind: 'callback', data: 'y' } }]] },
};

describe('a tap on a message that Telegram does not show', () => {
  it('gets its label, the words and the topic from what was sent', () => {
    expect(isTapOnUnknown(tap(null, ''))).toBe(true);
    expect(tapOn(tap(null, ''), sent)).toEqual({ ...tap('Yes', 'Shall we?', '12') });
  });

  it('keeps what Telegram said', () => {
    expect(isTapOnUnknown(tap('Yes', 'Really?'))).toBe(false);
    expect(tapOn(tap('Sure', 'Really?', '3'), sent)).toEqual(tap('Sure', 'Really?', '3'));
  });

  it('has no label where the message has no such button', () => {
    expect(tapOn(tap(null, ''), { ...sent, controls: { kind: 'none' } })).toEqual(tap(null, 'Shall we?', '12'));
  });
});
