import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LinkOffer, WrongProof } from '../operations/people/link-account.ts';
import { callbackPath, type ProviderSignIn } from '../operations/people/provider-sign-in.ts';
import type { SignInCaller, SignInResult } from '../operations/people/provider-sign-in-deps.ts';
import type { BodyBudgets } from './body-budgets.ts';
import { escapeHtml, redirectBrowser, sendPage } from './browser-page.ts';
import { deviceOf, giveDevice } from './device-cookie.ts';
import { asApiError } from './error-reply.ts';
import { readCookie } from './read-cookie.ts';
import { allowForm, fieldsOf, readForms } from './read-form.ts';
import { assertNotFromAnotherSite } from './same-origin.ts';
import { giveSession } from './session-cookie.ts';
import type { ProxyWatch } from './watch-proxies.ts';

export interface SignInPageDeps {
  /** Null if there is no identity provider. */
  readonly providerSignIn: ProviderSignIn | null;
  readonly proxyWatch: Pick<ProxyWatch, 'sharesAddress'>;
  /** The address at which browsers reach the gateway. Null if it is not set. */
  readonly publicUrl: string | null;
}

const cookieName = '__Host-chatferry-oidc';
const linkCookieName = '__Host-chatferry-oidc-link';
const linkPath = '/sign-in/oidc/link';
const cookieSeconds = 600;

/** The pages where people sign in by the operator’s identity provider. Without one there are none. */
export function bindSignIn(
  app: FastifyInstance,
  { providerSignIn: signIn, proxyWatch, publicUrl }: SignInPageDeps,
  budgets: BodyBudgets,
): void {
  if (signIn === null) return;
  readForms(app);
  const callerOf = (request: FastifyRequest): SignInCaller => ({
    requestId: request.id,
    address: request.ip,
    sharesAddress: proxyWatch.sharesAddress(request),
    device: deviceOf(request),
    userAgent: request.headers['user-agent']?.slice(0, 200) ?? null,
  });

  app.get('/sign-in/oidc', async (_request, reply) => {
    const begun = await signIn.begin();
    if (begun === null)
      return sendPage(reply, 503, 'Sign in', '<p>The identity provider does not answer. Try again in a minute.</p>');
    // Lax: the browser must send it when the provider sends the browser back.
    giveCookie(reply, cookieName, begun.cookie, 'Lax');
    return redirectBrowser(reply, begun.url);
  });

  app.get(callbackPath, async (request, reply) => {
    const at = request.url.indexOf('?');
    const finished = await signIn.finish(
      { query: at === -1 ? '' : request.url.slice(at), cookie: cookieOf(request, cookieName) },
      callerOf(request),
    );
    if ('linkCookie' in finished) return askForPassword(reply, finished);
    return showResult(reply, finished);
  });

  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    assertNotFromAnotherSite(request, publicUrl);
    allowForm(request, reply, budgets);
  };
  app.post(linkPath, { onRequest }, async (request, reply) => {
    const form = fieldsOf(request);
    const proof = {
      cookie: cookieOf(request, linkCookieName),
      password: form.get('password') ?? '',
      code: form.get('code')?.trim() || undefined,
    };
    const linked = await signIn.link(proof, callerOf(request)).catch(refusalOf);
    if ('retryAfterMs' in linked) {
      void reply.header('retry-after', String(Math.ceil(linked.retryAfterMs / 1_000)));
      return sendPage(reply, 429, 'Not signed in', linkForm(linked.wrong));
    }
    if ('wrong' in linked) return sendPage(reply, 403, 'Not signed in', linkForm(linked.wrong));
    if ('session' in linked) giveCookie(reply, linkCookieName, '', 'Strict');
    return showResult(reply, linked);
  });
}

type Refusal = WrongProof & { readonly retryAfterMs: number };

/** Too many failures: a person sees a page, not JSON. */
function refusalOf(cause: unknown): Refusal {
  const refused = asApiError(cause);
  if (refused?.error !== 'RATE_LIMITED') throw cause;
  return { wrong: refused.message, retryAfterMs: refused.parts.retryAfterMs ?? 0 };
}

function askForPassword(reply: FastifyReply, { email, linkCookie }: LinkOffer): FastifyReply {
  giveCookie(reply, linkCookieName, linkCookie, 'Strict');
  const why = `You have an account here, ${email}, with a password. Enter it once to sign in by the identity provider from now on.`;
  return sendPage(reply, 200, 'Link your account', linkForm(why));
}

const linkForm = (words: string): string => `<p>${escapeHtml(words)}</p>
<form method="post" action="${linkPath}">
<p><label for="password">Password:</label><br>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required></p>
<p><label for="code">The code of your authenticator app, if you use one:</label><br>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}"></p>
<p><button>Link and sign in</button></p>
</form>`;

function showResult(reply: FastifyReply, result: SignInResult): FastifyReply {
  if ('problem' in result) return sendPage(reply, 403, 'Not signed in', `<p>${escapeHtml(result.problem)}</p>`);
  giveSession(reply, result.session);
  giveDevice(reply, result.device);
  return sendPage(reply, 200, 'Signed in', `<p>You are signed in as ${escapeHtml(result.name)}.</p>`);
}

/** An empty value removes the cookie. */
function giveCookie(reply: FastifyReply, name: string, value: string, sameSite: 'Lax' | 'Strict'): void {
  const life = value === '' ? 0 : cookieSeconds;
  void reply.header('set-cookie', `${name}=${value}; Path=/; Max-Age=${life}; HttpOnly; Secure; SameSite=${sameSite}`);
}

const cookieOf = (request: FastifyRequest, name: string): string | null =>
  readCookie(request, name, /^[A-Za-z0-9_-]{20,2000}$/);
