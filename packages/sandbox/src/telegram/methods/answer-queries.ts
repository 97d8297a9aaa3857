import { badRequest, queryTooOld } from '../errors.ts';
import { FieldError, isJsonObject, type JsonObject, optionalString, requiredString } from '../json-field.ts';
import { normalizeMarkup, readMarkup } from '../markup.ts';
import { parametersOf } from '../parameters.ts';
import type { TelegramState } from '../state.ts';
import { checkRawText, normalizeText } from '../text.ts';
import type { Bot, InlineResult, OpenQuery } from '../world.ts';
import type { Method } from './method.ts';

const callbackTextMax = 200;
const resultsMax = 50;
const resultIdLimitBytes = 64;

export const answerCallbackQuery: Method = ({ state, bot, parameters }) => {
  const id = parameters.text('callback_query_id');
  const text = parameters.text('text');
  if ([...text].length > callbackTextMax) throw badRequest('MESSAGE_TOO_LONG');
  const { chat } = takeQuery(state, bot.callbackQueries, id);
  const alert = parameters.boolean('show_alert');
  if (text !== '') chat.notice = { text, show_alert: alert };
  state.publish('callback.answered', {
    bot_id: bot.id,
    chat_id: chat.info.id,
    callback_query_id: id,
    text,
    show_alert: alert,
  });
  return { result: true };
};

export const answerInlineQuery: Method = ({ state, bot, parameters }) => {
  const id = parameters.text('inline_query_id');
  const given = parameters.json('results', "Can't parse JSON encoded inline query results") ?? [];
  if (!Array.isArray(given)) throw badRequest('Expected an Array of inline query results');
  if (given.length > resultsMax) throw badRequest('Too many inline query results specified');
  const results = given.map(readResult);
  if (new Set(results.map((result) => result.id)).size < results.length) throw badRequest('RESULT_ID_DUPLICATE');
  checkInlineMode(bot);
  const { chat } = takeQuery(state, bot.inlineQueries, id);
  if (chat.inlineQueryId === id) chat.inlineResults = results;
  state.publish('inline.answered', {
    bot_id: bot.id,
    chat_id: chat.info.id,
    inline_query_id: id,
    results: results.length,
  });
  return { result: true };
};

/** Telegram: an inline query cannot be answered by a bot whose inline mode is off. */
function checkInlineMode(bot: Bot): void {
  if (!bot.supportsInlineQueries) throw badRequest('USER_BOT_INVALID');
}

/** A query can be answered once, and only for a limited time. */
function takeQuery(state: TelegramState, queries: Map<string, OpenQuery>, id: string): OpenQuery {
  const query = queries.get(id);
  queries.delete(id);
  if (!query || query.answerableUntilMs < state.context.clock.nowMs()) throw queryTooOld();
  return query;
}

function readResult(value: unknown): InlineResult {
  try {
    if (!isJsonObject(value)) throw new FieldError('Inline query result must be an object');
    return readArticle(value);
  } catch (cause) {
    if (cause instanceof FieldError) throw badRequest(`Can't parse inline query result: ${cause.message}`);
    throw cause;
  }
}

/** The sandbox supports articles with a text only. */
function readArticle(result: JsonObject): InlineResult {
  const type = requiredString(result, 'type');
  const id = requiredString(result, 'id');
  if (type !== 'article') throw new FieldError(`type "${type}" is unsupported for the inline query result`);
  const title = requiredString(result, 'title');
  const content = result['input_message_content'];
  if (!isJsonObject(content)) throw new FieldError('Input message content is not specified');
  const raw = requiredString(content, 'message_text');
  const description = optionalString(result, 'description');
  if (id === '' || Buffer.byteLength(id) > resultIdLimitBytes) throw badRequest('RESULT_ID_INVALID');
  checkRawText(raw);
  return {
    id,
    title,
    ...(description === '' ? {} : { description }),
    message_text: normalizeText(raw),
    markup: normalizeMarkup(readMarkup(parametersOf(result)), 'private'),
  };
}
