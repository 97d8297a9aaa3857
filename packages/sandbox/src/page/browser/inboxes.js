import { ControlError } from './control.js';
import { hubspot } from './hubspot.js';
import { intercom } from './intercom.js';

/** @import { Inbox, ConversationSummary, Product } from './product.js' */

/** @type {readonly Product[]} */
const products = [intercom, hubspot];

/**
 * @typedef {object} OpenInbox
 * @property {string} key `intercom/<workspace>`
 * @property {Product} product
 * @property {Inbox} inbox
 * @property {readonly ConversationSummary[]} conversations
 */

/**
 * All workspaces and portals with their conversations.
 *
 * @returns {Promise<readonly OpenInbox[]>}
 */
export async function readInboxes() {
  const perProduct = products.map(async (product) => {
    const inboxes = await readInboxesOf(product);
    return Promise.all(
      inboxes.map(async (inbox) => ({
        key: `${product.key}/${inbox.id}`,
        product,
        inbox,
        conversations: await product.conversations(inbox.id),
      })),
    );
  });
  return (await Promise.all(perProduct)).flat();
}

/** Products that this sandbox does not have. @type {Set<Product>} */
const missingProducts = new Set();

/** @param {Product} product */
async function readInboxesOf(product) {
  if (missingProducts.has(product)) return [];
  try {
    return await product.inboxes();
  } catch (error) {
    if (!(error instanceof ControlError) || error.status !== 404) throw error;
    missingProducts.add(product);
    return [];
  }
}
