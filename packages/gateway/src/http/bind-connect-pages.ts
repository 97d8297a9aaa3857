import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BrowserFlow, CallbackQuery } from '../operations/connections/browser-flow.ts';
import type { ConnectableKind, InboxKind } from '../ports/inbox-kind.ts';
import { redirectBrowser, sendNotice } from './browser-page.ts';
import { readCookie } from './read-cookie.ts';

export interface ConnectPageDeps {
  readonly browserFlow: BrowserFlow;
  readonly inboxKinds: Readonly<Record<string, InboxKind<ConnectableKind>>>;
  /** The configured address, to which cookies are bound. */
  readonly publicUrl: string | null;
}

const cookieName = 'chatferry_browser';
/** Longer than an install may take. */
const cookieSeconds = 3600;

/**
 * The pages that a person sees while an inbox is connected. They need no sign-in: the start address is a secret, and the answer of
 * the provider is accepted only with the `state` that was made for this browser.
 */
export function bindConnectPages(app: FastifyInstance, deps: ConnectPageDeps): void {
  const { browserFlow } = deps;

  app.get<{ Params: { path: string } }>('/connect/start/:path', async (request, reply) => {
    const next = await browserFlow.start(request.params.path, browserOf(request), request.ip);
    if ('status' in next) return sendNotice(request, reply, next);
    void reply.header('set-cookie', cookieOf(next.browser, deps.publicUrl));
    return redirectBrowser(reply, next.url);
  });

  for (const { kind } of Object.values(deps.inboxKinds)) {
    app.get(`/connect/${kind}/callback`, async (request, reply) =>
      sendNotice(request, reply, await browserFlow.finish(kind, callbackOf(request.query), browserOf(request))),
    );
  }
}

/** Lax, so that the browser sends it when the provider sends the browser back. For these pages only. */
function cookieOf(browser: string, publicUrl: string | null): string {
  const { pathname, protocol } = new URL(publicUrl ?? 'http://localhost');
  const path = `${pathname.replace(/(?<!\/)\/+$/, '')}/connect`;
  const secure = protocol === 'https:' ? '; Secure' : '';
  return `${cookieName}=${browser}; Path=${path}; Max-Age=${cookieSeconds}; HttpOnly; SameSite=Lax${secure}`;
}

const browserOf = (request: FastifyRequest): string | null => readCookie(request, cookieName, /^[A-Za-z0-9_-]{16,64}$/);

function callbackOf(query: unknown): CallbackQuery {
  const given = typeof query === 'object' && query !== null ? (query as Readonly<Record<string, unknown>>) : {};
  const textOf = (name: string) => {
    const value = given[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    code: textOf('code'),
    state: textOf('state'),
    error: textOf('error'),
    error_description: textOf('error_description'),
  };
}
