import { describe, expect, it } from 'vitest';
import type { InboundContent } from '../message/content.ts';
import type { InboundEvent } from '../message/inbound.ts';
import { automaticAnswer } from './automatic-answer.ts';

const friday = (time: string): number => Date.parse(`2026-11-20T${time}:00Z`);
const options = {
  welcome: 'Welcome!',
  out_of_office: {
    time_zone: 'UTC',
    weekly: [{ days: [5], from: '09:00', to: '17:00' }],
    text: 'Away',
    at_most_every_minutes: 60,
  },
};
const eventOf = (content: InboundContent, more: Partial<InboundEvent> = {}): InboundEvent => ({
  chat: { chatId: '7', kind: 'private', title: 'Grace', username: null, topicId: null },
  author: { userId: '7', name: 'Grace', username: null, languageCode: null },
  channelMessageId: '1',
  happenedAtMs: friday('20:00'),
  editedAtMs: null,
  content,
  answers: null,
  ...more,
});
const text = eventOf({ kind: 'text', text: 'Hello' });
const started = eventOf({ kind: 'started', payload: null });

describe('an automatic answer', () => {
  it('welcomes a customer who starts the bot, at any hour', () => {
    const welcome = { kind: 'welcome', text: 'Welcome!', everyMinutes: null };
    expect(automaticAnswer(started, options, friday('20:00'))).toEqual(welcome);
    expect(automaticAnswer({ ...started, happenedAtMs: friday('10:00') }, options, friday('10:00'))).toEqual(welcome);
    expect(automaticAnswer(started, { ...options, welcome: null }, friday('20:00'))).toBeNull();
  });

  it('informs a customer who writes outside the office hours', () => {
    const away = { kind: 'out-of-office', text: 'Away', everyMinutes: 60 };
    expect(automaticAnswer(text, options, friday('20:00'))).toEqual(away);
    const shared = eventOf({ kind: 'contact', name: 'G', phone: '1', own: true });
    expect(automaticAnswer(shared, options, friday('20:01'))).toEqual(away);
    expect(automaticAnswer(text, { ...options, out_of_office: null }, friday('20:00'))).toBeNull();
  });

  it.each([
    ['inside the office hours', { ...text, happenedAtMs: friday('10:00') }, '10:00'],
    ['if the office has opened since', { ...text, happenedAtMs: friday('08:50') }, '09:00'],
    ['if the office was open when the message was written', { ...text, happenedAtMs: friday('16:59') }, '17:05'],
    ['to an old message', text, '21:01'],
    ['to an edit', { ...text, editedAtMs: friday('20:00') }, '20:00'],
    ['to a tap', eventOf({ kind: 'tap', label: 'Yes', data: 'y' }), '20:00'],
    ['to a block', eventOf({ kind: 'blocked' }), '20:00'],
    ['in a group', { ...text, chat: { ...text.chat, kind: 'group' } }, '20:00'],
  ] as const)('is not given %s', (_what, event, now) => {
    expect(automaticAnswer(event, options, friday(now))).toBeNull();
  });
});
