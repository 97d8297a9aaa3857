import type { Exchange } from '@chatferry/sandbox';
import { readJson, readRequestBody } from './exchange-body.ts';
import type { OpenApi } from './open-api.ts';
import { type CheckedExchange, violationsOf } from './provider-check.ts';
import type { Problem } from './shape-check.ts';
import type { Violation } from './violation.ts';

/** A description, and where it is from. */
export interface Described {
  readonly api: OpenApi;
  readonly source: string;
}

/** Compares one call with the description that has its path; without one the call is of an operation that does not exist. */
export async function checkDescribedCall(
  provider: Violation['provider'],
  { api, source }: Described,
  exchange: Exchange,
): Promise<CheckedExchange> {
  const { pathname, searchParams } = new URL(exchange.path, 'http://provider');
  const operation = api.operation(exchange.method, pathname);
  const name = operation?.name ?? `${exchange.method} ${pathname}`;
  const place = { provider, operation: name, source } as const;
  if (!operation) {
    const problem = { at: '', rule: 'is of an operation that does not exist' };
    return { operation: name, violations: violationsOf({ ...place, part: 'request' }, [problem]) };
  }
  const { value, isText, unreadable } = await readRequestBody(exchange);
  const requestProblems =
    unreadable === undefined
      ? [...operation.checkQuery(searchParams), ...operation.checkBody(value, isText)]
      : [{ at: '', rule: unreadable }];
  return {
    operation: name,
    violations: [
      ...violationsOf({ ...place, part: 'request' }, requestProblems),
      ...violationsOf({ ...place, part: 'answer' }, answerProblems(exchange, operation.checkAnswer)),
    ],
  };
}

function answerProblems(
  { answer, planted }: Exchange,
  check: (status: number, body: unknown) => readonly Problem[],
): readonly Problem[] {
  if (planted || answer === undefined) return [];
  const { value, unreadable } = readJson(answer.body);
  return unreadable === undefined ? check(answer.status, value) : [{ at: '', rule: unreadable }];
}
