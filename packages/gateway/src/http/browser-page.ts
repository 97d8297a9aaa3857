import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Notice } from '../operations/connections/notice.ts';
import { plainOrigin } from '../operations/connections/plain-origin.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}code{font-size:.95em;overflow-wrap:anywhere}input,button{font:inherit;padding:.4rem .6rem}input{width:100%;box-sizing:border-box}';

/**
 * Forbids scripts, requests and referrers: the address may contain a code. Browsers also apply `form-action` to the redirect
 * after a form, so the origin of `returnUrl` is the one besides ours. Only a plain origin gets into the header.
 */
function protect(reply: FastifyReply, returnUrl: string | null = null): FastifyReply {
  const origin = returnUrl === null ? null : plainOrigin(returnUrl);
  const formAction = ["form-action 'self'", ...(origin === null ? [] : [origin])].join(' ');
  return reply.headers({
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
}

/** Shows a command of the CLI at the end of a sentence on a line of its own, so that it can be copied. No command has a full stop. */
const paragraph = (sentence: string): string => {
  const lastStop = sentence.lastIndexOf('.') + 1;
  const command = /chatferry (?:workspaces|channels) /.exec(sentence.slice(lastStop));
  const at = command === null ? sentence.length : lastStop + command.index;
  const shown = command === null ? '' : `<br><code>${escapeHtml(sentence.slice(at))}</code>`;
  return `<p>${escapeHtml(sentence.slice(0, at))}${shown}</p>`;
};

const htmlPage = (title: string, body: string): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} · Chatferry</title><style>${style}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${body}
</main></body></html>
`;

export function sendPage(
  reply: FastifyReply,
  status: number,
  title: string,
  body: string,
  returnUrl?: string,
): FastifyReply {
  return protect(reply, returnUrl).code(status).type('text/html; charset=utf-8').send(htmlPage(title, body));
}

/** Sends a page, or JSON to a client that asks for it. */
export function sendNotice(request: FastifyRequest, reply: FastifyReply, { status, code, title, sentences }: Notice) {
  const shown = sentences.filter((sentence) => sentence !== '');
  const accept = request.headers.accept ?? '';
  if (accept.includes('application/json') && !accept.includes('text/html')) {
    return protect(reply)
      .code(status)
      .send({ code, title, message: shown.join(' ') });
  }
  return sendPage(reply, status, title, shown.map(paragraph).join('\n'));
}

export const redirectBrowser = (reply: FastifyReply, url: string, status: 302 | 303 = 302): FastifyReply =>
  protect(reply).redirect(url, status);
