import { ErrorBody, errorNamed, errorsOf, type OperationSpec, operations, ProblemDetails } from '@chatferry/contract';

/** One answer of the gateway, as a test received it. */
export interface ObservedAnswer {
  readonly method: string;
  /** With its query, as it was requested. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  /** Null where the answer had no body. */
  readonly body: unknown;
}

const specs: readonly OperationSpec[] = Object.values(operations);

/** Throws unless the contract documents this answer to the request: its status, its shape and its error. */
export function assertContract(answer: ObservedAnswer): void {
  const where = `${answer.method} ${answer.path} answered ${answer.status}`;
  const requestId = answer.headers.get('x-request-id');
  if (requestId === null) throw new Error(`${where} without X-Request-Id`);
  const path = answer.path.split('?')[0] ?? '';
  const atPath = specs.filter((spec) => patternOf(spec).test(path));
  const spec = atPath.find(({ method }) => method === answer.method);
  if (answer.method === 'HEAD') return;
  if (answer.status < 400) {
    if (spec) assertSuccess(where, spec, answer);
    return;
  }
  if (path.startsWith('/hooks/') && answer.body === null) return;
  // Pages for browsers have texts of their own.
  if (path.startsWith('/connect/')) return;
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') === true;
  const body = (isProblem ? ProblemDetails : ErrorBody).parse(answer.body);
  const isReplayed = answer.headers.get('idempotent-replayed') === 'true';
  if (!isReplayed && body.request_id !== requestId) throw new Error(`${where} with another request_id than its header`);
  const entry = errorNamed(body.error_name);
  if (entry.code !== body.error_code || entry.status !== answer.status) {
    throw new Error(`${where} with ${body.error_name}, which is ${entry.code} with status ${entry.status}`);
  }
  const documented = spec ? errorsOf(spec) : [atPath.length === 0 ? 'NOT_FOUND' : 'METHOD_NOT_ALLOWED'];
  if (path.startsWith('/api/') && !documented.some((name) => name === body.error_name)) {
    throw new Error(`${where} with ${body.error_name}, which the contract does not name there`);
  }
}

function assertSuccess(where: string, spec: OperationSpec, { status, body }: ObservedAnswer): void {
  const schema = spec.responses[status];
  if (schema === undefined) throw new Error(`${where}, which the contract does not name for ${spec.id}`);
  if (schema !== null) {
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw new Error(`${where} against the contract: ${parsed.error.message}`);
  } else if (body !== null) throw new Error(`${where} with a body, where the contract has none`);
}

const patternOf = ({ path }: OperationSpec): RegExp => new RegExp(`^${path.replaceAll(/\{[a-z_]+\}/g, '[^/]+')}$`);
