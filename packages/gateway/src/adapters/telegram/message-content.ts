import type { Contact, Location, Message, User, Venue } from '@grammyjs/types';
import type { InboundContent } from '../../core/content.ts';
import type { Bot } from '../../ports/channel.ts';
import { describedContent } from './described-content.ts';
import { nameOf } from './parties.ts';
import { fileContent } from './shared-file.ts';
import { asId, asNumber, asObject, asText, type Untrusted } from './untrusted.ts';

/** A message that nobody said: Telegram's own remark about a chat. */
export interface ServiceRemark {
  readonly kind: 'service';
  readonly name: string;
}

/** What a message says or shares. */
export function contentOf(message: Untrusted<Message>, bot: Bot): InboundContent | ServiceRemark {
  const text = asText(message.text);
  if (text !== null) {
    // What somebody else wrote starts nothing and answers nothing.
    const isOwn = asObject(message.forward_origin) === null;
    return isOwn ? textContent(text, asObject<User>(message.via_bot), bot) : { kind: 'text', text };
  }
  return (
    contactContent(message) ??
    locationContent(message) ??
    fileContent(message) ??
    describedContent(message) ??
    otherContent(message)
  );
}

function textContent(text: string, viaBot: Untrusted<User> | null, bot: Bot): InboundContent {
  // Picked from our answer to an inline query: the text is the query itself.
  if (viaBot !== null && asId(viaBot.id) === bot.botId) return { kind: 'suggested-reply', query: text.trim() };
  const start = /^\/start(?:@(\S+))?(?:\s+(.*))?$/s.exec(text);
  if (start) {
    const [, addressee, rest = ''] = start;
    const payload = rest.trim();
    const forUs = addressee === undefined || isUsername(addressee, bot);
    // Telegram: a start link carries at most 64 of these characters; anything else a person typed.
    if (forUs && /^[\w-]{0,64}$/.test(payload)) return { kind: 'started', payload: payload === '' ? null : payload };
  }
  const mention = /^@(\S+)\s+(.*)$/s.exec(text);
  if (mention?.[1] !== undefined && isUsername(mention[1], bot)) {
    return { kind: 'suggested-reply', query: (mention[2] ?? '').trim() };
  }
  return { kind: 'text', text };
}

const isUsername = (name: string, bot: Bot): boolean => name.toLowerCase() === bot.username.toLowerCase();

function contactContent(message: Untrusted<Message>): InboundContent | null {
  const contact = asObject<Contact>(message.contact);
  const phone = asText(contact?.phone_number);
  if (!contact || phone === null) return null;
  const owner = asId(contact.user_id);
  // Telegram fills `user_id` itself, whatever an app sends: it vouches for the number.
  const own = owner !== null && owner === asId(asObject<User>(message.from)?.id);
  return { kind: 'contact', name: nameOf(contact) ?? '', phone, own };
}

function locationContent(message: Untrusted<Message>): InboundContent | null {
  const venue = asObject<Venue>(message.venue);
  const location = asObject<Location>(message.location) ?? asObject<Location>(venue?.location);
  const latitude = asNumber(location?.latitude);
  const longitude = asNumber(location?.longitude);
  if (latitude === null || longitude === null) return null;
  return {
    kind: 'location',
    latitude,
    longitude,
    name: asText(venue?.title) ?? undefined,
    address: asText(venue?.address) ?? undefined,
  };
}

type MessageField = keyof Message;

/** Telegram: an animation also sets `document`, a live photo also `photo`: the more exact name counts. */
const MORE_EXACT: readonly MessageField[] = ['animation', 'live_photo', 'paid_media', 'venue'];

/** What stands on messages of every kind and is no content. */
const ABOUT: ReadonlySet<string> = new Set<MessageField>([
  'message_id',
  'message_thread_id',
  'from',
  'sender_chat',
  'sender_tag',
  'sender_boost_count',
  'sender_business_bot',
  'date',
  'edit_date',
  'chat',
  'is_topic_message',
  'direct_messages_topic',
  'guest_query_id',
  'guest_bot_caller_user',
  'guest_bot_caller_chat',
  'business_connection_id',
  'receiver_user',
  'ephemeral_message_id',
  'forward_origin',
  'is_automatic_forward',
  'reply_to_message',
  'reply_to_checklist_task_id',
  'reply_to_poll_option_id',
  'reply_to_story',
  'external_reply',
  'quote',
  'via_bot',
  'has_protected_content',
  'has_media_spoiler',
  'show_caption_above_media',
  'is_from_offline',
  'is_paid_post',
  'paid_star_count',
  'media_group_id',
  'author_signature',
  'link_preview_options',
  'effect_id',
  'reply_markup',
  'caption',
  'caption_entities',
  'entities',
  'suggested_post_info',
]);

/** Remarks of Telegram about the chat. What a customer does with a key (shares people, sends app data) is not among them. */
const REMARKS: ReadonlySet<string> = new Set<MessageField>([
  'new_chat_members',
  'left_chat_member',
  'chat_owner_left',
  'chat_owner_changed',
  'community_chat_added',
  'community_chat_joined',
  'community_chat_removed',
  'new_chat_title',
  'new_chat_photo',
  'delete_chat_photo',
  'group_chat_created',
  'supergroup_chat_created',
  'channel_chat_created',
  'message_auto_delete_timer_changed',
  'pinned_message',
  'connected_website',
  'write_access_allowed',
  'proximity_alert_triggered',
  'boost_added',
  'chat_background_set',
  'forum_topic_created',
  'forum_topic_edited',
  'forum_topic_closed',
  'forum_topic_reopened',
  'general_forum_topic_hidden',
  'general_forum_topic_unhidden',
  'video_chat_scheduled',
  'video_chat_started',
  'video_chat_ended',
  'video_chat_participants_invited',
  'paid_message_price_changed',
  'direct_message_price_changed',
]);

/** Telegram adds kinds every few weeks: one that has no name here is shown by the name of its field. */
function otherContent(message: Untrusted<Message>): InboundContent | ServiceRemark {
  const fields = Object.keys(message).filter((field) => !ABOUT.has(field) && /^[a-z][a-z0-9_]{0,63}$/.test(field));
  const name = MORE_EXACT.find((field) => fields.includes(field)) ?? fields[0] ?? 'empty message';
  if (REMARKS.has(name)) return { kind: 'service', name };
  const caption = asText(message.caption)?.trim() ?? '';
  return { kind: 'unsupported', what: caption === '' ? name : `${name} with the caption “${caption}”` };
}
