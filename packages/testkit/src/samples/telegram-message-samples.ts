import type { MessageField } from '@chatferry/gateway/internal/adapters/telegram/message-fields';
import { group, person } from './telegram-update-samples.ts';

/** For tests: the least that makes a message of a kind, by the field that makes it so. */

const file = { file_id: 'F', file_unique_id: 'U', file_size: 1_234 };
const tasks = [
  { id: 1, text: 'Milk', completion_date: 1_700_000_000 },
  { id: 2, text: 'Tea' },
];
const gift = { gift: { id: '1', sticker: file, star_count: 50 }, text: 'For you' };

/** The content of each kind, with the words that the entry must have. */
export const contentSamples: Readonly<Partial<Record<MessageField, readonly [fields: object, words: string]>>> = {
  text: [{ text: 'Hi' }, 'Hi'],
  rich_message: [
    {
      rich_message: {
        blocks: [
          { type: 'heading', text: 'Menu' },
          { type: 'paragraph', text: ['Soup, ', { type: 'bold', text: 'hot' }] },
          { type: 'list', items: [{ blocks: [{ type: 'paragraph', text: 'Bread' }] }] },
        ],
      },
    },
    'Menu\nSoup, hot\n• Bread',
  ],
  photo: [{ photo: [file] }, '⁂ (sent a photo)'],
  live_photo: [{ live_photo: { ...file, photo: [file] } }, '⁂ (sent a photo)'],
  video: [{ video: file }, '⁂ (sent a video)'],
  animation: [{ animation: file }, '⁂ (sent an animation)'],
  document: [{ document: { ...file, file_name: 'a.pdf' } }, '⁂ (sent a document “a.pdf”, 1 KB)'],
  audio: [{ audio: { ...file, title: 'Notes' } }, '⁂ (sent an audio file “Notes”, 1 KB)'],
  voice: [{ voice: file }, '⁂ (sent a voice message)'],
  video_note: [{ video_note: file }, '⁂ (sent a video note)'],
  sticker: [{ sticker: { ...file, emoji: '😀' } }, '😀\n⁂ (sent a sticker)'],
  contact: [{ contact: { phone_number: '49170', first_name: 'Bo' } }, 'Bo 49170\n⁂ (shared a contact)'],
  location: [{ location: { latitude: 1, longitude: 2 } }, '1, 2 https://maps.google.com/?q=1,2\n⁂ (shared a location)'],
  venue: [
    { venue: { location: { latitude: 1, longitude: 2 }, title: 'Museum', address: 'Island 1' } },
    'Museum\nIsland 1',
  ],
  poll: [{ poll: { question: 'Tea?', options: [{ text: 'Yes' }] } }, 'Tea?\n– Yes\n⁂ (sent a poll)'],
  dice: [{ dice: { emoji: '🎯', value: 6 } }, '🎯 6\n⁂ (threw a dice)'],
  game: [{ game: { title: 'Chess' } }, 'Chess\n⁂ (sent a game)'],
  story: [
    { story: { id: 7, chat: { ...group, username: 'orders' } } },
    'https://t.me/orders/s/7\n⁂ (shared a story of “Orders”)',
  ],
  checklist: [{ checklist: { title: 'Shop', tasks } }, 'Shop\n☑ Milk\n☐ Tea\n⁂ (sent a checklist)'],
  checklist_tasks_done: [
    {
      checklist_tasks_done: {
        checklist_message: { checklist: { title: 'Shop', tasks } },
        marked_as_done_task_ids: [2],
        marked_as_not_done_task_ids: [1, 9],
      },
    },
    '☑ Tea\n☐ Milk\n☐ task 9\n⁂ (changed what is done in a checklist)',
  ],
  checklist_tasks_added: [
    { checklist_tasks_added: { tasks: [{ id: 3, text: 'Jam' }] } },
    '☐ Jam\n⁂ (added to a checklist)',
  ],
  paid_media: [
    { paid_media: { star_count: 1, paid_media: [{ type: 'preview' }, { type: 'preview' }] }, caption: 'Look' },
    'Look\n⁂ (sent 2 files that cost 1 star to see)',
  ],
  invoice: [{ invoice: { title: 'Tea', currency: 'EUR', total_amount: 1_250 } }, 'Tea, 12.50 EUR\n⁂ (sent an invoice)'],
  successful_payment: [{ successful_payment: { currency: 'JPY', total_amount: 500 } }, '500 JPY\n⁂ (paid)'],
  refunded_payment: [{ refunded_payment: { currency: 'XTR', total_amount: 5 } }, '5 stars\n⁂ (got a payment back)'],
  gift: [{ gift }, 'For you\n⁂ (sent a gift worth 50 stars)'],
  gift_upgrade_sent: [{ gift_upgrade_sent: gift }, 'For you\n⁂ (sent a gift worth 50 stars)'],
  unique_gift: [{ unique_gift: { gift: { base_name: 'Teddy' } } }, '⁂ (sent the gift “Teddy”)'],
  giveaway: [
    { giveaway: { winner_count: 3, prize_description: 'Books' } },
    'Books\n⁂ (shared a giveaway for 3 people)',
  ],
  giveaway_winners: [
    { giveaway_winners: { winner_count: 1, winners: [person] } },
    'Ada Lovelace\n⁂ (shared a giveaway that one person won)',
  ],
  users_shared: [{ users_shared: { users: [{ user_id: 42, first_name: 'Bo' }] } }, 'Bo (42)\n⁂ (chose a person)'],
  chat_shared: [{ chat_shared: { chat_id: -100, title: 'Orders' } }, 'Orders (-100)\n⁂ (chose a chat)'],
  web_app_data: [{ web_app_data: { data: '{}', button_text: 'Form' } }, '{}\n⁂ (sent by the web app behind “Form”)'],
  passport_data: [{ passport_data: {} }, '⁂ (sent Telegram Passport data'],
};
