import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answer, Fault } from '../faults.ts';
import type { SimulatorContext } from '../simulator.ts';
import { stringFields } from './fields.ts';
import type { RandomIds } from './ids.ts';
import { Refusal } from './refusal.ts';

/** A workspace or portal, as far as the serving of calls needs it. */
interface Account {
  /** Where the API was last called: addresses of files begin with it. */
  baseUrl: string | null;
}

/** How a provider serves one operation of its API. Every function may throw a `Refusal`. */
interface OperationRoute<Served extends Account> {
  readonly provider: Fault['provider'];
  /** `VERB /path/{name}`; faults are injected under this name. */
  readonly name: string;
  /** The paths at which it is served; absent for the path in its name. */
  readonly paths?: readonly string[];
  /** The status of success. */
  readonly status: number;
  /** The header that carries the id of the request in each answer. */
  readonly requestIdHeader: string;
  /** What the call is about, for faults. */
  readonly subjectOf: (request: FastifyRequest) => string | undefined;
  readonly authenticate: (request: FastifyRequest) => Served;
  /** Counts the call against the rate limit and returns the headers that announce it. */
  readonly countCall: (account: Served) => Readonly<Record<string, string>>;
  /** Returns the body of the answer. */
  readonly handle: (account: Served, request: FastifyRequest, baseUrl: string) => unknown;
}

interface OperationDeps {
  readonly context: SimulatorContext;
  readonly ids: RandomIds;
}

/** Registers the routes of one operation, under the faults that are injected for it. */
export function mountOperationRoute<Served extends Account>(
  app: FastifyInstance,
  deps: OperationDeps,
  route: OperationRoute<Served>,
): void {
  const { provider, name } = route;
  const [method = 'GET', path = '/'] = name.split(' ');
  for (const served of route.paths ?? [path]) {
    app.route({
      method,
      url: served.replace(/\{(\w+)\}/g, ':$1'),
      async handler(request, reply) {
        const call = { provider, operation: name, subject: route.subjectOf(request) };
        await deps.context.faults.guard(call, reply, () => answerRequest(app, deps, route, request));
        return reply;
      },
    });
  }
}

async function answerRequest<Served extends Account>(
  app: FastifyInstance,
  { context, ids }: OperationDeps,
  route: OperationRoute<Served>,
  request: FastifyRequest,
): Promise<Answer> {
  const requestId = ids.uuid();
  let limits: Readonly<Record<string, string>> = {};
  try {
    const account = route.authenticate(request);
    limits = route.countCall(account);
    const baseUrl = baseUrlOf(app, request);
    account.baseUrl = baseUrl;
    const body = await route.handle(account, request, baseUrl);
    return { status: route.status, headers: { ...limits, [route.requestIdHeader]: requestId }, body };
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    const { status, feedData } = cause;
    context.feed.publish(route.provider, 'call.refused', { operation: route.name, status, ...feedData });
    const refused = cause.answer(requestId);
    return { ...refused, headers: { ...limits, ...refused.headers } };
  }
}

/** Answers calls that match no operation with the provider's own 404. */
export function refuseUnknownPaths(app: FastifyInstance, ids: RandomIds, refusal: () => Refusal): void {
  app.setNotFoundHandler((_request, reply) => {
    const { status, body } = refusal().answer(ids.uuid());
    return reply.code(status).send(body);
  });
}

/** The address under which the caller reached the simulated provider. */
export const baseUrlOf = (app: FastifyInstance, request: FastifyRequest): string =>
  `${request.protocol}://${request.headers.host ?? 'localhost'}${app.prefix}`;

export const bearerTokenOf = (request: FastifyRequest): string | undefined =>
  /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];

/**
 * What a call is about: the first of these path parameters, or else what `fromBody` finds. The subject chooses the
 * fault before the call is checked, so a body that cannot be read has none.
 */
export function subjectOf(
  request: FastifyRequest,
  names: readonly string[],
  fromBody: (() => unknown) | undefined,
): string | undefined {
  const params = stringFields(request.params);
  const named = names.map((name) => params[name]).find((value) => value !== undefined);
  if (named !== undefined || !fromBody) return named;
  try {
    const subject = fromBody();
    return typeof subject === 'string' ? subject : undefined;
  } catch (cause) {
    if (cause instanceof Refusal) return undefined;
    throw cause;
  }
}
