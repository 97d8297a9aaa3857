import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answer } from '../faults.ts';
import { formOf } from '../inbox-server/consent-page.ts';
import type { Environment } from './environment.ts';
import type { Portal } from './portal.ts';
import type { Access, Portals } from './portals.ts';
import { oauthVersions } from './versions.ts';

interface Deps {
  readonly environment: Environment;
  readonly portals: Portals;
}

/** A call of the token endpoint. HubSpot accepts a form only. */
interface TokenCall {
  readonly form: URLSearchParams;
  readonly correlationId: string;
}

type TokenOperation = (deps: Deps, call: TokenCall) => Answer;

/** `POST /oauth/{version}/token` and its introspection. HubSpot: access tokens expire after 30 minutes. */
export function mountOauth(app: FastifyInstance, environment: Environment, portals: Portals): void {
  const operations: Readonly<Record<string, TokenOperation>> = { '': exchange, '/introspect': introspect };
  const deps = { environment, portals };
  for (const version of oauthVersions) {
    for (const [path, operation] of Object.entries(operations)) {
      app.post(`/oauth/${version}/token${path}`, async (request, reply) => {
        const call = { provider: 'hubspot' as const, operation: `POST /oauth/{version}/token${path}` };
        await environment.context.faults.guard(call, reply, () => answerForm(deps, operation, request));
        return reply;
      });
    }
  }
}

function answerForm(deps: Deps, operation: TokenOperation, request: FastifyRequest): Answer {
  const correlationId = deps.environment.ids.uuid();
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return operation(deps, { form: formOf(request), correlationId });
  }
  const message = 'HTTP 415 Unsupported Media Type';
  return { status: 415, body: { status: 'error', message, correlationId } };
}

/** HubSpot's OAuth errors have an envelope of their own: `status` is the code. */
const refuse = ({ correlationId }: TokenCall, status: string, message: string): Answer => ({
  status: 400,
  body: { status, message, correlationId },
});

function exchange(deps: Deps, call: TokenCall): Answer {
  const { form } = call;
  const grantType = form.get('grant_type');
  if (grantType !== 'refresh_token' && grantType !== 'authorization_code') {
    return refuse(call, 'BAD_GRANT_TYPE', 'missing or unknown grant type');
  }
  const installed = deps.portals.byClientId(form.get('client_id') ?? '');
  const grant = form.get(grantType === 'refresh_token' ? 'refresh_token' : 'code') ?? '';
  const portal =
    installed.find(({ refreshTokens, codes }) => refreshTokens.has(grant) || codes.has(grant)) ?? installed[0];
  if (!portal) return refuse(call, 'BAD_CLIENT_ID', 'missing or unknown client id');
  if (form.get('client_secret') !== portal.app.clientSecret) {
    return refuse(call, 'BAD_CLIENT_SECRET', 'missing or unknown client secret');
  }
  return grantType === 'refresh_token' ? refreshToken(deps, portal, call) : redeemCode(deps, portal, call);
}

function refreshToken(deps: Deps, portal: Portal, call: TokenCall): Answer {
  const given = call.form.get('refresh_token') ?? '';
  const scopes = portal.refreshTokens.get(given);
  if (scopes === undefined) return refuse(call, 'BAD_REFRESH_TOKEN', 'missing or unknown refresh token');
  if (!portal.options.rotateRefreshTokens) return grantTokens(deps, portal, given, scopes);
  portal.refreshTokens.delete(given);
  return grantTokens(deps, portal, deps.portals.grantRefresh(portal, scopes), scopes);
}

/** HubSpot: a code can be redeemed once, with the address that the browser was sent back to. */
function redeemCode(deps: Deps, portal: Portal, call: TokenCall): Answer {
  const given = call.form.get('code') ?? '';
  const code = portal.codes.get(given);
  if (code === undefined) return refuse(call, 'BAD_AUTH_CODE', 'missing or unknown auth code');
  const redirectUrl = call.form.get('redirect_uri');
  if (redirectUrl === null) return refuse(call, 'BAD_REDIRECT_URI', 'missing or invalid redirect uri');
  if (redirectUrl !== code.redirectUrl) {
    return refuse(call, 'MISMATCH_REDIRECT_URI_AUTH_CODE', 'redirect uri does not match the auth code');
  }
  portal.codes.delete(given);
  const isExpired = code.expiresAtMs <= deps.environment.context.clock.nowMs();
  if (isExpired) return refuse(call, 'EXPIRED_AUTH_CODE', 'auth code is expired');
  return grantTokens(deps, portal, deps.portals.grantRefresh(portal, code.scopes), code.scopes);
}

function grantTokens(
  { environment, portals }: Deps,
  portal: Portal,
  refreshToken: string,
  scopes: readonly string[],
): Answer {
  const { accessToken, lifeMs } = portals.grantAccess(portal, scopes);
  environment.context.feed.publish('hubspot', 'token.granted', { portalId: portal.id });
  return {
    status: 200,
    body: {
      token_type: 'bearer',
      token_use: 'access_token',
      access_token: accessToken,
      refresh_token: refreshToken,
      expires_in: Math.floor(lifeMs / 1000),
      ...(portal.options.tokenNamesPortal ? tokenDetails(portal, scopes) : {}),
    },
  };
}

function introspect({ environment, portals }: Deps, call: TokenCall): Answer {
  const [installed] = portals.byClientId(call.form.get('client_id') ?? '');
  if (!installed || call.form.get('client_secret') !== installed.app.clientSecret) {
    return refuse(call, 'BAD_CLIENT_ID', 'missing or unknown client id');
  }
  const found = portals.findAccess(call.form.get('token') ?? '');
  if (found === null || found.portal.app !== installed.app) return { status: 200, body: { active: false } };
  return { status: 200, body: introspected(found, call.form.get('token') ?? '', environment.context.clock.nowMs()) };
}

function introspected({ portal, scopes, expiresAtMs }: Access, token: string, nowMs: number) {
  const details = tokenDetails(portal, scopes);
  const appId = Number(portal.app.id);
  return {
    active: true,
    token,
    token_type: 'bearer',
    token_use: 'access_token',
    client_id: portal.app.clientId,
    app_id: appId,
    expires_in: Math.floor((expiresAtMs - nowMs) / 1000),
    is_private_distribution: true,
    signed_access_token: {
      appId,
      appInstallId: portal.id,
      audience: '',
      expiresAt: expiresAtMs,
      hubId: details.hub_id,
      hublet: 'na1',
      installingUserId: details.user_id,
      isPrivateDistribution: true,
      isServiceAccount: false,
      isUserLevel: false,
      newSignature: '',
      scopeToScopeGroupPks: '',
      scopes: '',
      signature: '',
      trialScopeToScopeGroupPks: '',
      trialScopes: '',
      userId: details.user_id,
    },
    ...details,
  };
}

const tokenDetails = (portal: Portal, scopes: readonly string[]) => ({
  hub_id: Number(portal.id),
  user_id: Number(portal.users[0]?.id ?? 0),
  scopes,
});
