import type { z } from 'zod';
import { type ParseResult, parseJson } from '../json/parse.ts';
import type { CodedProblem } from '../json/problems.ts';
import { cutKeyboard } from './cut-keyboard.ts';
import { type InteractiveType, interactiveTypes } from './message.ts';
import { bodySchemas, bodyWithoutMessage, bodyWithoutType, type SendInteractive } from './send.ts';

type Body = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isType = (type: unknown): type is InteractiveType => interactiveTypes.some((one) => one === type);

const message = 'telegram_interactive_message';

const invalidJson = (reason: string): CodedProblem => ({
  code: 4,
  path: [message],
  pointer: `/${message}`,
  message: `${message} must be an object, or a string that contains one as JSON: ${reason}.`,
});

/** The SyntaxError of JSON.parse quotes its input, so it is not passed on to the caller. */
const readJson = (text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } => {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return { ok: false };
    throw new Error('JSON.parse failed on a string.', { cause: error });
  }
};

interface Prepared {
  readonly body: unknown;
  readonly found: readonly CodedProblem[];
}

const none: readonly never[] = [];

const withMessage = (body: Body, content: Body): Body => {
  const cut = cutKeyboard(content);
  return cut === body[message] ? body : { ...body, [message]: cut };
};

/** Converts the string form to the object form. An empty string counts as absent for the two required fields of the envelope. */
const prepare = (input: unknown): Prepared => {
  // In a request without a body every required field is missing.
  if (input === undefined) return { body: {}, found: none };
  if (!isObject(input)) return { body: input, found: none };
  let body = input;
  let found: readonly CodedProblem[] = none;
  if (body['destination_user_id'] === '') body = { ...body, destination_user_id: null };
  const text = body[message];
  if (isObject(text)) return { body: withMessage(body, text), found };
  if (typeof text !== 'string') return { body, found };
  if (text === '') return { body: { ...body, [message]: null }, found };
  const read = readJson(text);
  if (read.ok && isObject(read.value)) return { body: withMessage(body, read.value), found };
  if (read.ok && read.value === null) return { body: { ...body, [message]: null }, found };
  found = [invalidJson(read.ok ? 'this string contains another JSON value' : 'this string is not valid JSON')];
  // The other fields of the envelope are still validated, with a message that has no problems.
  return { body: { ...body, [message]: {} }, found };
};

const chooseSchema = (body: unknown, found: readonly CodedProblem[]): z.ZodType => {
  const content = isObject(body) ? body[message] : undefined;
  if (found.length > 0 || !isObject(content)) return bodyWithoutMessage;
  const type = content['type'];
  return isType(type) ? bodySchemas[type] : bodyWithoutType;
};

/** The field that every markup of a type has. */
const markupField = {
  reply_buttons: 'inline_keyboard',
  reply_keyboard: 'keyboard',
  remove_reply_keyboard: 'remove_keyboard',
  highlight_reply: 'force_reply',
} as const satisfies Record<InteractiveType, string>;

/** Finds the markup of another type than the message has. This problem replaces the bare “field is missing”. */
const findWrongMarkup = (body: unknown): readonly CodedProblem[] => {
  const content = isObject(body) ? body[message] : undefined;
  if (!isObject(content)) return none;
  const { type, reply_markup: markup } = content;
  if (!isType(type) || !isObject(markup)) return none;
  const own = markupField[type];
  if ((markup[own] ?? null) !== null) return none;
  const other = interactiveTypes.find((one) => (markup[markupField[one]] ?? null) !== null);
  if (other === undefined) return none;
  const path = [message, 'reply_markup', own];
  return [
    {
      code: 1,
      path,
      pointer: `/${path.join('/')}`,
      message: `You must supply ${path.join('.')} in your request payload: the type ${type} takes ${own}, and ${markupField[other]} belongs to the type ${other}.`,
    },
  ];
};

/** Types that people expect here, and that the general endpoint sends. */
const sentElsewhere: Readonly<Record<string, string>> = {
  text: 'text without buttons',
  photo: 'a photo',
  video: 'a video',
  animation: 'an animation',
  audio: 'audio',
  voice: 'a voice message',
  document: 'a document',
  sticker: 'a sticker',
  location: 'a location',
  venue: 'a venue',
  contact: 'a contact',
  poll: 'a poll',
};

/** The sentence for a message of a kind that only the general endpoint sends. Undefined for any other message. */
const pointElsewhere = (body: unknown): string | undefined => {
  const content = isObject(body) ? body[message] : undefined;
  const type = isObject(content) ? content['type'] : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(sentElsewhere, type)) return undefined;
  return `There is no type "${type}". To send ${sentElsewhere[type]} use POST /api/v1/messages.`;
};

/**
 * Validates the body of a send. Never throws. Lists every problem; the lowest code decides (1, then 2, then 4). Unknown fields are removed from the value
 * and named in `warnings`; with `strict` they are problems. Pointers are the same for the object form and the string form of the message.
 */
export const parseSend = (input: unknown, options: { readonly strict: boolean }): ParseResult<SendInteractive> => {
  const { body, found } = prepare(input);
  const schema = chooseSchema(body, found) as z.ZodType<SendInteractive>;
  const parsed = parseJson(schema, body, { strict: options.strict, found: [...found, ...findWrongMarkup(body)] });
  const elsewhere = parsed.ok ? undefined : pointElsewhere(body);
  return parsed.ok || elsewhere === undefined ? parsed : { ...parsed, message: elsewhere };
};
