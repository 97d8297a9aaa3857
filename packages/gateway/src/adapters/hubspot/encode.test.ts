import { describe, expect, it } from 'vitest';
import type { ContactRequest, ConversationLink, InboxEntry } from '../../ports/inbox.ts';
import { encodeMessage, identifierOf, threadKey } from './encode.ts';

const request: ContactRequest = {
  channel: { botId: '99', username: 'shop_bot', name: 'Shop', ref: { channelId: '12', channelAccountId: '456' } },
  chat: { chatId: '42', kind: 'private', title: 'Ada', username: 'ada', topicId: null },
  person: { userId: '42', name: 'Ada Lovelace', username: 'ada', languageCode: 'en' },
};
const link: ConversationLink = { contact: { contactId: '77', data: {} }, conversationId: null, generation: 0 };
const entry: InboxEntry = {
  key: '2026-11-22:7',
  author: { kind: 'customer', name: 'Ada Lovelace' },
  body: { blocks: [{ kind: 'text', text: 'Hi <there>' }], extras: [] },
  happenedAtMs: Date.parse('2026-11-22T10:00:00Z'),
};

describe('the thread key of HubSpot', () => {
  it.each([
    ['tg:99:42', null, 0],
    ['tg:99:42:5', '5', 0],
    ['tg:99:42:g5', null, 5],
    ['tg:99:42:5:g5', '5', 5],
  ])('is %s', (expected, topicId, generation) => {
    const chat = { ...request.chat, topicId };
    expect(threadKey({ ...request, chat }, { ...link, generation })).toBe(expected);
  });
});

describe('a message for HubSpot', () => {
  it('is incoming when the customer wrote it', () => {
    expect(encodeMessage(request, link, entry, null)).toEqual({
      text: 'Hi <there>',
      richText: '<p>Hi &lt;there&gt;</p>',
      attachments: [],
      channelAccountId: '456',
      messageDirection: 'INCOMING',
      timestamp: '2026-11-22T10:00:00.000Z',
      integrationThreadId: 'tg:99:42',
      integrationIdempotencyId: '2026-11-22:7',
      senders: [{ name: 'Ada Lovelace', deliveryIdentifier: { type: 'CHANNEL_SPECIFIC_OPAQUE_ID', value: 'tg:42' } }],
      recipients: [
        { name: '@shop_bot', deliveryIdentifier: { type: 'CHANNEL_SPECIFIC_OPAQUE_ID', value: 'tgbot:99' } },
      ],
      associateWithContactId: 77,
    });
  });

  it('is outgoing under the user’s name when a teammate wrote it', () => {
    const said = { ...entry, author: { kind: 'teammate', senderId: '5' } } as const;
    expect(encodeMessage(request, link, said, 'A-5')).toMatchObject({
      messageDirection: 'OUTGOING',
      senders: [{ name: '@shop_bot', senderActorId: 'A-5' }],
      recipients: [{ name: 'Ada' }],
    });
  });

  it('contains a shared location and a shared contact as such', () => {
    const extras = [
      { kind: 'location', latitude: 59.3, longitude: 18.1, name: null, address: 'Street 1' },
      { kind: 'contact', name: 'Bo', phone: '+461' },
    ] as const;
    expect(encodeMessage(request, link, { ...entry, body: { ...entry.body, extras } }, null)).toMatchObject({
      attachments: [
        { type: 'LOCATION', latitude: 59.3, longitude: 18.1, address: 'Street 1' },
        {
          type: 'CONTACT',
          contactProfile: {
            name: { firstName: 'Bo' },
            phones: [{ phone: '+461', type: 'CELL' }],
            addresses: [],
            emails: [],
            urls: [],
          },
        },
      ],
    });
  });

  it('names a group as the customer, and no contact when there is none', () => {
    const chat = { chatId: '-100', kind: 'group', title: 'Parents', username: null, topicId: null } as const;
    const alone = { ...link, contact: { contactId: null, data: {} } };
    const wire = encodeMessage({ ...request, chat }, alone, entry, null);
    expect(wire).toMatchObject({ senders: [{ name: 'Parents' }] });
    expect(wire).not.toHaveProperty('associateWithContactId');
  });
});

describe('the identifier of a contact in HubSpot', () => {
  it('is the user id, or the username if there is one', () => {
    const matching = { property: 'telegram_user_id', unique: false, create: true } as const;
    expect(identifierOf(request, { ...matching, identifier: 'user_id' })).toBe('42');
    expect(identifierOf(request, { ...matching, identifier: 'username' })).toBe('ada');
    const nameless = { ...request, person: null, chat: { ...request.chat, username: null } };
    expect(identifierOf(nameless, { ...matching, identifier: 'username' })).toBeNull();
  });
});
