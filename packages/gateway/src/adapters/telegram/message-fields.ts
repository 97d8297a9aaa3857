import type { Message } from '@grammyjs/types';

/** What happens to a field of a message. `becomes` is for people; printed in docs/inbound.md. */
export type FieldDecision =
  /** What the message says or shares. `noun` names it where it is answered: “answers: photo”. */
  | { readonly role: 'content'; readonly noun: string; readonly becomes: string }
  /** Telegram's own message about a chat: no person wrote it, and it is not an entry. */
  | { readonly role: 'remark'; readonly becomes: string }
  /** On messages of any kind. */
  | { readonly role: 'about'; readonly becomes: string };

const content = (noun: string, becomes: string): FieldDecision => ({ role: 'content', noun, becomes });
const remark = (becomes = 'ignored'): FieldDecision => ({ role: 'remark', becomes });
const about = (becomes = 'not shown'): FieldDecision => ({ role: 'about', becomes });

const file = 'the file itself, with its name and caption; too large or gone: a line that says so';

/**
 * Every field that a message can have, and what happens to it. A field that is missing here, as one is with each new
 * version of the Bot API, fails the type check; until it is decided, a message that carries it is shown as unsupported,
 * by the field's name.
 */
export const messageFields = {
  text: content(
    'message',
    'the text with its formatting; “/start”, the bot’s name before it, and keys by what they are',
  ),
  rich_message: content('message', 'its words, files and places: see “Rich messages”'),
  photo: content('photo', `${file}; the largest size`),
  live_photo: content('photo', `${file}; the still`),
  video: content('video', file),
  animation: content('animation', file),
  document: content('document', file),
  audio: content('audio file', `${file}; without a name, performer and title`),
  voice: content('voice message', file),
  video_note: content('video note', file),
  sticker: content('sticker', 'an image with its emoji; of one that moves the thumbnail, without one the emoji'),
  contact: content(
    'contact',
    'name and number, then all that its card says: further numbers, addresses, organisation, notes (HubSpot: also its own form); a picture: a line that says so; an inbox contact without a number gets the customer’s own',
  ),
  location: content(
    'location',
    'coordinates and a map link (HubSpot: also its own form). Live: the first position, then one at most every five minutes while it moves, and the last when it ends',
  ),
  venue: content('place', 'as a location, with name and address'),
  poll: content(
    'poll',
    'description, question, options and explanation; files, places and links of it are parts of the entry',
  ),
  dice: content('dice', 'the emoji and its value'),
  game: content('game', 'the title and what is said about it'),
  story: content('story', 'whose it is, and a link where it has one'),
  checklist: content('checklist', 'the title and the tasks, done or not'),
  checklist_tasks_done: content('checklist', 'the tasks that were ticked, and those that no longer are'),
  checklist_tasks_added: content('checklist', 'the tasks that were added'),
  paid_media: content('paid media', 'how many of what, for how many stars'),
  invoice: content('invoice', 'the title and the amount'),
  successful_payment: content('payment', 'the amount'),
  refunded_payment: content('refund', 'the amount'),
  gift: content('gift', 'what it is worth, and the words with it'),
  unique_gift: content('gift', 'its name, and the words with it'),
  gift_upgrade_sent: content('gift', 'what it is worth, and the words with it'),
  giveaway: content('giveaway', 'the prize and how many win'),
  giveaway_winners: content('giveaway', 'who won'),
  users_shared: content('people', 'the people that were chosen, with their ids'),
  chat_shared: content('chat', 'the chat that was chosen, with its id'),
  web_app_data: content('web app data', 'what the web app sent'),
  passport_data: content('Telegram Passport data', 'that it was sent; it is encrypted for the bot’s owner'),
  media_group_id: about('files with the same one are one entry: see “Albums”'),
  caption: about('the words with a file'),
  caption_entities: about('the formatting of the caption: see “Formatting”'),
  entities: about('the formatting of the text: see “Formatting”'),
  reply_to_message: about('quoted before the entry: its beginning, or what it was'),
  quote: about('quoted in place of the whole message'),
  external_reply: about('quoted, with whose it is'),
  reply_to_story: about('“answers: story” before the entry'),
  reply_to_checklist_task_id: about(),
  reply_to_poll_option_id: about(),
  forward_origin: about('“forwarded from “…”” before the entry'),
  via_bot: about('our own bot: the answer to a suggested reply; another: “via the bot “@…””'),
  message_thread_id: about('with “is_topic_message” a conversation of its own'),
  is_topic_message: about('see “message_thread_id”'),
  direct_messages_topic: about('a conversation of its own for each'),
  edit_date: about('“edited” behind the entry: see “Edits”'),
  migrate_to_chat_id: about('the chat continues under this id, in the same conversation'),
  migrate_from_chat_id: about('the same, from the other side'),
  from: about('the customer; in a group named before the entry'),
  sender_chat: about('speaks in place of “from”'),
  chat: about('the conversation'),
  date: about('when it was said'),
  message_id: about('unique in its chat: what comes twice is taken once'),
  reply_markup: about('the label of a tapped button'),
  sender_tag: about(),
  sender_boost_count: about(),
  sender_business_bot: about(),
  guest_query_id: about(),
  guest_bot_caller_user: about(),
  guest_bot_caller_chat: about(),
  business_connection_id: about(),
  receiver_user: about(),
  ephemeral_message_id: about(),
  is_automatic_forward: about(),
  has_protected_content: about(),
  has_media_spoiler: about(),
  show_caption_above_media: about(),
  is_from_offline: about(),
  is_paid_post: about(),
  paid_star_count: about(),
  author_signature: about(),
  link_preview_options: about(),
  effect_id: about(),
  suggested_post_info: about(),
  new_chat_members: remark(),
  left_chat_member: remark(),
  chat_owner_left: remark(),
  chat_owner_changed: remark(),
  community_chat_added: remark(),
  community_chat_joined: remark(),
  community_chat_removed: remark(),
  new_chat_title: remark('ignored; the next message carries the title'),
  new_chat_photo: remark(),
  delete_chat_photo: remark(),
  group_chat_created: remark(),
  supergroup_chat_created: remark(),
  channel_chat_created: remark(),
  managed_bot_created: remark(),
  message_auto_delete_timer_changed: remark(),
  pinned_message: remark(),
  poll_option_added: remark(),
  poll_option_deleted: remark(),
  connected_website: remark(),
  write_access_allowed: remark(),
  proximity_alert_triggered: remark(),
  boost_added: remark(),
  chat_background_set: remark(),
  forum_topic_created: remark('ignored; the first message in it opens a conversation'),
  forum_topic_edited: remark(),
  forum_topic_closed: remark(),
  forum_topic_reopened: remark(),
  general_forum_topic_hidden: remark(),
  general_forum_topic_unhidden: remark(),
  giveaway_created: remark(),
  giveaway_completed: remark(),
  video_chat_scheduled: remark(),
  video_chat_started: remark(),
  video_chat_ended: remark(),
  video_chat_participants_invited: remark(),
  paid_message_price_changed: remark(),
  direct_message_price_changed: remark(),
  suggested_post_approved: remark(),
  suggested_post_approval_failed: remark(),
  suggested_post_declined: remark(),
  suggested_post_paid: remark(),
  suggested_post_refunded: remark(),
} as const satisfies Record<keyof Message, FieldDecision>;

export type MessageField = keyof typeof messageFields;

export const isKnownField = (name: string): name is MessageField => Object.hasOwn(messageFields, name);

export const decisionOf = (field: MessageField): FieldDecision => messageFields[field];
