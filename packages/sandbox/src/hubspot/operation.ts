import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answer } from '../faults.ts';
import type { Environment } from './environment.ts';
import { type Fields, isFields, parseFields } from './fields.ts';
import type { Portal } from './portal.ts';
import type { Portals } from './portals.ts';
import { countCall } from './rate-limit.ts';
import { noCredentials, notFound, Refusal, refusalAnswer } from './refusal.ts';

/** One call of the simulated API by somebody who may make it. */
export interface Call {
  readonly portal: Portal;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Fields;
  readonly raw: Buffer;
  readonly contentType: string;
  /** Where this simulator is reached, for the addresses of stored files. */
  readonly baseUrl: string;
}

export interface Operation {
  /** `VERB /path/{name}`; faults are injected under this name. `{version}` is one of the supported versions. */
  readonly name: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;
  /** Whose credential it takes: the portal's access token, or the developer's key and app id in the query. */
  readonly as?: 'portal' | 'developer';
  /** HubSpot counts CRM searches apart from the other calls. */
  readonly isUncounted?: boolean;
  /** What the call is about, for faults, where it is not in the path. */
  readonly subject?: (body: Fields) => unknown;
  /** The status of success; default 200. */
  readonly status?: number;
  readonly handle: (call: Call) => unknown;
}

const VERSIONS = ['2026-03', '2026-09', 'v3'];
const SUBJECTS = ['threadId', 'contactId', 'messageId'];

function stringsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(isFields(value) ? value : {}).flatMap(([name, item]) =>
      typeof item === 'string' ? [[name, item] as const] : [],
    ),
  );
}

function rawOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

/** A subject must be known before the call is judged, so a body that cannot be read has none. */
function subjectOf(operation: Operation, request: FastifyRequest): string | undefined {
  const params = stringsOf(request.params);
  const named = SUBJECTS.map((name) => params[name]).find((value) => value !== undefined);
  if (named !== undefined || !operation.subject) return named;
  try {
    const subject = operation.subject(parseFields(request.body));
    return typeof subject === 'string' ? subject : undefined;
  } catch (cause) {
    if (cause instanceof Refusal) return undefined;
    throw cause;
  }
}

export function mountOperation(
  app: FastifyInstance,
  environment: Environment,
  portals: Portals,
  operation: Operation,
): void {
  const { clock, faults, feed } = environment.context;

  function portalOf(request: FastifyRequest): Portal {
    const query = stringsOf(request.query);
    if (operation.as === 'developer') {
      const portal = portals.byDeveloper(query['hapikey'] ?? '', query['appId'] ?? '');
      if (!portal) throw noCredentials();
      return portal;
    }
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw noCredentials();
    return portals.byAccessToken(token);
  }

  async function answer(request: FastifyRequest): Promise<Answer> {
    const correlationId = environment.ids.uuid();
    let limits: Readonly<Record<string, string>> = {};
    try {
      const portal = portalOf(request);
      if (!operation.isUncounted) limits = countCall(portal, clock.nowMs());
      const baseUrl = `${request.protocol}://${request.headers.host ?? 'localhost'}${app.prefix}`;
      portal.baseUrl = baseUrl;
      const params = stringsOf(request.params);
      if (params['version'] !== undefined && !VERSIONS.includes(params['version'])) throw notFound('Resource');
      const contentType = request.headers['content-type'] ?? '';
      const isJson = request.method !== 'GET' && !contentType.startsWith('multipart/');
      const body = await operation.handle({
        portal,
        params,
        query: stringsOf(request.query),
        body: isJson ? parseFields(request.body) : {},
        raw: rawOf(request),
        contentType,
        baseUrl,
      });
      return {
        status: operation.status ?? 200,
        headers: { ...limits, 'x-hubspot-correlation-id': correlationId },
        body,
      };
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      feed.publish('hubspot', 'call.refused', {
        operation: operation.name,
        status: cause.status,
        category: cause.category,
        message: cause.message,
      });
      const refused = refusalAnswer(cause, correlationId);
      return { ...refused, headers: { ...limits, ...refused.headers } };
    }
  }

  const [method, path] = operation.name.split(' ');
  app.route({
    method: method ?? 'GET',
    url: (path ?? '/').replace(/\{(\w+)\}/g, ':$1'),
    async handler(request, reply) {
      const call = { provider: 'hubspot' as const, operation: operation.name, subject: subjectOf(operation, request) };
      await faults.guard(call, reply, () => answer(request));
      return reply;
    },
  });
}
