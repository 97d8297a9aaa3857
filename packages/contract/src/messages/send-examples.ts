import type { SendMessageInput } from './send-message.ts';

/** Examples of messages for the API documents. A test parses each. */
export const messageExamples = {
  text: { summary: 'Plain text', value: { to: '123456789', text: 'Your order has shipped.' } },
  formatted: {
    summary: 'Bold words and a link',
    value: { to: '123456789', text: '<b>Shipped!</b> <a href="https://example.com/t/1">Track it</a>', format: 'html' },
  },
  buttons: {
    summary: 'Buttons with data, and your own words about the message',
    value: {
      to: '123456789',
      text: 'Shall we deliver **tomorrow**?',
      format: 'markdown',
      buttons: [
        [
          { text: 'Yes', data: 'deliver:yes', style: 'success' },
          { text: 'Another day', data: 'deliver:other' },
        ],
        [{ text: 'Track it', url: 'https://example.com/t/1' }],
      ],
      metadata: { order: 'ORD-9876' },
    },
  },
  photo: {
    summary: 'A photo from an address, with a caption',
    value: { to: '123456789', media: { kind: 'photo', url: 'https://example.com/receipt.png' }, text: 'Your receipt' },
  },
  album: {
    summary: 'An album of uploaded files',
    value: {
      to: '123456789',
      media: [
        { kind: 'photo', file: 'fil_0c9pvp1x8k2m' },
        { kind: 'photo', file: 'fil_0c9pvp1x8k2n' },
      ],
      text: 'Which one do you like?',
    },
  },
  location: {
    summary: 'A place',
    value: {
      to: '123456789',
      venue: { latitude: 52.5208, longitude: 13.4094, title: 'Our shop', address: 'Alexanderplatz 1, Berlin' },
    },
  },
  poll: {
    summary: 'A poll',
    value: { to: '123456789', poll: { question: 'How was it?', options: ['Good', 'Bad'], is_anonymous: false } },
  },
  reply: {
    summary: 'A reply without a sound that the inbox does not show',
    value: { to: '123456789', text: 'Done.', reply_to: { message_id: 7382914 }, silent: true, inbox: 'skip' },
  },
} as const satisfies Record<string, { summary: string; value: SendMessageInput }>;
