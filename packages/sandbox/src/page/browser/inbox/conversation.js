/**
 * A conversation as an agent sees it, whichever product it stands in.
 *
 * @typedef {object} Conversation
 * @property {string} key Tells conversations apart; never shown.
 * @property {string} product
 * @property {string} title
 * @property {{ readonly text: string, readonly tone: Tone }} status
 * @property {readonly Fact[]} facts About the conversation and the customer, for the column beside it.
 * @property {readonly Entry[]} entries
 * @property {readonly { readonly id: string, readonly name: string }[]} agents Who may reply.
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
 * @property {string | null} html Unsafe as given: it is shown through an allow-list.
 * @property {string | null} text Shown where there is no `html`.
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
