import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from '../faults.ts';
import { recordCall } from './calls.ts';
import { BotApiError } from './errors.ts';
import type { MethodResult } from './methods/method.ts';
import { findMethod } from './methods/methods.ts';
import { type Parameters, readParameters } from './parameters.ts';
import type { TelegramState } from './state.ts';
import type { Bot } from './world.ts';

/** Registers `/bot<token>/<method>` and `/file/bot<token>/<path>`; every other path has Telegram's error answers. */
export function registerApi(app: FastifyInstance, state: TelegramState): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/*',
    handler: (request, reply) => {
      handle(state, request, reply).catch((cause: unknown) => {
        void reply.send(cause);
      });
    },
  });
}

const apiPath = /^(file\/)?bot([^/]*)\/(.+)$/s;

function handle(state: TelegramState, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const path = apiPath.exec((request.params as Record<string, string>)['*'] ?? '');
  const [, file, token = '', rest = ''] = path ?? [];
  const guard = (operation: string, subject: string | undefined, run: () => Answer | Promise<Answer>) =>
    state.context.faults.guard({ provider: 'telegram', operation, subject }, reply, run);
  try {
    if (!path) throw new BotApiError(404, 'Not Found');
    const bot = botByToken(state, token);
    if (file !== undefined) return guard('file', rest, () => download(bot, rest));
    const method = findMethod(rest);
    if (!method) throw new BotApiError(404, 'Not Found: method not found');
    const parameters = readParameters(queryOf(request), request.headers['content-type'] ?? '', request.body);
    const chatId = parameters.text('chat_id');
    return guard(method.name, chatId === '' ? undefined : chatId, () =>
      delayAnswer(state, method.name, runMethod(state, bot, rest, parameters)),
    );
  } catch (cause) {
    return guard('*', undefined, () => refusal(cause));
  }
}

/** Runs a method of a bot and returns the answer. Also used for a method in the answer of a webhook. */
export function runMethod(
  state: TelegramState,
  bot: Bot,
  name: string,
  parameters: Parameters,
): Answer | Promise<Answer> {
  const failed = (cause: unknown) => {
    const answer = refusal(cause);
    state.publish('call.refused', {
      bot_id: bot.id,
      method: name,
      chat_id: parameters.text('chat_id'),
      ...(answer.body as object),
    });
    return answer;
  };
  const recorded = (answer: Answer) => {
    recordCall(state, bot, findMethod(name)?.name ?? name, parameters, answer);
    return answer;
  };
  try {
    const method = findMethod(name);
    if (!method) throw new BotApiError(404, 'Not Found: method not found');
    const outcome = method.run({ state, bot, parameters });
    if (outcome instanceof Promise) return outcome.then((late) => success(late), failed).then(recorded);
    return recorded(success(outcome));
  } catch (cause) {
    return recorded(failed(cause));
  }
}

const success = ({ planted = false, ...outcome }: MethodResult): Answer => ({
  status: 200,
  body: { ok: true, ...outcome },
  planted,
});

function refusal(cause: unknown): Answer {
  if (!(cause instanceof BotApiError)) throw cause;
  const { code, message, parameters } = cause;
  return {
    status: code,
    body: { ok: false, error_code: code, description: message, ...(parameters ? { parameters } : {}) },
    ...(parameters?.retry_after === undefined ? {} : { headers: { 'Retry-After': String(parameters.retry_after) } }),
  };
}

/** Delays an answer by the configured latency, except that of a long poll. */
function delayAnswer(state: TelegramState, method: string, answer: Answer | Promise<Answer>): Answer | Promise<Answer> {
  const delayMs = state.latencyMs;
  if (delayMs === 0 || method === 'getUpdates') return answer;
  return new Promise((resolve) => {
    state.context.clock.after(delayMs, () => resolve(answer));
  });
}

/** Telegram: a malformed token and an unknown token have different errors. */
function botByToken(state: TelegramState, token: string): Bot {
  const [, id = '', secret] = /^(\d*)(?::(.*))?$/s.exec(token) ?? [];
  const number = Number(id);
  const malformed = token.startsWith('0') || token.length > 80 || secret === undefined;
  if (malformed || number < 1 || number >= 2 ** 54) throw new BotApiError(401, 'Unauthorized: invalid token specified');
  const bot = state.botsById.get(number);
  if (!bot || bot.token !== token || bot.revoked) throw new BotApiError(401, 'Unauthorized');
  return bot;
}

function download(bot: Bot, path: string): Answer {
  for (const file of bot.files.values()) {
    if (file.path === path)
      return { status: 200, body: file.bytes, headers: { 'content-type': 'application/octet-stream' } };
  }
  return { status: 404, body: { ok: false, error_code: 404, description: 'Not Found' } };
}

function queryOf(request: FastifyRequest): string {
  const url = request.raw.url ?? '';
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at + 1);
}
