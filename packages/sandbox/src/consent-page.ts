/** A provider's own pages in the browser, as far as an app meets them: consent, and what is said where there is none. */

export interface Choice {
  readonly id: string;
  readonly name: string;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

const page = (title: string, body: string): string =>
  `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>\n<body><h1>${escapeHtml(title)}</h1>\n${body}\n</body></html>\n`;

/** Asks which account an app may enter, and with what; the form is posted to the address of the page itself. */
export function consentPage(ask: {
  readonly provider: string;
  readonly accounts: readonly Choice[];
  readonly permissions: readonly string[];
}): string {
  const accounts = ask.accounts.map(
    ({ id, name }, index) =>
      `<label><input type="radio" name="account" value="${escapeHtml(id)}"${index === 0 ? ' checked' : ''}> ${escapeHtml(name)} (${escapeHtml(id)})</label><br>`,
  );
  const permissions = ask.permissions.map((permission) => `<li>${escapeHtml(permission)}</li>`);
  return page(
    `${ask.provider}: connect an app`,
    `<form method="post">\n${accounts.join('\n')}\n<ul>${permissions.join('')}</ul>
<button name="decision" value="grant">Connect app</button> <button name="decision" value="deny">Cancel</button>\n</form>`,
  );
}

/** What a provider says itself, because it will not send the browser back. */
export const failurePage = (provider: string, sentence: string): string =>
  page(`${provider}: authorization failed`, `<p>${escapeHtml(sentence)}</p>`);

/** The address with these parameters added to its query. */
export function withQuery(address: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.toString();
}
