/** Buttons of a keyboard that are read, three times what Telegram takes; so a body full of wrong ones costs milliseconds, not half a second. */
export const buttonsReadMax = 1000;

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const cutRows = (rows: readonly unknown[]): readonly unknown[] => {
  let left = buttonsReadMax;
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index];
    const size = Array.isArray(row) ? Math.max(row.length, 1) : 1;
    if (size > left) return [...rows.slice(0, index), ...(Array.isArray(row) && left > 0 ? [row.slice(0, left)] : [])];
    left -= size;
  }
  return rows;
};

/**
 * Returns the message with what follows the first thousand buttons of its keyboard left off. What remains is still over Telegram's limits
 * and is refused for it; the problems of the buttons beyond are not listed.
 */
export const cutKeyboard = (message: Fields): Fields => {
  const markup = message['reply_markup'];
  if (!isObject(markup)) return message;
  for (const name of ['inline_keyboard', 'keyboard']) {
    const rows = markup[name];
    if (!Array.isArray(rows)) continue;
    const cut = cutRows(rows);
    if (cut !== rows) return { ...message, reply_markup: { ...markup, [name]: cut } };
  }
  return message;
};
