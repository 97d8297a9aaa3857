import type { FastifyInstance } from 'fastify';
import { type Fields, stringFields } from '../inbox-server/fields.ts';
import { bearerTokenOf, mountOperationRoute, subjectOf } from '../inbox-server/mount-operation.ts';
import type { Environment } from './environment.ts';
import { parseBody } from './fields.ts';
import { countCall } from './rate-limit.ts';
import { IntercomRefusal, requestIdHeader, unauthorized } from './refusal.ts';
import type { Workspace } from './workspace.ts';

/** One authenticated call of the simulated API. */
export interface Call {
  readonly workspace: Workspace;
  /** The minor number of the requested version: 16 for `2.16`. */
  readonly minorVersion: number;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Fields;
  /** The address of this simulator, for the addresses of stored files. */
  readonly baseUrl: string;
}

/** An operation of the API; faults are injected under its name. */
export interface Operation {
  /** `VERB /path/{name}`. */
  readonly name: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`;
  /** The contact or conversation that the call is about, where it is not `id` in the path. */
  readonly subject?: (body: Fields) => unknown;
  /** Returns the body of a 200. */
  readonly handle: (call: Call) => unknown;
}

const versionsOfMajor1 = ['1.0', '1.1', '1.2', '1.3', '1.4'];
const newestMinor = 17;

/** Intercom: `Intercom-Version` is one of the published versions; without it the version of the app applies. */
function minorVersionOf(header: unknown): number {
  if (header === undefined || header === 'Preview') return 16;
  if (typeof header === 'string') {
    if (versionsOfMajor1.includes(header)) return 0;
    const minor = /^2\.(0|[1-9]\d?)$/.exec(header)?.[1];
    if (minor !== undefined && Number(minor) <= newestMinor) return Number(minor);
  }
  throw new IntercomRefusal(400, 'intercom_version_invalid', 'The requested version could not be found');
}

export function mountOperation(
  app: FastifyInstance,
  environment: Environment,
  operation: Operation,
  workspaceByToken: (accessToken: string) => Workspace | undefined,
): void {
  const { subject } = operation;
  mountOperationRoute<Workspace>(app, environment, {
    provider: 'intercom',
    name: operation.name,
    status: 200,
    requestIdHeader,
    subjectOf: (request) => subjectOf(request, ['id'], subject && (() => subject(parseBody(request.body)))),
    authenticate(request) {
      const token = bearerTokenOf(request);
      const workspace = token === undefined ? undefined : workspaceByToken(token);
      if (!workspace) throw unauthorized();
      return workspace;
    },
    countCall: (workspace) => countCall(workspace, environment.context.clock.nowMs()),
    handle: (workspace, request, baseUrl) =>
      operation.handle({
        workspace,
        minorVersion: minorVersionOf(request.headers['intercom-version']),
        params: stringFields(request.params),
        query: stringFields(request.query),
        body: request.method === 'GET' ? {} : parseBody(request.body),
        baseUrl,
      }),
  });
}
