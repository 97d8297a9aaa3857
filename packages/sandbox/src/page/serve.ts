import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { pageHtml, pageIcon } from './page-html.ts';
import { pageStyle } from './page-style.ts';

/** No inline code and no other origin. The components use constructed style sheets, which are not inline styles. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const responseHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Registers the page at `/` and its files at `/page/*`. */
export function registerPage(app: FastifyInstance): void {
  const serve = (url: string, type: string, content: string) => {
    app.get(url, (_request, reply) =>
      reply.headers({ ...responseHeaders, 'content-type': `${type}; charset=utf-8` }).send(content),
    );
  };
  serve('/', 'text/html', pageHtml);
  serve('/page/page.css', 'text/css', pageStyle);
  serve('/page/icon.svg', 'image/svg+xml', pageIcon);
  const folder = fileURLToPath(new URL('./browser/', import.meta.url));
  for (const file of scriptsIn(folder))
    serve(`/page/${file}`, 'text/javascript', readFileSync(join(folder, file), 'utf8'));
}

/** The scripts are plain JavaScript, so `src` and `dist` have the same files. */
function scriptsIn(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.map((file) => file.replaceAll('\\', '/')).filter((file) => file.endsWith('.js'));
}
