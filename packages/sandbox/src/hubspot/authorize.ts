import type { FastifyInstance } from 'fastify';
import { type ConsentCheck, type ConsentQuery, mountConsentPage } from '../inbox-server/consent-page.ts';
import type { Environment } from './environment.ts';
import type { Portal } from './portal.ts';
import type { Portals } from './portals.ts';

/**
 * The page of `app.hubspot.com` that asks an admin for consent. A request with a mistake is answered there: the browser
 * is not sent back to the app.
 */
export function mountAuthorize(app: FastifyInstance, environment: Environment, portals: Portals): void {
  const { clock, feed } = environment.context;
  mountConsentPage<Portal>(app, {
    provider: 'HubSpot',
    path: '/oauth/authorize',
    check: (query) => checkConsent(portals, query),
    noAccount: 'Choose an account in which the app can be installed.',
    denied: { error: 'access_denied', error_description: 'The user denied access to the application' },
    grant(portal, query, redirectUrl) {
      const code = environment.ids.uuid();
      portal.codes.set(code, {
        redirectUrl,
        scopes: scopesOf(query).filter((scope) => !portal.options.withheldScopes.includes(scope)),
        expiresAtMs: clock.nowMs() + portal.options.codeLifeMs,
      });
      feed.publish('hubspot', 'app.authorized', { portalId: portal.id });
      return code;
    },
  });
}

function checkConsent(portals: Portals, query: ConsentQuery): ConsentCheck<Portal> {
  const fail = (failure: string) => ({ status: 400, failure: `Authorization failed because ${failure}` });
  const accounts = portals.byClientId(query.client_id ?? '');
  const [first] = accounts;
  if (!first) return fail('the client ID is missing or unknown.');
  const { redirectUrls, scopes: required } = first.app;
  const redirectUrl = query.redirect_uri ?? '';
  if (!URL.canParse(redirectUrl) || (redirectUrls !== null && !redirectUrls.includes(redirectUrl)))
    return fail("the redirect URL doesn't match the redirect URLs of the app.");
  const permissions = scopesOf(query);
  if (permissions.length === 0) return fail('no scope is requested.');
  if ((required ?? []).some((scope) => !permissions.includes(scope)))
    return fail("there is a mismatch between the scopes in the install URL and the app's configured scopes.");
  return { accounts, redirectUrl, permissions };
}

const scopesOf = ({ scope = '' }: ConsentQuery): readonly string[] => scope.split(/\s+/).filter((one) => one !== '');
