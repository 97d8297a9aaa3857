import type { Contact, Location, Message, User, Venue } from '@grammyjs/types';
import type { InboundContent, LiveLocation } from '../../core/message/content.ts';
import { accountNumber } from '../../core/message/phone-number.ts';
import { readVcard } from '../../core/message/read-vcard.ts';
import { visibleName } from '../../core/message/visible-name.ts';
import type { Bot } from '../../ports/channel.ts';
import { describedContent } from './described-content.ts';
import { plainText, spansOf } from './formatting.ts';
import { decisionOf, isKnownField, type MessageField } from './message-fields.ts';
import { nameOf } from './parties.ts';
import { fileContent } from './shared-file.ts';
import { asId, asInteger, asNumber, asObject, asText, type Untrusted } from './untrusted.ts';

/** A message that no person wrote: Telegram's own remark about a chat. */
export interface ServiceRemark {
  readonly kind: 'service';
  readonly name: string;
}

/** What a message says or shares. */
export function contentOf(message: Untrusted<Message>, bot: Bot): InboundContent | ServiceRemark {
  const text = asText(message.text);
  if (text !== null) {
    // A forwarded text is not a command and answers nothing.
    const isOwn = asObject(message.forward_origin) === null;
    const special = isOwn ? specialText(message, text, bot) : null;
    return special ?? { kind: 'text', text, spans: spansOf(message.entities, text.length) };
  }
  return (
    contactContent(message) ??
    locationContent(message) ??
    fileContent(message) ??
    describedContent(message) ??
    otherContent(message)
  );
}

/** A text that the customer's app wrote on their behalf; null for what they typed. */
function specialText(message: Untrusted<Message>, text: string, bot: Bot): InboundContent | null {
  const viaBot = asObject<User>(message.via_bot);
  const isOurName = (name: string): boolean => isNameOf(bot, name, asInteger(message.date));
  // Picked from our answer to an inline query: the text is the query itself.
  if (viaBot !== null && asId(viaBot.id) === bot.botId) return { kind: 'suggested-reply', query: text.trim() };
  const start = /^\/start(?:@(\S+))?(?:\s(.*))?$/s.exec(text);
  if (start) {
    const [, addressee, rest = ''] = start;
    const payload = rest.trim();
    const forUs = addressee === undefined || isOurName(addressee);
    // Telegram: a start link carries at most 64 of these characters; anything else a person typed.
    if (forUs && /^[\w-]{0,64}$/.test(payload)) return { kind: 'started', payload: payload === '' ? null : payload };
  }
  const mention = /^@(\S+)\s(.*)$/s.exec(text);
  if (mention?.[1] !== undefined && isOurName(mention[1])) {
    return { kind: 'suggested-reply', query: (mention[2] ?? '').trim() };
  }
  return null;
}

/** Whether the bot has this name, or had it when the message was written. */
function isNameOf({ username, former }: Bot, name: string, writtenAtS: number | null): boolean {
  if (isSameName(name, username)) return true;
  return former !== undefined && (writtenAtS ?? 0) * 1_000 <= former.untilMs && isSameName(name, former.username);
}

const isSameName = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

function contactContent(message: Untrusted<Message>): InboundContent | null {
  const contact = asObject<Contact>(message.contact);
  const phone = asText(contact?.phone_number);
  if (!contact || phone === null) return null;
  const owner = asId(contact.user_id);
  // Telegram fills `user_id` itself, whatever an app sends: it vouches for the number.
  const own = owner !== null && owner === asId(asObject<User>(message.from)?.id);
  const card = readVcard(asText(contact.vcard) ?? '');
  return {
    kind: 'contact',
    name: nameOf(contact) ?? card?.formattedName ?? '',
    phone: own ? accountNumber(phone) : phone,
    own,
    firstName: visibleName(asText(contact.first_name)),
    lastName: visibleName(asText(contact.last_name)),
    ...(card === null ? {} : { card }),
  };
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
    live: venue === null ? liveOf(message, asInteger(location?.live_period)) : undefined,
  };
}

/**
 * Telegram: a live location is one message that is edited every few seconds. It has a period while it is shared; when the period runs
 * out by itself, no update comes.
 */
function liveOf(message: Untrusted<Message>, seconds: number | null): LiveLocation | undefined {
  if (asInteger(message.edit_date) !== null) return { phase: seconds === null ? 'ended' : 'moved' };
  return seconds === null ? undefined : { phase: 'started', seconds };
}

/** Telegram: an animation also sets `document`, a live photo also `photo`: the more exact name counts. */
const moreExact: readonly MessageField[] = ['animation', 'live_photo', 'paid_media', 'venue'];

/**
 * The field that says what kind of message it is; null if there is none. Telegram adds kinds every few weeks: one that
 * is not known goes by its own name.
 */
export function kindOfMessage(message: Untrusted<Message>): string | null {
  const fields = Object.keys(message).filter((field) =>
    isKnownField(field) ? decisionOf(field).role !== 'about' : /^[a-z][a-z0-9_]{0,63}$/.test(field),
  );
  return moreExact.find((field) => fields.includes(field)) ?? fields.find(isKnownField) ?? fields[0] ?? null;
}

function otherContent(message: Untrusted<Message>): InboundContent | ServiceRemark {
  const name = kindOfMessage(message) ?? 'empty message';
  if (isKnownField(name) && decisionOf(name).role === 'remark') return { kind: 'service', name };
  const caption = plainText(message.caption, message.caption_entities)?.trim() ?? '';
  return { kind: 'unsupported', what: name, ...(caption === '' ? {} : { caption }) };
}
