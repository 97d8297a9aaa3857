/** A message that removes the reply keyboard: the shortest message of the API. */
export const keyboardRemoval = (text: string) => ({
  type: 'remove_reply_keyboard',
  text,
  reply_markup: { remove_keyboard: true },
});
