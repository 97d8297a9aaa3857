import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answer } from '../faults.ts';
import type { Environment } from './environment.ts';
import type { Portal } from './portal.ts';
import type { Portals } from './portals.ts';

/** HubSpot's OAuth errors have an envelope of their own: `status` is the code. */
function refuse(status: string, message: string, correlationId: string): Answer {
  return { status: 400, body: { status, message, correlationId } };
}

/** `POST /oauth/{version}/token`. HubSpot: a form only, a JSON body gets 415; access tokens live 30 minutes. */
export function mountOauth(app: FastifyInstance, environment: Environment, portals: Portals): void {
  const { faults, feed } = environment.context;

  function exchange(request: FastifyRequest): Answer {
    const correlationId = environment.ids.uuid();
    const type = request.headers['content-type'] ?? '';
    if (!type.startsWith('application/x-www-form-urlencoded')) {
      return { status: 415, body: { status: 'error', message: 'HTTP 415 Unsupported Media Type', correlationId } };
    }
    const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '');
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
    if (!portal.refreshTokens.has(given)) {
      return refuse('BAD_REFRESH_TOKEN', 'missing or unknown refresh token', correlationId);
    }
    if (!portal.options.rotateRefreshTokens) return granted(portal, given);
    portal.refreshTokens.delete(given);
    return granted(portal, portals.grantRefresh(portal));
  }

  function redeem(portal: Portal, form: URLSearchParams, correlationId: string): Answer {
    const code = form.get('code') ?? '';
    const redirectUri = portal.codes.get(code);
    if (redirectUri === undefined) return refuse('BAD_AUTH_CODE', 'missing or unknown auth code', correlationId);
    if (form.get('redirect_uri') !== redirectUri) {
      return refuse('BAD_REDIRECT_URI', 'missing or invalid redirect uri', correlationId);
    }
    portal.codes.delete(code);
    return granted(portal, portals.grantRefresh(portal));
  }

  function granted(portal: Portal, refreshToken: string): Answer {
    const { accessToken, lifeMs } = portals.grantAccess(portal);
    feed.publish('hubspot', 'token.granted', { portalId: portal.id });
    return {
      status: 200,
      body: {
        token_type: 'bearer',
        access_token: accessToken,
        refresh_token: refreshToken,
        expires_in: Math.floor(lifeMs / 1000),
        hub_id: Number(portal.id),
        app_id: Number(portal.app.id),
        user_id: Number(portal.users[0]?.id ?? 0),
      },
    };
  }

  for (const version of ['2026-03', '2026-09', 'v3']) {
    app.post(`/oauth/${version}/token`, async (request, reply) => {
      const call = { provider: 'hubspot' as const, operation: 'POST /oauth/{version}/token' };
      await faults.guard(call, reply, () => exchange(request));
      return reply;
    });
  }
}
