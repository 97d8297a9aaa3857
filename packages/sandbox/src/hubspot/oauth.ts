import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answer } from '../faults.ts';
import type { Environment } from './environment.ts';
import type { Portal } from './portal.ts';
import type { Portals } from './portals.ts';

/** HubSpot's OAuth errors have an envelope of their own: `status` is the code. */
function refuse(status: string, message: string, correlationId: string): Answer {
  return { status: 400, body: { status, message, correlationId } };
}

/** HubSpot: a form only, a JSON body gets 415. */
function formOf(request: FastifyRequest): URLSearchParams | null {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) return null;
  return new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '');
}

const unsupported = (correlationId: string): Answer => ({
  status: 415,
  body: { status: 'error', message: 'HTTP 415 Unsupported Media Type', correlationId },
});

/** `POST /oauth/{version}/token` and its introspection. HubSpot: access tokens live 30 minutes. */
export function mountOauth(app: FastifyInstance, environment: Environment, portals: Portals): void {
  const { faults, feed, clock } = environment.context;

  function exchange(request: FastifyRequest): Answer {
    const correlationId = environment.ids.uuid();
    const form = formOf(request);
    if (form === null) return unsupported(correlationId);
    const grantType = form.get('grant_type');
    if (grantType !== 'refresh_token' && grantType !== 'authorization_code') {
      return refuse('BAD_GRANT_TYPE', 'missing or unknown grant type', correlationId);
    }
    const installed = portals.byClientId(form.get('client_id') ?? '');
    const grant = form.get(grantType === 'refresh_token' ? 'refresh_token' : 'code') ?? '';
    const portal =
      installed.find(({ refreshTokens, codes }) => refreshTokens.has(grant) || codes.has(grant)) ?? installed[0];
    if (!portal) return refuse('BAD_CLIENT_ID', 'missing or unknown client id', correlationId);
    if (form.get('client_secret') !== portal.app.clientSecret) {
      return refuse('BAD_CLIENT_SECRET', 'missing or unknown client secret', correlationId);
    }
    return grantType === 'refresh_token' ? refresh(portal, form, correlationId) : redeem(portal, form, correlationId);
  }

  function refresh(portal: Portal, form: URLSearchParams, correlationId: string): Answer {
    const given = form.get('refresh_token') ?? '';
    const scopes = portal.refreshTokens.get(given);
    if (scopes === undefined) {
      return refuse('BAD_REFRESH_TOKEN', 'missing or unknown refresh token', correlationId);
    }
    if (!portal.options.rotateRefreshTokens) return granted(portal, given, scopes);
    portal.refreshTokens.delete(given);
    return granted(portal, portals.grantRefresh(portal, scopes), scopes);
  }

  /** HubSpot: a code opens the portal once, for the very address that the browser was sent back to. */
  function redeem(portal: Portal, form: URLSearchParams, correlationId: string): Answer {
    const given = form.get('code') ?? '';
    const code = portal.codes.get(given);
    if (code === undefined) return refuse('BAD_AUTH_CODE', 'missing or unknown auth code', correlationId);
    const redirectUrl = form.get('redirect_uri');
    if (redirectUrl === null) return refuse('BAD_REDIRECT_URI', 'missing or invalid redirect uri', correlationId);
    if (redirectUrl !== code.redirectUrl) {
      return refuse('MISMATCH_REDIRECT_URI_AUTH_CODE', 'redirect uri does not match the auth code', correlationId);
    }
    portal.codes.delete(given);
    if (code.expiresAtMs <= clock.nowMs()) return refuse('EXPIRED_AUTH_CODE', 'auth code is expired', correlationId);
    return granted(portal, portals.grantRefresh(portal, code.scopes), code.scopes);
  }

  const factsOf = (portal: Portal, scopes: readonly string[]) => ({
    hub_id: Number(portal.id),
    app_id: Number(portal.app.id),
    user_id: Number(portal.users[0]?.id ?? 0),
    scopes,
  });

  function granted(portal: Portal, refreshToken: string, scopes: readonly string[]): Answer {
    const { accessToken, lifeMs } = portals.grantAccess(portal, scopes);
    feed.publish('hubspot', 'token.granted', { portalId: portal.id });
    return {
      status: 200,
      body: {
        token_type: 'bearer',
        access_token: accessToken,
        refresh_token: refreshToken,
        expires_in: Math.floor(lifeMs / 1000),
        ...(portal.options.tokenNamesPortal ? factsOf(portal, scopes) : {}),
      },
    };
  }

  function introspect(request: FastifyRequest): Answer {
    const correlationId = environment.ids.uuid();
    const form = formOf(request);
    if (form === null) return unsupported(correlationId);
    const [one] = portals.byClientId(form.get('client_id') ?? '');
    if (!one || form.get('client_secret') !== one.app.clientSecret) {
      return refuse('BAD_CLIENT_ID', 'missing or unknown client id', correlationId);
    }
    const found = portals.lookUpAccess(form.get('token') ?? '');
    if (found === null || found.portal.app !== one.app) return { status: 200, body: { active: false } };
    return { status: 200, body: { active: true, token_type: 'bearer', ...factsOf(found.portal, found.scopes) } };
  }

  const operations = { '': exchange, '/introspect': introspect };
  for (const version of ['2026-03', '2026-09', 'v3']) {
    for (const [path, answer] of Object.entries(operations)) {
      app.post(`/oauth/${version}/token${path}`, async (request, reply) => {
        const call = { provider: 'hubspot' as const, operation: `POST /oauth/{version}/token${path}` };
        await faults.guard(call, reply, () => answer(request));
        return reply;
      });
    }
  }
}
