/**
 * Whether a conversation is about this chat: somewhere in what the inbox knows of it stands a text that names both the
 * bot and the chat as whole numbers (`7000000001:5000000002`). Nothing more is known of how a gateway names things.
 *
 * @param {unknown} known
 * @param {number} botId
 * @param {number} chatId
 * @returns {boolean}
 */
export function isAboutChat(known, botId, chatId) {
  if (typeof known === 'string') {
    /** @type {readonly string[]} */
    const numbers = known.match(/-?\d+/g) ?? [];
    return numbers.includes(`${botId}`) && numbers.includes(`${chatId}`);
  }
  if (typeof known !== 'object' || known === null) return false;
  return Object.values(known).some((value) => isAboutChat(value, botId, chatId));
}
