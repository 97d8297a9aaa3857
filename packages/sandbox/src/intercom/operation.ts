import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answer } from '../faults.ts';
import type { Environment } from './environment.ts';
import { type Fields, isFields, parseFields } from './fields.ts';
import { countCall } from './rate-limit.ts';
import { Refusal, refusalAnswer, unauthorized } from './refusal.ts';
import type { Workspace } from './workspace.ts';

/** One authenticated call of the simulated API. */
export interface Call {
  readonly workspace: Workspace;
  /** The minor number of the version asked for: 16 for `2.16`. */
  readonly minorVersion: number;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Fields;
  /** Where this simulator is reached, for the addresses of stored files. */
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

const KNOWN_MAJOR_1 = ['1.0', '1.1', '1.2', '1.3', '1.4'];
const NEWEST_MINOR = 17;

/** Intercom: `Intercom-Version` is one of the published versions; without it the app's own version counts. */
function minorVersionOf(header: unknown): number {
  if (header === undefined || header === 'Preview') return 16;
  if (typeof header === 'string') {
    if (KNOWN_MAJOR_1.includes(header)) return 0;
    const minor = /^2\.(0|[1-9]\d?)$/.exec(header)?.[1];
    if (minor !== undefined && Number(minor) <= NEWEST_MINOR) return Number(minor);
  }
  throw new Refusal(400, 'intercom_version_invalid', 'The requested version could not be found');
}

function stringsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(isFields(value) ? value : {}).flatMap(([name, item]) =>
      typeof item === 'string' ? [[name, item] as const] : [],
    ),
  );
}

/** A subject must be known before the call is judged, so a body that cannot be read has none. */
function subjectOf(operation: Operation, request: FastifyRequest): string | undefined {
  const id = stringsOf(request.params)['id'];
  if (id !== undefined || !operation.subject) return id;
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
  operation: Operation,
  workspaceOf: (accessToken: string) => Workspace | undefined,
): void {
  const { clock, faults, feed } = environment.context;

  async function answer(request: FastifyRequest): Promise<Answer> {
    const requestId = environment.ids.uuid();
    let limits: Readonly<Record<string, string>> = {};
    try {
      const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
      const workspace = token === undefined ? undefined : workspaceOf(token);
      if (!workspace) throw unauthorized();
      limits = countCall(workspace, clock.nowMs());
      const baseUrl = `${request.protocol}://${request.headers.host ?? 'localhost'}${app.prefix}`;
      workspace.baseUrl = baseUrl;
      const body = await operation.handle({
        workspace,
        minorVersion: minorVersionOf(request.headers['intercom-version']),
        params: stringsOf(request.params),
        query: stringsOf(request.query),
        body: request.method === 'GET' ? {} : parseFields(request.body),
        baseUrl,
      });
      return { status: 200, headers: { ...limits, 'x-request-id': requestId }, body };
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      feed.publish('intercom', 'call.refused', { operation: operation.name, status: cause.status, code: cause.code });
      const refused = refusalAnswer(cause, requestId);
      return { ...refused, headers: { ...limits, ...refused.headers } };
    }
  }

  const [method, path] = operation.name.split(' ');
  app.route({
    method: method ?? 'GET',
    url: (path ?? '/').replace(/\{(\w+)\}/g, ':$1'),
    async handler(request, reply) {
      await faults.guard(
        { provider: 'intercom', operation: operation.name, subject: subjectOf(operation, request) },
        reply,
        () => answer(request),
      );
      return reply;
    },
  });
}
