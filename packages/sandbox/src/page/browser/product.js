/** @import { Conversation, InboxAction } from './inbox/conversation.js' */

/**
 * A workspace of Intercom or a portal of HubSpot.
 *
 * @typedef {{ readonly id: string, readonly name: string, readonly agents: Conversation['agents'] }} Inbox
 */

/**
 * @typedef {object} ConversationSummary
 * @property {string} id
 * @property {string} label
 * @property {unknown} known The data that may contain the ids of its chat.
 */

/**
 * The page's access to one of the simulated products.
 *
 * @typedef {object} Product
 * @property {string} key
 * @property {string} name
 * @property {() => Promise<readonly Inbox[]>} inboxes
 * @property {(inboxId: string) => Promise<readonly ConversationSummary[]>} conversations Newest first.
 * @property {(inbox: Inbox, conversationId: string) => Promise<Conversation>} conversation
 * @property {(inbox: Inbox, conversationId: string, action: InboxAction) => Promise<unknown>} act
 */

export {};
