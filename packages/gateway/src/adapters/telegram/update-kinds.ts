import type { UpdateKind } from './identify.ts';

/** What happens to a kind of update. */
interface UpdateDecision {
  /** Whether we ask Telegram for it, by webhook and by polling alike. */
  readonly asked: boolean;
  /** For people; printed in docs/inbound.md. */
  readonly becomes: string;
}

const notOurs = (becomes: string): UpdateDecision => ({ asked: false, becomes });

/**
 * Every kind of update that Telegram has, and what happens to it. A kind that is missing here, as one is with each new
 * version of the Bot API, fails the type check. What comes although it was not asked for is stored, and marked ignored
 * with its name.
 */
export const updateKinds = {
  message: { asked: true, becomes: 'an entry, by what the message carries (below)' },
  edited_message: {
    asked: true,
    becomes:
      'an entry marked “edited” where something that is shown changed; invisible changes are ignored. A live location: see below',
  },
  callback_query: {
    asked: true,
    becomes:
      'answered at once, then an entry with the button’s label, the data beside it, and the message that it answers. On a message that was sent into other chats through the bot: answered only',
  },
  inline_query: { asked: true, becomes: 'answered at once in the private chat with the bot; never an entry' },
  my_chat_member: {
    asked: true,
    becomes:
      'a state of the chat and an internal note: blocked or unblocked by the customer, removed from a group or added again',
  },
  channel_post: notOurs('customers do not talk to the bot in a channel'),
  edited_channel_post: notOurs('customers do not talk to the bot in a channel'),
  business_connection: notOurs('a person’s own account, whose chats are not the bot’s'),
  business_message: notOurs('between a person’s own account and others; keyboards cannot be sent there'),
  edited_business_message: notOurs('between a person’s own account and others'),
  deleted_business_messages: notOurs('between a person’s own account and others'),
  guest_message: notOurs('from a chat that the bot is not in, where an agent’s answer could not be sent'),
  stopped_message_generation: notOurs('the gateway streams no messages'),
  message_reaction: notOurs('Telegram reports reactions only to administrators of groups, never in private chats'),
  message_reaction_count: notOurs('anonymous reactions in channels'),
  chosen_inline_result: notOurs('names no chat; what the customer chose comes as a message'),
  shipping_query: notOurs('the gateway sends no invoices'),
  pre_checkout_query: notOurs('the gateway sends no invoices'),
  purchased_paid_media: notOurs('the gateway sends no paid media'),
  poll: notOurs('the gateway sends no polls'),
  poll_answer: notOurs('the gateway sends no polls'),
  chat_member: notOurs('who else joins or leaves a group is nothing for the inbox'),
  chat_join_request: notOurs('administration of groups'),
  chat_boost: notOurs('administration of groups'),
  removed_chat_boost: notOurs('administration of groups'),
  managed_bot: notOurs('administration of bots'),
  subscription: notOurs('the gateway sells nothing'),
} as const satisfies Record<UpdateKind, UpdateDecision>;
