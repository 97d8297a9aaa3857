import { type CatalogueEntry, contractVersion, errorCatalogue, errorPages } from '@chatferry/contract';
import { escapeHtml } from '../browser-page.ts';
import { documentHtml, proseHtml } from './page.ts';

/** What the address of the gateway itself shows. */
export const homePage = (): string =>
  documentHtml({
    title: 'Chatferry',
    up: '',
    body: `<p>This gateway carries messages between the customers of a company and the inbox of its support team.</p>
<ul>
<li><a href="docs">The API</a>: every operation, to read and to try</li>
<li><a href="docs/guides">The guides</a>: one task at a time</li>
<li><a href="docs/errors">The errors</a>: what each one means, and what to do</li>
<li><a href="openapi.json">openapi.json</a>, for generators</li>
<li><a href="docs/collection.json">A collection of requests</a>, for Postman and Bruno</li>
<li><a href="llms.txt">llms.txt</a>, for language models</li>
<li><a href="readyz">Whether it can work now</a></li>
</ul>
<p>Version ${escapeHtml(contractVersion)} of the API.</p>`,
  });

/** The page of the viewer. Its script is a file of its own, because the page allows no inline script. */
export const viewerPage = (): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>API · Chatferry</title>
<link rel="stylesheet" href="docs/assets/viewer.css"><link rel="icon" href="data:,"></head>
<body><nav class="swagger-ui"><p class="wrapper"><a class="link" href="docs/guides">Guides</a> · <a class="link" href="docs/errors">Errors</a></p></nav><div id="api"></div>
<noscript>This page needs JavaScript. The same is in <a href="openapi.json">openapi.json</a>.</noscript>
<script src="docs/assets/viewer.js"></script><script src="docs/assets/start.js"></script></body></html>
`;

/** Shown where the viewer is not part of the installation. */
export const noViewerPage = (): string =>
  documentHtml({
    title: 'API',
    up: '',
    body: `<p>This installation has no viewer for the API. Open <a href="openapi.json">openapi.json</a> with another one.</p>`,
  });

/**
 * Starts the viewer. A request that the reader tries goes to the address that the reader sees: the policy of the page allows no
 * other, and the gateway may have several.
 */
export const viewerStart = `'use strict';
fetch('openapi.json')
  .then((answer) => answer.json())
  .then((spec) => {
    SwaggerUIBundle({
      spec: { ...spec, servers: [{ url: new URL('.', location.href).href.replace(/\\/$/, '') }] },
      dom_id: '#api',
      deepLinking: true,
      validatorUrl: null,
      docExpansion: 'list',
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      filter: true,
      tryItOutEnabled: true,
      withCredentials: false,
    });
  });
`;

/** The page about one error. */
export const errorPage = (entry: CatalogueEntry, base: string): string => {
  const { fix, curl } = errorPages[entry.name];
  return documentHtml({
    title: `${entry.code} ${entry.name}`,
    up: '../../',
    body: `<p>${escapeHtml(entry.title)}. HTTP ${entry.status}.</p>
<blockquote>${proseHtml(entry.message)}</blockquote>
<h2>Cause</h2>
<p>${proseHtml(entry.when)}</p>
<h2>What to do</h2>
<p>${proseHtml(fix)}</p>
<p>${entry.retryable ? 'The same request may be sent again.' : 'The same request will not succeed without a change.'}</p>
<pre><code>${escapeHtml(`export CHATFERRY_URL=${base}\n${curl}`)}</code></pre>
<p><a href="../errors">All errors</a> · <a href="../../docs">The API</a></p>`,
  });
};

/** The list of all errors. */
export const errorListPage = (): string => {
  const rows = errorCatalogue.map(
    ({ code, name, status, title }) =>
      `<tr><td>${code}</td><td><a href="errors/${name}">${name}</a></td><td>${status}</td><td>${escapeHtml(title)}</td></tr>`,
  );
  return documentHtml({
    title: 'Errors',
    up: '../',
    body: `<p>Every error answer names its page in <code>doc_url</code>.</p>
<table><thead><tr><th>Code</th><th>Name</th><th>HTTP</th><th>What it is</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>
<p><a href="../docs">The API</a></p>`,
  });
};
