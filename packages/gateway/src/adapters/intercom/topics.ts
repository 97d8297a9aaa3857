/** What happens to a topic of Intercom's webhooks. `becomes` is for people; printed in docs/inbound.md. */
interface TopicDecision {
  /** Whether a person is asked to subscribe to it. */
  readonly subscribed: boolean;
  /** Whether its parts may be replies that go to the customer. */
  readonly replies: boolean;
  readonly becomes: string;
}

const replies = (becomes: string): TopicDecision => ({ subscribed: true, replies: true, becomes });
const applied = (becomes: string): TopicDecision => ({ subscribed: true, replies: false, becomes });
const unused = (becomes: string): TopicDecision => ({ subscribed: false, replies: false, becomes });

/**
 * The topics that have to do with conversations and contacts. Intercom: "reply and close", "reply and assign" and a reply
 * that reopens make no comment of their own. A bot's reply comes on both of the first two, with one part id. So does a
 * translated reply: first in its own language, then, once it is translated, on a topic of its own. It is sent once, in the
 * customer's language if Intercom has the translation by then.
 */
export const topics: Readonly<Record<string, TopicDecision>> = {
  'conversation.admin.replied': replies('sent to the customer, by its parts (below)'),
  'conversation.admin.replied.translated': replies('the same reply: sent once, translated if the translation is there'),
  'conversation.operator.replied': replies('the same: bots, workflows and Fin'),
  'conversation.admin.closed': replies('the words with which it was closed are sent'),
  'conversation.admin.opened': replies('the words with which it was opened again are sent'),
  'conversation.admin.assigned': replies('the words with which it was assigned are sent'),
  'conversation.deleted': applied('forgotten; the next message opens another conversation'),
  'contact.merged': applied('the chat continues with the contact that remains'),
  'contact.deleted': applied('nothing at once; the next message finds or makes the contact'),
  'conversation_part.redacted': applied('nothing: what was sent to Telegram stays there'),
  ping: applied('answered'),
  'conversation.user.replied': unused('not asked for: what a customer says in our conversations, the gateway wrote'),
  'conversation.user.created': unused('not asked for: opened by the gateway'),
  'conversation.admin.noted': unused('not asked for: notes are internal'),
  'conversation.admin.single.created': replies(
    'the words with which a teammate opened it go to the contact’s newest chat, which continues there',
  ),
  'conversation.read': unused('not asked for'),
  'conversation.rating.added': unused('not asked for'),
};

/** What happens to a part of a conversation, by its type. A type that is not here is internal. */
export const partTypes: Readonly<Record<string, { readonly replies: boolean; readonly becomes: string }>> = {
  comment: { replies: true, becomes: 'sent to the customer: words, files, formatting, buttons' },
  quick_reply: { replies: true, becomes: 'sent with its choices as buttons' },
  assignment: { replies: true, becomes: 'sent where it has words or files' },
  close: { replies: true, becomes: 'sent where it has words or files' },
  open: { replies: true, becomes: 'sent where it has words or files' },
  note: { replies: false, becomes: 'internal: never sent' },
};

/** Intercom: fires for `POST /messages`, too, so also for what the gateway opens. */
export const openedByAdmin = 'conversation.admin.single.created';

export const topicsToSubscribe: readonly string[] = Object.entries(topics).flatMap(([topic, { subscribed }]) =>
  subscribed ? [topic] : [],
);

export const mayReply = (topic: string): boolean => Object.hasOwn(topics, topic) && topics[topic]?.replies === true;

export const isReplyPart = (type: string): boolean =>
  Object.hasOwn(partTypes, type) && partTypes[type]?.replies === true;
