import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A workspace or portal that an app can be connected to. */
export interface Choice {
  readonly id: string;
  readonly name: string;
}

/** The query of a consent page, in the terms of OAuth 2. */
export interface ConsentQuery {
  readonly client_id?: string;
  readonly redirect_uri?: string;
  readonly scope?: string;
  readonly state?: string;
}

/** What an admin can choose and where the browser goes afterwards; or why the browser stays here. */
export type ConsentCheck<Account> =
  | { readonly accounts: readonly Account[]; readonly redirectUrl: string; readonly permissions: readonly string[] }
  | { readonly status: number; readonly failure: string };

/** How a provider asks an admin for consent. */
interface ConsentRules<Account extends Choice> {
  /** The name that the page shows. */
  readonly provider: string;
  readonly path: string;
  check(query: ConsentQuery): ConsentCheck<Account>;
  /** What the page says where no account was chosen. */
  readonly noAccount: string;
  /** The query that the app receives where the admin refuses, without the state. */
  readonly denied: Readonly<Record<string, string>>;
  /** Stores an authorization code for this account and returns it. */
  grant(account: Account, query: ConsentQuery, redirectUrl: string): string;
}

/** Registers the page that asks an admin for consent, and the form on it. */
export function mountConsentPage<Account extends Choice>(app: FastifyInstance, rules: ConsentRules<Account>): void {
  app.get(rules.path, (request, reply) => {
    const checked = rules.check(request.query as ConsentQuery);
    if ('failure' in checked) return sendFailure(reply, rules.provider, checked.status, checked.failure);
    const { accounts, permissions } = checked;
    return sendPage(reply, 200, consentPage({ provider: rules.provider, accounts, permissions }));
  });
  app.post(rules.path, (request, reply) => decide(rules, request, reply));
}

function decide<Account extends Choice>(rules: ConsentRules<Account>, request: FastifyRequest, reply: FastifyReply) {
  const query = request.query as ConsentQuery;
  const checked = rules.check(query);
  if ('failure' in checked) return sendFailure(reply, rules.provider, checked.status, checked.failure);
  const form = formOf(request);
  const account = checked.accounts.find(({ id }) => id === form.get('account'));
  if (!account) return sendFailure(reply, rules.provider, 400, rules.noAccount);
  const { redirectUrl } = checked;
  const isGranted = form.get('decision') === 'grant';
  const answer = isGranted ? { code: rules.grant(account, query, redirectUrl) } : rules.denied;
  const state = query.state === undefined ? {} : { state: query.state };
  return reply.redirect(withQuery(redirectUrl, { ...answer, ...state }), 302);
}

/** The form in a raw request body. */
export const formOf = (request: FastifyRequest): URLSearchParams =>
  new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '');

export const sendPage = (reply: FastifyReply, status: number, html: string): FastifyReply =>
  reply.code(status).type('text/html; charset=utf-8').send(html);

/** A page of the provider itself, for a browser that is not sent back to the app. */
export const sendFailure = (reply: FastifyReply, provider: string, status: number, sentence: string): FastifyReply =>
  sendPage(reply, status, page(`${provider}: authorization failed`, `<p>${escapeHtml(sentence)}</p>`));

/** The address with these parameters added to its query. */
export function withQuery(address: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.toString();
}

/** Asks which account the app may use, and for which permissions. The form is posted to the address of the page. */
function consentPage(question: {
  readonly provider: string;
  readonly accounts: readonly Choice[];
  readonly permissions: readonly string[];
}): string {
  const accounts = question.accounts.map(
    ({ id, name }, index) =>
      `<label><input type="radio" name="account" value="${escapeHtml(id)}"${index === 0 ? ' checked' : ''}> ${escapeHtml(name)} (${escapeHtml(id)})</label><br>`,
  );
  const permissions = question.permissions.map((permission) => `<li>${escapeHtml(permission)}</li>`);
  return page(
    `${question.provider}: connect an app`,
    `<form method="post">\n${accounts.join('\n')}\n<ul>${permissions.join('')}</ul>
<button name="decision" value="grant">Connect app</button> <button name="decision" value="deny">Cancel</button>\n</form>`,
  );
}

const page = (title: string, body: string): string =>
  `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>\n<body><h1>${escapeHtml(title)}</h1>\n${body}\n</body></html>\n`;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');
