import type { InboxApp, InboxAuthorization, RedeemOutcome } from '../../ports/inbox-authorization.ts';
import { type BoundSecret, conceal, revealTo } from '../../ports/secret.ts';
import type { Transport } from '../http/transport.ts';
import { listAt, readReply, textAt } from '../json-answer.ts';
import { apis } from './apis.ts';
import { classify, type HubspotOutcome } from './classify.ts';
import { scopes } from './scopes.ts';
import { hubspotSettings } from './settings.ts';

const limitMs = 20_000;
const maxResponseBytes = 64 * 1024;

/** HubSpot: serves the accounts of every data centre. */
const publicPage = 'https://app.hubspot.com';

/** Asks HubSpot's token endpoint. `given` is what the app presents beside its own secret, `form` what is no secret. */
type Post = (
  app: InboxApp,
  path: string,
  given: Readonly<Record<string, BoundSecret>>,
  form?: Readonly<Record<string, string>>,
) => Promise<HubspotOutcome>;

async function askTokenEndpoint(
  transport: Pick<Transport, 'call'>,
  apiUrl: string | null,
  ...[app, path, given, form = {}]: Parameters<Post>
): Promise<HubspotOutcome> {
  const { base_url: baseUrl } = hubspotSettings
    .pick({ base_url: true })
    .parse({ base_url: app.base_url ?? apiUrl ?? undefined });
  const fullPath = `${apis.oauth.path}${path}`;
  const url = `${baseUrl}${fullPath}`;
  const filled = revealTo(url, (reveal) => {
    const secrets = Object.entries({ ...given, client_secret: app.client_secret });
    const revealed = secrets.map(([name, secret]) => [name, reveal(secret)] as const);
    return new URLSearchParams({ ...form, client_id: app.client_id, ...Object.fromEntries(revealed) });
  });
  if (filled.kind === 'withheld') return { kind: 'broken', detail: filled.detail };
  const response = await transport.call({
    url,
    method: 'POST',
    // HubSpot: a JSON body gets 415 here.
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(filled.value.toString()),
    limitMs,
    maxResponseBytes,
  });
  const outcome = classify(readReply(response), { effect: 'reads', about: 'account' }, fullPath);
  if (outcome.kind === 'ok') return outcome;
  return { ...outcome, detail: conceal(outcome.detail, [app.client_secret, ...Object.values(given)]) };
}

/**
 * HubSpot's OAuth: the install address carries the scopes; the code works once, within minutes, and only with the redirect
 * address that it was given for; what comes is an access token of half an hour and a refresh token.
 */
export function createHubspotAuthorization(options: {
  readonly transport: Pick<Transport, 'call'>;
  /** Replaces the sign-in page; null for HubSpot's own. */
  readonly appUrl: string | null;
  /** The API for apps that name none; null for HubSpot's own. */
  readonly apiUrl: string | null;
}): InboxAuthorization {
  const { transport, appUrl, apiUrl } = options;

  const post: Post = (...request) => askTokenEndpoint(transport, apiUrl, ...request);

  return {
    scopes,

    signInUrl(app, { state, redirectUrl }) {
      const query = new URLSearchParams({
        client_id: app.client_id,
        redirect_uri: redirectUrl,
        scope: scopes.join(' '),
        state,
      });
      return `${appUrl ?? publicPage}/oauth/authorize?${query}`;
    },

    async redeem(app, { code, redirectUrl }): Promise<RedeemOutcome> {
      if (app.kind !== 'hubspot') throw new Error('an app of another inbox was handed to HubSpot');
      const refused = (detail: string): RedeemOutcome => ({ kind: 'rejected', why: 'refused', detail });
      const form = { grant_type: 'authorization_code', redirect_uri: redirectUrl };
      const answer = await post(app, '', { code: app.client_secret.sibling(code) }, form);
      if (answer.kind === 'deferred') return answer;
      if (answer.kind !== 'ok') return refused(answer.detail);
      const refreshToken = textAt(answer.value, 'refresh_token');
      const accessToken = textAt(answer.value, 'access_token');
      if (refreshToken === null || accessToken === null) return refused('HubSpot gave no refresh token for the code');
      // HubSpot: introspection has what the answer may leave out.
      const isWhole = textAt(answer.value, 'app_id') !== null && listAt(answer.value, 'scopes').length > 0;
      const asked = isWhole
        ? answer
        : await post(app, '/introspect', { token: app.client_secret.sibling(accessToken) });
      const facts = asked.kind === 'ok' ? asked.value : {};
      const appId = textAt(facts, 'app_id');
      if (app.app_id !== undefined && appId !== null && app.app_id !== appId) {
        const detail = `the client id belongs to the app ${appId}, and app_id is ${app.app_id}`;
        return { kind: 'rejected', why: 'wrong-app', detail };
      }
      const knownAppId = app.app_id ?? appId;
      if (knownAppId === null) return refused('HubSpot does not say which app this is: give app_id');
      const given = listAt(facts, 'scopes').map(String);
      return {
        kind: 'ok',
        value: {
          input: { ...app, app_id: knownAppId, refresh_token: app.client_secret.sibling(refreshToken) },
          missingScopes: given.length === 0 ? [] : scopes.filter((scope) => !given.includes(scope)),
        },
      };
    },
  };
}
