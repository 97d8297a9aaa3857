import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answer } from '../faults.ts';
import { type ConsentCheck, type ConsentQuery, formOf, mountConsentPage } from '../inbox-server/consent-page.ts';
import { isFields } from '../inbox-server/fields.ts';
import type { Environment } from './environment.ts';
import { IntercomRefusal } from './refusal.ts';
import type { Region, Workspace } from './workspace.ts';
import type { Workspaces } from './workspaces.ts';

/** Intercom: a code expires after about five minutes. */
const codeLifeMs = 300_000;

/**
 * The page where Intercom asks an admin for consent, and the endpoint that exchanges the code for a token. Intercom:
 * tokens never expire; the permissions are set in the app, so the page asks for none; and the page and the token
 * endpoint of the US serve every region. `region` null serves all regions.
 */
export function mountOauth(
  app: FastifyInstance,
  environment: Environment,
  workspaces: Workspaces,
  region: Region | null,
): void {
  const { clock, faults, feed } = environment.context;
  mountConsentPage<Workspace>(app, {
    provider: 'Intercom',
    path: '/oauth',
    check: (query) => checkConsent(workspaces, region, query),
    noAccount: 'Choose a workspace to connect.',
    denied: { error: 'access_denied' },
    grant(workspace) {
      const code = environment.ids.uuid();
      workspace.codes.set(code, clock.nowMs() + codeLifeMs);
      feed.publish('intercom', 'app.authorized', { workspaceId: workspace.id });
      return code;
    },
  });
  app.post('/auth/eagle/token', async (request, reply) => {
    const call = { provider: 'intercom' as const, operation: 'POST /auth/eagle/token' };
    await faults.guard(call, reply, () => redeemCode(environment, workspaces, region, request));
    return reply;
  });
}

const isServed = (workspace: Workspace, region: Region | null): boolean =>
  region === null || region === 'us' || workspace.region === region;

function checkConsent(workspaces: Workspaces, region: Region | null, query: ConsentQuery): ConsentCheck<Workspace> {
  const accounts = workspaces
    .list()
    .filter((workspace) => workspace.app.clientId === query.client_id && isServed(workspace, region));
  const [first] = accounts;
  if (!first) return { status: 404, failure: 'There is no app with this client ID.' };
  const allowed = first.app.redirectUrls;
  const redirectUrl = query.redirect_uri ?? allowed?.[0];
  const isAllowed = redirectUrl !== undefined && (allowed === null || allowed.includes(redirectUrl));
  if (!isAllowed || !URL.canParse(redirectUrl)) {
    return { status: 400, failure: 'The redirect URL is not one of those of the app.' };
  }
  return { accounts, redirectUrl, permissions: [] };
}

/** Exchanges a code, once, for an access token. */
function redeemCode(
  environment: Environment,
  workspaces: Workspaces,
  region: Region | null,
  request: FastifyRequest,
): Answer {
  const { clock, feed } = environment.context;
  const given = parameterReader(request);
  const refuse = (message: string) => new IntercomRefusal(401, 'unauthorized', message).answer(environment.ids.uuid());
  const installable = workspaces.list().filter((workspace) => workspace.app.clientId === given('client_id'));
  const [first] = installable;
  if (!first || first.app.clientSecret !== given('client_secret')) return refuse('Unauthorized Client');
  const code = given('code');
  const workspace = installable.find(({ codes }) => codes.has(code));
  const expiresAtMs = workspace?.codes.get(code) ?? 0;
  workspace?.codes.delete(code);
  if (!workspace || !isServed(workspace, region) || expiresAtMs <= clock.nowMs()) return refuse('Unauthorized Code');
  const token = workspaces.grant(workspace);
  feed.publish('intercom', 'token.granted', { workspaceId: workspace.id });
  return { status: 200, body: { token_type: 'Bearer', token, access_token: token } };
}

/** Reads parameters by name. Intercom accepts a form or JSON. */
function parameterReader(request: FastifyRequest): (name: string) => string {
  if ((request.headers['content-type'] ?? '').startsWith('application/json')) {
    const text = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
    const json: unknown = text === '' ? {} : JSON.parse(text);
    return (name) => String((isFields(json) ? json[name] : undefined) ?? '');
  }
  const form = formOf(request);
  return (name) => form.get(name) ?? '';
}
