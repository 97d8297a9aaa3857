/**
 * A conversation as an agent sees it, in any product.
 *
 * @typedef {object} Conversation
 * @property {string} key Unique for each conversation; not shown.
 * @property {string} product
 * @property {string} title
 * @property {{ readonly text: string, readonly tone: Tone }} status
 * @property {readonly Fact[]} facts Details of the conversation and the customer, for the side column.
 * @property {readonly Entry[]} entries
 * @property {readonly { readonly id: string, readonly name: string }[]} agents The people who can reply.
 * @property {boolean} isOpen
 */

/** @typedef {'plain' | 'good' | 'bad'} Tone */
/** @typedef {{ readonly group: string, readonly label: string, readonly value: string }} Fact */

/**
 * @typedef {object} Entry
 * @property {string} id
 * @property {'message' | 'note' | 'event'} kind
 * @property {'customer' | 'team' | 'bot'} side
 * @property {string} name
 * @property {string} role
 * @property {string | null} html Not safe: only elements of an allow-list are shown.
 * @property {string | null} text Shown if there is no `html`.
 * @property {number | null} atMs
 * @property {readonly Attachment[]} attachments
 * @property {readonly { readonly text: string, readonly tone: Tone }[]} marks
 */

/**
 * @typedef {(
 *   | { readonly kind: 'file', readonly name: string, readonly url: string | null, readonly detail: string }
 *   | { readonly kind: 'location', readonly title: string, readonly detail: string, readonly url: string | null }
 *   | { readonly kind: 'contact', readonly title: string, readonly detail: string }
 *   | { readonly kind: 'choices', readonly labels: readonly string[] }
 *   | { readonly kind: 'other', readonly title: string }
 * )} Attachment
 */

/**
 * What the agent did, as the `detail` of an `inbox-action` event.
 *
 * @typedef {(
 *   | { readonly kind: 'reply' | 'note', readonly agent_id: string, readonly text: string }
 *   | { readonly kind: 'close' | 'open', readonly agent_id: string }
 * )} InboxAction
 */

export {};
