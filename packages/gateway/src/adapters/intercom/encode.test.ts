import { describe, expect, it } from 'vitest';
import { bodyOfInbound } from '../../core/inbox/inbound-body.ts';
import type { InboundEvent } from '../../core/message/inbound.ts';
import type { ContactRequest, InboxEntry } from '../../ports/inbox.ts';
import { encodeAdminReply, encodeContact, encodeContactReply, encodeMessage, encodeOpening } from './encode.ts';

const request: ContactRequest = {
  channel: { botId: '99', username: 'shop_bot', name: 'Shop', ref: {} },
  chat: { chatId: '42', kind: 'private', title: 'Ada', username: 'ada', topicId: null },
  person: { userId: '42', name: 'Ada Lovelace', username: 'ada', languageCode: 'en' },
};

const entry = (author: InboxEntry['author'], ...blocks: InboxEntry['body']['blocks']): InboxEntry => ({
  key: 'k',
  author,
  body: { blocks, extras: [] },
  happenedAtMs: 0,
});

describe('a contact for Intercom', () => {
  it('is a lead with the chat in an attribute, and never has an e-mail', () => {
    expect(encodeContact(request, 'lead')).toEqual({
      role: 'lead',
      name: 'Ada Lovelace',
      custom_attributes: { telegram_chat_id: '99:42', telegram_username: 'ada', telegram_language: 'en' },
    });
  });

  it('has an external id when it is a user', () => {
    expect(encodeContact(request, 'user')).toMatchObject({ role: 'user', external_id: 'telegram:99:42' });
  });

  it('is the chat in a group, for every author', () => {
    const chat = { chatId: '-100', kind: 'group', title: 'Parents', username: null, topicId: null } as const;
    expect(encodeContact({ ...request, chat }, 'lead')).toEqual({
      role: 'lead',
      name: 'Parents',
      custom_attributes: { telegram_chat_id: '99:-100' },
    });
  });
});

describe('an entry for Intercom', () => {
  const buttons = entry(
    { kind: 'teammate', senderId: '7' },
    { kind: 'text', text: 'Choose <one>' },
    { kind: 'controls', lines: ['[Yes → y]', '[No → n]'] },
  );

  it('is HTML without a notification when a teammate wrote it', () => {
    expect(encodeAdminReply('comment', '7', buttons)).toEqual({
      message_type: 'comment',
      type: 'admin',
      admin_id: '7',
      body: '<p>Choose &lt;one&gt;</p><p>[Yes → y]<br>[No → n]</p>',
      skip_notifications: true,
    });
  });

  it('opens a conversation for a teammate, with the admin as a number and the contact under its role', () => {
    expect(encodeMessage('in_app', '7', { contactId: 'c', role: 'user' }, buttons)).toMatchObject({
      message_type: 'in_app',
      from: { type: 'admin', id: 7 },
      to: { type: 'user', id: 'c' },
      create_conversation_without_contact_reply: true,
    });
  });

  it('is plain text when the customer wrote it', () => {
    const said = entry({ kind: 'customer', name: 'Ada' }, { kind: 'text', text: '1 < 2' });
    expect(encodeContactReply('c', said)).toMatchObject({ type: 'user', intercom_user_id: 'c', body: '1 < 2' });
    expect(encodeOpening('c', 'lead', said)).toEqual({ from: { type: 'lead', id: 'c' }, body: '1 < 2' });
  });

  it('names the chosen option by its UUID, and says it in words alone where the option has none', () => {
    const said = entry({ kind: 'customer', name: 'Ada' }, { kind: 'text', text: 'Yes' });
    const value = 'a1c2e3f4-0b1d-4c2e-9f3a-5b6c7d8e9f00';
    expect(encodeContactReply('c', { ...said, chosen: { label: 'Yes', value } })).toMatchObject({
      reply_options: [{ text: 'Yes', uuid: value }],
    });
    const inWords = encodeContactReply('c', { ...said, chosen: { label: 'Yes', value: 'Yes' } });
    expect(inWords).toMatchObject({ body: 'Yes' });
    expect(inWords).not.toHaveProperty('reply_options');
  });

  it('contains a location as coordinates and a map link', () => {
    const event: InboundEvent = {
      chat: request.chat,
      author: { userId: '42', name: 'Ada', username: null, languageCode: null },
      channelMessageId: '1',
      happenedAtMs: 0,
      editedAtMs: null,
      content: { kind: 'location', latitude: 59.3, longitude: 18.1 },
      answers: null,
    };
    const body = bodyOfInbound(event, null);
    const said = { ...entry({ kind: 'customer', name: 'Ada' }), body };
    expect(encodeContactReply('c', said)).toMatchObject({
      body: '59.3, 18.1 https://maps.google.com/?q=59.3,18.1\n⁂ (shared a location)',
    });
  });
});
