import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { consentPage, failurePage, withQuery } from '../consent-page.ts';
import type { Environment } from './environment.ts';
import type { Portal } from './portal.ts';
import type { Portals } from './portals.ts';

interface Query {
  readonly client_id?: string;
  readonly redirect_uri?: string;
  readonly scope?: string;
  readonly state?: string;
}

const say = (reply: FastifyReply, status: number, html: string) =>
  reply.code(status).type('text/html; charset=utf-8').send(html);

/** Where `app.hubspot.com` asks an admin for consent. What is wrong with the request itself is said there, and nobody is sent back. */
export function mountAuthorize(app: FastifyInstance, environment: Environment, portals: Portals): void {
  const { clock, feed } = environment.context;

  const wrongWith = (query: Query, installable: readonly Portal[]): string | null => {
    const [one] = installable;
    if (!one) return 'Authorization failed because the client ID is missing or unknown.';
    const { redirectUrls, scopes } = one.app;
    const back = query.redirect_uri ?? '';
    if (!URL.canParse(back) || (redirectUrls !== null && !redirectUrls.includes(back)))
      return "Authorization failed because the redirect URL doesn't match the redirect URLs of the app.";
    const asked = scopesOf(query);
    if (asked.length === 0) return 'Authorization failed because no scope is asked for.';
    if ((scopes ?? []).some((scope) => !asked.includes(scope)))
      return "Authorization failed because there is a mismatch between the scopes in the install URL and the app's configured scopes.";
    return null;
  };

  const show = (request: FastifyRequest, reply: FastifyReply) => {
    const query = request.query as Query;
    const installable = portals.byClientId(query.client_id ?? '');
    const wrong = wrongWith(query, installable);
    if (wrong !== null) return say(reply, 400, failurePage('HubSpot', wrong));
    return say(reply, 200, consentPage({ provider: 'HubSpot', accounts: installable, permissions: scopesOf(query) }));
  };

  const decide = (request: FastifyRequest, reply: FastifyReply) => {
    const query = request.query as Query;
    const installable = portals.byClientId(query.client_id ?? '');
    const wrong = wrongWith(query, installable);
    if (wrong !== null) return say(reply, 400, failurePage('HubSpot', wrong));
    const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '');
    const portal = installable.find(({ id }) => id === form.get('account'));
    if (!portal) return say(reply, 400, failurePage('HubSpot', 'Choose an account in which the app can be installed.'));
    const back = query.redirect_uri ?? '';
    const state = query.state === undefined ? {} : { state: query.state };
    if (form.get('decision') !== 'grant') {
      const error = { error: 'access_denied', error_description: 'The user denied access to the application' };
      return reply.redirect(withQuery(back, { ...error, ...state }), 302);
    }
    const code = environment.ids.uuid();
    portal.codes.set(code, {
      redirectUrl: back,
      scopes: scopesOf(query).filter((scope) => !portal.options.withheldScopes.includes(scope)),
      expiresAtMs: clock.nowMs() + portal.options.codeLifeMs,
    });
    feed.publish('hubspot', 'app.authorized', { portalId: portal.id });
    return reply.redirect(withQuery(back, { code, ...state }), 302);
  };

  app.get('/oauth/authorize', show);
  app.post('/oauth/authorize', decide);
}

const scopesOf = ({ scope = '' }: Query): readonly string[] => scope.split(/\s+/).filter((one) => one !== '');
