import { describe, expect, it } from 'vitest';
import type { OutboundContent } from '../message/content.ts';
import type { InboundEvent } from '../message/inbound.ts';
import { completeTap, isTapWithoutMessage } from './tapped.ts';

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
  it('gets its label, the quote and the topic from the stored message', () => {
    expect(isTapWithoutMessage(tap(null, ''))).toBe(true);
    expect(completeTap(tap(null, ''), sent)).toEqual({ ...tap('Yes', 'Shall we?', '12') });
  });

  it('does not change what Telegram reported', () => {
    expect(isTapWithoutMessage(tap('Yes', 'Really?'))).toBe(false);
    expect(completeTap(tap('Sure', 'Really?', '3'), sent)).toEqual(tap('Sure', 'Really?', '3'));
  });

  it('has no label if the message has no such button', () => {
    expect(completeTap(tap(null, ''), { ...sent, controls: { kind: 'none' } })).toEqual(tap(null, 'Shall we?', '12'));
  });
});
