/** Where the message is in the body: as a JSON pointer, and as the messages of errors write it. */
export const at = '/telegram_interactive_message';
export const dotted = 'telegram_interactive_message';

/** A body with this message. `envelope` adds fields beside the message, or replaces them. */
export const body = (message: unknown, envelope: object = {}) => ({
  destination_user_id: '123456789',
  telegram_interactive_message: message,
  ...envelope,
});

/** A body with these rows of inline buttons. */
export const inline = (rows: unknown) =>
  body({ type: 'reply_buttons', text: 'Hello', reply_markup: { inline_keyboard: rows } });

/** A body with one inline button. */
export const button = (fields: object) => inline([[{ text: 'Go', ...fields }]]);

/** A body with these rows of keys. */
export const keyboard = (rows: unknown, extra: object = {}) =>
  body({ type: 'reply_keyboard', text: 'Hello', reply_markup: { keyboard: rows, ...extra } });

/** A body with one key. */
export const key = (fields: object) => keyboard([[{ text: 'Go', ...fields }]]);

/** A body that removes the keyboard: the shortest valid one. */
export const remove = (extra: object = {}, text: unknown = 'Hello') =>
  body({ type: 'remove_reply_keyboard', text, reply_markup: { remove_keyboard: true, ...extra } });

/** A body that asks for a reply. */
export const force = (extra: object) =>
  body({ type: 'highlight_reply', text: 'Hello', reply_markup: { force_reply: true, ...extra } });

/** An action of a button. */
export const query = { switch_inline_query_current_chat: 'q' };

/** The same entry, this many times. */
export const many = (count: number, entry: unknown) => Array.from({ length: count }, () => entry);

/** A valid inline button. */
export const choice = { text: 'Go', ...query };

/** A copy of an object without one of its fields. */
export const without = (value: object, name: string) =>
  Object.fromEntries(Object.entries(value).filter(([field]) => field !== name));

/** A number inside this many arrays. */
export const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

/** Where the first inline button is. */
export const firstButton = `${at}/reply_markup/inline_keyboard/0/0`;

/** The message about a required field that is missing. */
export const missing = (path: string) => `You must supply ${path} in your request payload.`;

/** A body that is refused: what is wrong with it, the body itself, and the parts of its refusal. */
export type RefusedRow = readonly [what: string, input: unknown, code: 1 | 2 | 4, pointer: string, message: string];

/** What `parseSend` returns for a body with one problem. */
export const refusal = (code: 1 | 2 | 4, pointer: string, message: string) => ({
  ok: false,
  code,
  message,
  details: [{ pointer, message }],
});
