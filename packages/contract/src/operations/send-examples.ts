import type { SendInteractiveInput } from '../interactive/send.ts';

/** Examples of sends for the API documents. A test parses each. */
export const sendExamples = {
  inlineButtons: {
    summary: 'Inline buttons: a link and an inline reply',
    value: {
      destination_user_id: '123456789',
      telegram_interactive_message: {
        type: 'reply_buttons',
        text: 'Your order has shipped. Track or get help below.',
        reply_markup: {
          inline_keyboard: [
            [
              { text: 'Track order', url: 'https://example.com/track/ORD-9876' },
              { text: 'Need help', switch_inline_query_current_chat: 'help order ORD-9876' },
            ],
          ],
        },
      },
    },
  },
  replyKeyboard: {
    summary: 'A reply keyboard: text replies, contact and location',
    value: {
      destination_user_id: '123456789',
      telegram_interactive_message: {
        type: 'reply_keyboard',
        text: 'How can we help you today?',
        reply_markup: {
          keyboard: [
            [{ text: 'Track my order' }, { text: 'Return an item' }],
            [
              { text: 'Share my number', request_contact: true },
              { text: 'Share my location', request_location: true },
            ],
          ],
          resize_keyboard: true,
          one_time_keyboard: true,
        },
      },
    },
  },
  removeKeyboard: {
    summary: 'Remove the reply keyboard',
    value: {
      destination_user_id: '123456789',
      telegram_interactive_message: {
        type: 'remove_reply_keyboard',
        text: "Thanks — we've got what we need.",
        reply_markup: { remove_keyboard: true },
      },
    },
  },
  forceReply: {
    summary: 'Prompt for a reply',
    value: {
      destination_user_id: '123456789',
      telegram_interactive_message: {
        type: 'highlight_reply',
        text: "What's your order number?",
        reply_markup: { force_reply: true, input_field_placeholder: 'e.g. ORD-9876' },
      },
    },
  },
  twoChoices: {
    summary: 'Two choices, each an inline reply',
    value: {
      destination_user_id: '123456789',
      telegram_interactive_message: {
        type: 'reply_buttons',
        text: 'Ready to confirm your appointment?',
        reply_markup: {
          inline_keyboard: [
            [
              { text: 'Confirm', switch_inline_query_current_chat: 'confirm' },
              { text: 'Reschedule', switch_inline_query_current_chat: 'reschedule' },
            ],
          ],
        },
      },
    },
  },
} as const satisfies Record<string, { summary: string; value: SendInteractiveInput }>;
