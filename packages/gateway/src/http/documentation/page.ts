import type { FastifyReply } from 'fastify';
import { escapeHtml } from '../browser-page.ts';

/** The stylesheet of the documentation's own pages. */
export const pageStyle = `:root{color-scheme:light dark}
body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}
code,pre{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
pre{padding:1rem;border:1px solid color-mix(in srgb,currentColor 25%,transparent);border-radius:.5rem;overflow-x:auto}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0}
blockquote{margin:1rem 0;padding-left:1rem;border-left:.25rem solid color-mix(in srgb,currentColor 25%,transparent)}
`;

/** Only the gateway's own scripts, styles and answers. Nothing of another host, and nothing inline. */
const policy = (extra: string): string =>
  `default-src 'none'; style-src 'self'${extra}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

export const pagePolicy = policy('');
/** The viewer draws with pictures inside of its stylesheet. */
export const viewerPolicy = policy("; script-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'");

/** Text with its code in backticks, as HTML. */
export const proseHtml = (text: string): string =>
  text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? `<code>${escapeHtml(part)}</code>` : escapeHtml(part)))
    .join('');

export interface DocumentPage {
  readonly title: string;
  /** Where the page is below the root of the gateway: `../` for each folder. Empty at the root. */
  readonly up: string;
  readonly body: string;
}

export const documentHtml = ({ title, up, body }: DocumentPage): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} · Chatferry</title><link rel="stylesheet" href="${up}docs/assets/page.css"></head>
<body><main><h1>${escapeHtml(title)}</h1>
${body}
</main></body></html>
`;

export function sendDocument(reply: FastifyReply, html: string, contentPolicy = pagePolicy): FastifyReply {
  return reply
    .headers({ 'content-security-policy': contentPolicy, 'cache-control': 'no-cache', 'x-frame-options': 'DENY' })
    .type('text/html; charset=utf-8')
    .send(html);
}
