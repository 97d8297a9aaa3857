/** The maximum number of buttons that are validated: three times Telegram's limit. A body full of wrong buttons takes milliseconds, not half a second. */
export const validatedButtonsMax = 1000;

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The rows with the first thousand buttons. */
export const cutRows = (rows: readonly unknown[]): readonly unknown[] => {
  let remaining = validatedButtonsMax;
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index];
    const size = Array.isArray(row) ? Math.max(row.length, 1) : 1;
    if (size > remaining)
      return [...rows.slice(0, index), ...(Array.isArray(row) && remaining > 0 ? [row.slice(0, remaining)] : [])];
    remaining -= size;
  }
  return rows;
};

/**
 * Removes the buttons of a keyboard after the first thousand. The rest still exceeds Telegram's limits and is refused for that; problems of the
 * removed buttons are not listed.
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
