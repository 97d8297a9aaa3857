/**
 * Whether a conversation belongs to this chat: one of its texts contains the ids of both the bot and the chat as whole
 * numbers (`7000000001:5000000002`). The page makes no other assumption about how a gateway names things.
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
