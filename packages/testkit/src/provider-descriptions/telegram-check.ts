import type { Exchange } from '@chatferry/sandbox';
import { type BotApi, openBotApi } from './bot-api.ts';
import { type ReadBody, readJson, readRequestBody } from './exchange-body.ts';
import { type CheckedExchange, type ProviderCheck, violationsOf } from './provider-check.ts';
import type { Shape } from './shape.ts';
import type { Problem } from './shape-check.ts';

const callPath = /^\/bot[^/]*\/([^?]+)/;

/** Compares calls of the Bot API and updates with its types. */
export function createTelegramCheck(): ProviderCheck {
  const api = openBotApi();
  return {
    check(exchange) {
      if (exchange.kind === 'webhook') return Promise.resolve(checkWebhook(api, exchange));
      return checkCall(api, exchange);
    },
  };
}

function checkWebhook(api: BotApi, { body, planted }: Exchange): CheckedExchange {
  const { value } = readJson(body);
  const operation = Object.keys((value ?? {}) as object).find((name) => name !== 'update_id') ?? 'update';
  if (planted) return { operation, skipped: 'a test wrote the update', violations: [] };
  const place = { provider: 'telegram', part: 'webhook', operation, source: `${api.source}, Update` } as const;
  return { operation, violations: violationsOf(place, api.checkUpdate(value)) };
}

async function checkCall(api: BotApi, exchange: Exchange): Promise<CheckedExchange> {
  const name = callPath.exec(exchange.path)?.[1];
  if (name === undefined)
    return { operation: 'file', skipped: 'the Bot API does not describe file contents', violations: [] };
  const place = { provider: 'telegram', operation: name, source: `${api.source}, ${name}` } as const;
  const method = api.method(name);
  if (!method) {
    const problem = { at: '', rule: 'is of a method that does not exist' };
    return { operation: name, violations: violationsOf({ ...place, part: 'request' }, [problem]) };
  }
  const read = await readRequestBody(exchange);
  const given = { ...queryOf(exchange.path), ...argumentsOf(read, method.argument) };
  const requestProblems =
    read.unreadable === undefined ? method.checkArguments(given) : [{ at: '', rule: read.unreadable }];
  return {
    operation: name,
    violations: [
      ...violationsOf({ ...place, part: 'request' }, requestProblems),
      ...violationsOf({ ...place, part: 'answer' }, answerProblems(api, exchange, method.checkResult)),
    ],
  };
}

function answerProblems(
  api: BotApi,
  { answer, planted }: Exchange,
  checkResult: (result: unknown) => readonly Problem[],
): readonly Problem[] {
  if (planted || answer === undefined) return [];
  const { value, unreadable } = readJson(answer.body);
  if (unreadable !== undefined) return [{ at: '', rule: unreadable }];
  const body = value as { readonly ok?: unknown; readonly result?: unknown };
  if (body?.ok !== true) return api.checkError(value);
  return checkResult(body.result).map(({ at, rule }) => ({ at: `/result${at}`, rule }));
}

const queryOf = (path: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(new URLSearchParams(path.split('?')[1] ?? ''));

/** Telegram: in a form every argument that is not text is JSON. */
function argumentsOf({ value, isText }: ReadBody, argument: (name: string) => Shape | undefined) {
  const given = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (!isText) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      const shape = argument(name);
      return [name, shape === undefined || takesText(shape) ? text : readJson(Buffer.from(String(text))).value];
    }),
  );
}

const takesText = (shape: Shape): boolean => {
  if (shape.kind === 'choice') return shape.shapes.some(takesText);
  if (shape.kind !== 'scalar') return false;
  const words = shape.schema['enum'];
  return shape.schema['type'] === 'string' || (Array.isArray(words) && words.some((word) => typeof word === 'string'));
};
