import { describe, expect, it } from 'vitest';
import type { InboundContent } from '../message/content.ts';
import type { InboundEvent } from '../message/inbound.ts';
import { excerptOf } from './excerpt.ts';

const inbound = (content: InboundContent, change: Partial<InboundEvent> = {}): InboundEvent => ({
  chat: { chatId: '-7', kind: 'group', title: 'Team', username: null, topicId: null },
  author: { userId: '7', name: 'Grace', username: null, languageCode: null },
  channelMessageId: '1',
  happenedAtMs: null,
  editedAtMs: 1,
  content,
  answers: { channelMessageId: '1', excerpt: 'a question' },
  ...change,
});
const outbound = (text: string) => ({ text, controls: { kind: 'none' } as const });
const photo = {
  media: 'photo',
  fileId: 'f',
  fileUniqueId: null,
  name: null,
  mediaType: null,
  sizeBytes: null,
} as const;

describe('the excerpt of a message', () => {
  it.each<[string, InboundContent, string | null]>([
    ['a text', { kind: 'text', text: ' Thank you\n' }, 'Thank you'],
    ['a suggested reply', { kind: 'suggested-reply', query: 'help' }, 'help'],
    ['a tap, by its label', { kind: 'tap', label: 'Yes', data: 'y' }, 'Yes'],
    ['a contact', { kind: 'contact', name: 'Grace', phone: '+1555', own: true }, 'Grace +1555'],
    ['a place', { kind: 'location', latitude: 1.5, longitude: 2, name: 'Harbour' }, 'Harbour\n1.5, 2'],
    ['a caption', { kind: 'file', ...photo, caption: 'The box' }, 'The box'],
    ['no words for a file without one', { kind: 'file', ...photo, caption: null }, null],
    ['no words for a start', { kind: 'started', payload: null }, null],
  ])('is %s, without remarks of the gateway', (_, content, expected) => {
    expect(excerptOf(inbound(content))).toBe(expected);
  });

  it('has at most 200 code points and splits none', () => {
    expect(excerptOf(outbound('😀'.repeat(300)))).toBe('😀'.repeat(200));
    expect(excerptOf(outbound(`${'a'.repeat(199)}😀b`))).toBe(`${'a'.repeat(199)}😀`);
    expect(excerptOf(outbound('a'.repeat(4096)))).toHaveLength(200);
  });
});
