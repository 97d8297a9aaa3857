import type {
  Gift,
  GiftInfo,
  Giveaway,
  GiveawayWinners,
  Invoice,
  Message,
  PaidMedia,
  PaidMediaInfo,
  RefundedPayment,
  SuccessfulPayment,
  UniqueGift,
  UniqueGiftInfo,
  User,
} from '@grammyjs/types';
import type { InboundContent } from '../../core/message/content.ts';
import { type MarkText, markText, providerWords, quoted } from '../../core/message/mark-text.ts';
import { asDescription } from './as-description.ts';
import { plainText } from './formatting.ts';
import type { MessageField } from './message-fields.ts';
import { moneyText } from './money.ts';
import { nameOf } from './parties.ts';
import { asId, asInteger, asList, asObject, asText, type Untrusted } from './untrusted.ts';

/** What has to do with money and stars: invoices, payments, gifts, giveaways, paid media. */
export const describedGoods = {
  paid_media: paidMediaContent,
  invoice: invoiceContent,
  successful_payment: (value) => describePayment(asObject<SuccessfulPayment>(value), markText`paid`),
  refunded_payment: (value) => describePayment(asObject<RefundedPayment>(value), markText`got a payment back`),
  gift: giftContent,
  gift_upgrade_sent: giftContent,
  unique_gift: uniqueGiftContent,
  giveaway: giveawayContent,
  giveaway_winners: winnersContent,
} satisfies Partial<Record<MessageField, (value: unknown, message: Untrusted<Message>) => InboundContent | null>>;

function paidMediaContent(value: unknown, message: Untrusted<Message>): InboundContent | null {
  const info = asObject<PaidMediaInfo>(value);
  const stars = asInteger(info?.star_count);
  if (!info || stars === null) return null;
  const count = asList(info.paid_media).flatMap((media) => asObject<PaidMedia>(media) ?? []).length;
  const what = count === 1 ? markText`a file` : markText`${count} files`;
  return asDescription(
    plainText(message.caption, message.caption_entities)?.trim() ?? '',
    markText`sent ${what} that cost ${priceOf(stars)} to see`,
  );
}

function invoiceContent(value: unknown): InboundContent | null {
  const invoice = asObject<Invoice>(value);
  const title = asText(invoice?.title);
  const amount = asInteger(invoice?.total_amount);
  const currency = asText(invoice?.currency);
  if (title === null) return null;
  const price = amount === null || currency === null ? '' : `, ${moneyText(amount, currency)}`;
  return asDescription(`${title}${price}`, markText`sent an invoice`);
}

function describePayment(
  paid: Untrusted<SuccessfulPayment | RefundedPayment> | null,
  mark: MarkText,
): InboundContent | null {
  const amount = asInteger(paid?.total_amount);
  const currency = asText(paid?.currency);
  return amount === null || currency === null ? null : asDescription(moneyText(amount, currency), mark);
}

function giftContent(value: unknown): InboundContent | null {
  const info = asObject<GiftInfo>(value);
  const gift = asObject<Gift>(info?.gift);
  if (!info || !gift) return null;
  const stars = asInteger(gift.star_count);
  const worth = stars === null ? markText`` : markText` worth ${priceOf(stars)}`;
  return asDescription(plainText(info.text, info.entities) ?? '', markText`sent a gift${worth}`);
}

function uniqueGiftContent(value: unknown): InboundContent | null {
  const info = asObject<UniqueGiftInfo>(value);
  const name = asText(asObject<UniqueGift>(info?.gift)?.base_name);
  if (!info || name === null) return null;
  return asDescription(plainText(info.text, info.entities) ?? '', markText`sent the gift ${quoted(name)}`);
}

function giveawayContent(value: unknown): InboundContent | null {
  const giveaway = asObject<Giveaway>(value);
  const winners = asInteger(giveaway?.winner_count);
  if (!giveaway || winners === null) return null;
  return asDescription(
    asText(giveaway.prize_description) ?? '',
    markText`shared a giveaway for ${peopleText(winners)}`,
  );
}

function winnersContent(value: unknown): InboundContent | null {
  const result = asObject<GiveawayWinners>(value);
  const count = asInteger(result?.winner_count);
  if (!result || count === null) return null;
  const names = asList(result.winners).flatMap((winner) => {
    const user = asObject<User>(winner);
    return (user && (nameOf(user) ?? asText(user.username) ?? asId(user.id))) ?? [];
  });
  return asDescription(names.join('\n'), markText`shared a giveaway that ${peopleText(count)} won`);
}

const priceOf = (stars: number): MarkText => providerWords(moneyText(stars, 'XTR'));

const peopleText = (count: number): MarkText => (count === 1 ? markText`one person` : markText`${count} people`);
