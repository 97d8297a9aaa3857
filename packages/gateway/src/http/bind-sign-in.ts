import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callbackPath, type ProviderSignIn } from '../operations/people/provider-sign-in.ts';
import { escapeHtml, redirectBrowser, sendPage } from './browser-page.ts';
import { readCookie } from './read-cookie.ts';
import { giveSession } from './session-cookie.ts';

const cookieName = '__Host-chatferry-oidc';
const cookieSeconds = 600;

/** The pages where people sign in by the operator’s identity provider. Without one there are none. */
export function bindSignIn(app: FastifyInstance, signIn: ProviderSignIn | null): void {
  if (signIn === null) return;

  app.get('/sign-in/oidc', async (_request, reply) => {
    const begun = await signIn.begin();
    if (begun === null)
      return sendPage(reply, 503, 'Sign in', '<p>The identity provider does not answer. Try again in a minute.</p>');
    // Lax: the browser must send it when the provider sends the browser back.
    void reply.header(
      'set-cookie',
      `${cookieName}=${begun.cookie}; Path=/; Max-Age=${cookieSeconds}; HttpOnly; Secure; SameSite=Lax`,
    );
    return redirectBrowser(reply, begun.url);
  });

  app.get(callbackPath, async (request, reply) => {
    const at = request.url.indexOf('?');
    const finished = await signIn.finish(
      { query: at === -1 ? '' : request.url.slice(at), cookie: cookieOf(request) },
      { requestId: request.id, address: request.ip, userAgent: request.headers['user-agent']?.slice(0, 200) ?? null },
    );
    if ('problem' in finished) return sendPage(reply, 403, 'Not signed in', `<p>${escapeHtml(finished.problem)}</p>`);
    giveSession(reply, finished.session);
    return sendPage(reply, 200, 'Signed in', `<p>You are signed in as ${escapeHtml(finished.name)}.</p>`);
  });
}

const cookieOf = (request: FastifyRequest): string | null =>
  readCookie(request, cookieName, /^[A-Za-z0-9_-]{20,2000}$/);
