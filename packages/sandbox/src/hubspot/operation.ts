import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Fields, stringFields } from '../inbox-server/fields.ts';
import { bearerTokenOf, mountOperationRoute, subjectOf } from '../inbox-server/mount-operation.ts';
import type { Environment } from './environment.ts';
import { parseBody } from './fields.ts';
import type { Portal } from './portal.ts';
import type { Portals } from './portals.ts';
import { countCall } from './rate-limit.ts';
import { noCredentials, requestIdHeader } from './refusal.ts';
import { pathsOf } from './versions.ts';

/** One authenticated call of the simulated API. */
export interface Call {
  readonly portal: Portal;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Fields;
  readonly raw: Buffer;
  readonly contentType: string;
  /** The address of this simulator, for the addresses of stored files. */
  readonly baseUrl: string;
}

export interface Operation {
  /** `VERB /path/{name}`; faults are injected under this name. `{version}` stands for each version of its API. */
  readonly name: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;
  /** The credential: the portal's access token (default), or the developer's key and app id in the query. */
  readonly as?: 'portal' | 'developer';
  /** HubSpot does not count CRM searches with the other calls. */
  readonly isUncounted?: boolean;
  /** What the call is about, for faults, where it is not in the path. */
  readonly subject?: (body: Fields) => unknown;
  /** The status of success; default 200. */
  readonly status?: number;
  readonly handle: (call: Call) => unknown;
}

const subjectParams = ['threadId', 'contactId', 'messageId'];

export function mountOperation(
  app: FastifyInstance,
  environment: Environment,
  portals: Portals,
  operation: Operation,
): void {
  const { subject } = operation;
  const { clock } = environment.context;
  mountOperationRoute<Portal>(app, environment, {
    provider: 'hubspot',
    name: operation.name,
    paths: pathsOf(operation.name.replace(/^[A-Z]+ /, '')),
    status: operation.status ?? 200,
    requestIdHeader,
    subjectOf: (request) => subjectOf(request, subjectParams, subject && (() => subject(parseBody(request.body)))),
    authenticate: (request) =>
      operation.as === 'developer' ? portalOfDeveloper(portals, request) : portalOfToken(portals, request),
    countCall: (portal) => (operation.isUncounted ? {} : countCall(portal, clock.nowMs())),
    handle: (portal, request, baseUrl) => operation.handle(readCall(portal, request, baseUrl)),
  });
}

function portalOfDeveloper(portals: Portals, request: FastifyRequest): Portal {
  const query = stringFields(request.query);
  const portal = portals.byDeveloper(query['hapikey'] ?? '', query['appId'] ?? '');
  if (!portal) throw noCredentials();
  return portal;
}

function portalOfToken(portals: Portals, request: FastifyRequest): Portal {
  const token = bearerTokenOf(request);
  if (token === undefined) throw noCredentials();
  return portals.byAccessToken(token);
}

function readCall(portal: Portal, request: FastifyRequest, baseUrl: string): Call {
  const params = stringFields(request.params);
  const contentType = request.headers['content-type'] ?? '';
  const isJson = request.method !== 'GET' && !contentType.startsWith('multipart/');
  return {
    portal,
    params,
    query: stringFields(request.query),
    body: isJson ? parseBody(request.body) : {},
    raw: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    contentType,
    baseUrl,
  };
}
