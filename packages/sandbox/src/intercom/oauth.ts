import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { consentPage, failurePage, withQuery } from '../consent-page.ts';
import type { Answer } from '../faults.ts';
import type { Environment } from './environment.ts';
import { isFields } from './fields.ts';
import { Refusal, refusalAnswer } from './refusal.ts';
import type { Region, Workspace } from './workspace.ts';
import type { Workspaces } from './workspaces.ts';

/** Intercom: a code expires after about five minutes. */
const CODE_LIFE_MS = 300_000;

interface Query {
  readonly client_id?: string;
  readonly redirect_uri?: string;
  readonly state?: string;
}

const say = (reply: FastifyReply, status: number, html: string) =>
  reply.code(status).type('text/html; charset=utf-8').send(html);

/**
 * Where Intercom asks an admin for consent, and where the code becomes a token that never ends. Intercom: what an app may do is
 * chosen in the app, so nothing is asked for here. The page and the token endpoint of the US serve every region.
 */
export function mountOauth(
  app: FastifyInstance,
  environment: Environment,
  workspaces: Workspaces,
  region: Region | null,
): void {
  const { clock, faults, feed } = environment.context;

  const isHere = (workspace: Workspace) => region === null || region === 'us' || workspace.region === region;
  const installable = (query: Query) =>
    workspaces.list().filter((workspace) => workspace.app.clientId === query.client_id && isHere(workspace));

  const backOf = (query: Query, [one]: readonly Workspace[]): string | null => {
    const back = query.redirect_uri ?? one?.app.redirectUrls?.[0];
    const isKnown = one?.app.redirectUrls === null || (back !== undefined && one?.app.redirectUrls.includes(back));
    return back !== undefined && URL.canParse(back) && isKnown ? back : null;
  };

  const open = (request: FastifyRequest, reply: FastifyReply, go: (query: Query, back: string) => unknown) => {
    const query = request.query as Query;
    const found = installable(query);
    if (found.length === 0) return say(reply, 404, failurePage('Intercom', 'There is no app with this client ID.'));
    const back = backOf(query, found);
    return back === null
      ? say(reply, 400, failurePage('Intercom', 'The redirect URL is not one of those of the app.'))
      : go(query, back);
  };

  app.get('/oauth', (request, reply) =>
    open(request, reply, (query) =>
      say(reply, 200, consentPage({ provider: 'Intercom', accounts: installable(query), permissions: [] })),
    ),
  );

  app.post('/oauth', (request, reply) =>
    open(request, reply, (query, back) => {
      const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '');
      const workspace = installable(query).find(({ id }) => id === form.get('account'));
      if (!workspace) return say(reply, 400, failurePage('Intercom', 'Choose a workspace to connect.'));
      const state = query.state === undefined ? {} : { state: query.state };
      if (form.get('decision') !== 'grant') {
        return reply.redirect(withQuery(back, { error: 'access_denied', ...state }), 302);
      }
      const code = environment.ids.uuid();
      workspace.codes.set(code, clock.nowMs() + CODE_LIFE_MS);
      feed.publish('intercom', 'app.authorized', { workspaceId: workspace.id });
      return reply.redirect(withQuery(back, { code, ...state }), 302);
    }),
  );

  function redeem(request: FastifyRequest): Answer {
    const given = bodyOf(request);
    const refuse = (code: string, message: string) =>
      refusalAnswer(new Refusal(401, code, message), environment.ids.uuid());
    const found = workspaces.list().filter((workspace) => workspace.app.clientId === given('client_id'));
    const [one] = found;
    if (!one || one.app.clientSecret !== given('client_secret')) return refuse('unauthorized', 'Unauthorized Client');
    const code = given('code');
    const workspace = found.find(({ codes }) => codes.has(code));
    const expiresAtMs = workspace?.codes.get(code) ?? 0;
    workspace?.codes.delete(code);
    if (!workspace || !isHere(workspace) || expiresAtMs <= clock.nowMs())
      return refuse('unauthorized', 'Unauthorized Code');
    const token = workspaces.grant(workspace);
    feed.publish('intercom', 'token.granted', { workspaceId: workspace.id });
    return { status: 200, body: { token_type: 'Bearer', token, access_token: token } };
  }

  app.post('/auth/eagle/token', async (request, reply) => {
    await faults.guard({ provider: 'intercom', operation: 'POST /auth/eagle/token' }, reply, () => redeem(request));
    return reply;
  });
}

/** Intercom takes a form or JSON. */
function bodyOf(request: FastifyRequest): (name: string) => string {
  const text = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  if ((request.headers['content-type'] ?? '').startsWith('application/json')) {
    const json: unknown = text === '' ? {} : JSON.parse(text);
    return (name) => String((isFields(json) ? json[name] : undefined) ?? '');
  }
  const form = new URLSearchParams(text);
  return (name) => form.get(name) ?? '';
}
