import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { errorCatalogue, errorPages, guides, operations } from '@chatferry/contract';
import { exchange } from '@chatferry/testkit/http/raw-exchange';
import { type ConnectedBot, connectBot, sendPath, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const get = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await fetch(`${rig.url}${path}`, { headers });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

const repositoryPath = (path: string): string => fileURLToPath(new URL(`../../../../../${path}`, import.meta.url));
const repositoryFile = (path: string): string => readFileSync(repositoryPath(path), 'utf8');

/** Every address that the links, scripts and styles of a page lead to. */
const linksOf = (html: string, at: string): readonly URL[] =>
  [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link = '']) => new URL(link, `${rig.url}${at}`));

describe('openapi.json of a gateway', () => {
  it('is the one of the repository, with the address that the caller used as its server', async () => {
    const { status, headers, text } = await get('/openapi.json');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    const { servers, ...document } = JSON.parse(text);
    const { servers: _, ...written } = JSON.parse(repositoryFile('openapi.json'));
    expect(document).toEqual(written);
    expect(servers).toEqual([{ url: rig.url }]);
  });

  it('names the public address where the gateway has one', async () => {
    const other = await rig.startAnother({ CHATFERRY_PUBLIC_URL: 'https://chat.example.com/ferry/' });
    const text = await (await fetch(`${other.address}/openapi.json`)).text();
    expect(JSON.parse(text).servers).toEqual([{ url: 'https://chat.example.com/ferry' }]);
  });

  it('does not repeat a host that is none', async () => {
    const answer = await exchange(
      rig.url,
      'GET /openapi.json HTTP/1.1\r\nHost: a"b<script>\r\nConnection: close\r\n\r\n',
      'stay',
    );
    expect(answer).not.toContain('script>');
  });
});

describe('the pages of the documentation', () => {
  it.each([
    '/',
    '/docs',
    '/docs/errors',
    '/docs/errors/TYPE_MISMATCH',
    '/docs/guides',
    ...guides.map(({ name }) => `/docs/guides/${name}`),
  ])('%s links only to what this gateway serves, and allows nothing of other hosts', async (path) => {
    const { status, headers, text } = await get(path);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const links = linksOf(text, path).filter(({ protocol }) => protocol !== 'data:');
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      expect(link.origin).toBe(rig.url);
      expect([link.pathname, (await get(link.pathname)).status]).toEqual([link.pathname, 200]);
    }
  });

  it('are found below the path of a public address, because their links are relative', async () => {
    const pages = await Promise.all(
      ['/', '/docs', '/docs/errors', '/docs/errors/NOT_FOUND', '/docs/guides', '/docs/guides/events'].map((path) =>
        get(path),
      ),
    );
    for (const { text } of pages) expect(text).not.toMatch(/(?:href|src)="\//);
  });

  it('say the cause, the fix and a command for every error of the catalogue', async () => {
    for (const { name, page, when, code } of errorCatalogue) {
      const { status, text } = await get(page);
      expect([name, status]).toEqual([name, 200]);
      const plain = text.replaceAll(/<\/?code>/g, '');
      expect(plain).toContain(`${code} ${name}`);
      for (const part of [when, errorPages[name].fix, errorPages[name].curl])
        expect(plain).toContain(escaped(part.replaceAll('`', '')));
    }
    expect((await get('/docs/errors/NO_SUCH_ERROR')).status).toBe(404);
  });

  it('have every guide of the repository, with its commands for this gateway', async () => {
    const written = readdirSync(repositoryPath('docs/guides')).filter((file) => file !== 'README.md');
    expect(guides.map(({ name }) => `${name}.md`).sort()).toEqual(written.sort());
    for (const { name, title } of guides) {
      const guide = repositoryFile(`docs/guides/${name}.md`);
      expect(guide.startsWith(`# ${title}\n`), name).toBe(true);
      const { text } = await get(`/docs/guides/${name}`);
      const codes = [...guide.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
      expect(codes.length).toBeGreaterThan(3);
      for (const code of codes) expect(text).toContain(escapedCode(code.replaceAll('http://127.0.0.1:8080', rig.url)));
      expect(text).not.toContain('http://127.0.0.1:8080');
    }
    expect((await get('/docs/guides/README')).status).toBe(404);
    expect((await get('/docs/guides/..%2ferrors')).status).toBe(404);
  });

  it('lead from the guides to the references, and in those to places that exist', async () => {
    for (const name of ['events', 'webhooks', 'test-mode', 'inbound']) {
      const { status, headers, text } = await get(`/docs/reference/${name}`);
      expect([name, status]).toEqual([name, 200]);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'; /);
      expect(text).not.toMatch(/ style=|<script|src="/);
      const places = [...text.matchAll(/href="#([^"]+)"/g)].map(([, place = '']) => place);
      for (const place of places) expect(text).toContain(` id="${place}"`);
    }
  });

  it('serve the files of the viewer once: compressed, and with a tag for the next time', async () => {
    const first = await get('/docs/assets/viewer.js', { 'accept-encoding': 'gzip' });
    expect(first.headers.get('content-encoding')).toBe('gzip');
    expect(first.headers.get('cache-control')).toBe('public, max-age=3600');
    const plain = await get('/docs/assets/viewer.js', { 'accept-encoding': 'identity' });
    expect(plain.headers.has('content-encoding')).toBe(false);
    expect(plain.text).toBe(first.text);
    const tag = first.headers.get('etag') ?? '';
    expect((await get('/docs/assets/viewer.js', { 'if-none-match': tag })).status).toBe(304);
    for (const name of ['constructor', '..%2fpackage.json', 'swagger-ui-bundle.js'])
      expect((await get(`/docs/assets/${name}`)).status).toBe(404);
  });
});

const escapedCode = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const escaped = (text: string): string => escapedCode(text).replaceAll("'", '&#39;');

describe('the files for tools', () => {
  it('have a request for every operation in the collection, with the address of the gateway', async () => {
    const { item, variable } = JSON.parse((await get('/docs/collection.json')).text);
    const requests = item.flatMap((folder: { item: unknown[] }) => folder.item);
    expect(requests).toHaveLength(Object.keys(operations).length);
    expect(variable[0]).toMatchObject({ key: 'baseUrl', value: rig.url });
  });

  it('name every operation and every error in llms.txt', async () => {
    const { text, headers } = await get('/llms.txt');
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(text.startsWith('# Chatferry\n')).toBe(true);
    for (const { method, path } of Object.values(operations)) expect(text).toContain(`${method} ${path}: `);
    for (const { code, name } of errorCatalogue) expect(text).toContain(`${code} ${name} `);
    expect(text).toContain(`${rig.url}/openapi.json`);
    for (const { name } of guides) expect(text).toContain(`(${rig.url}/docs/guides/${name})`);
  });
});

describe('doc_url', () => {
  it.each([
    ['a body with a problem', 'POST', sendPath, { body: '{}', key: true }],
    ['no credential', 'GET', '/api/v1/channels', {}],
    ['an unknown address', 'GET', '/nowhere', {}],
    ['a wrong method', 'PUT', '/api/v1/channels', {}],
    ['an address that cannot be decoded', 'GET', '/api/v1/channels/%zz', {}],
    ['a webhook with an unknown path', 'POST', '/hooks/telegram/unknown', {}],
  ] as const)('leads from %s to the page about the error', async (_name, method, path, { ...more }) => {
    const { body, key } = more as { readonly body?: string; readonly key?: boolean };
    const answer = await fetch(`${rig.url}${path}`, {
      method,
      ...(body === undefined ? {} : { body }),
      headers: key ? { authorization: `Bearer ${bot.key}` } : {},
    });
    const error = JSON.parse(await answer.text());
    expect(error.doc_url).toBe(`${rig.url}/docs/errors/${error.error_name}`);
    const page = await fetch(error.doc_url);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(error.error_name)]);
  });

  it('leads there from a connection that sent no HTTP, too', async () => {
    const answer = await exchange(rig.url, 'no http at all\r\n\r\n', 'stay');
    expect(answer).toContain(`"doc_url":"${rig.url}/docs/errors/TYPE_MISMATCH"`);
  });
});

describe('an error as problem details', () => {
  const ask = (accept: string) => get('/api/v1/channels', { accept });

  it('has the members of RFC 9457, and the rest of the other form beside them', async () => {
    const { status, headers, text } = await ask('application/problem+json');
    expect([status, headers.get('content-type')]).toEqual([401, 'application/problem+json; charset=utf-8']);
    const requestId = headers.get('x-request-id');
    expect(JSON.parse(text)).toEqual({
      type: `${rig.url}/docs/errors/UNAUTHORIZED`,
      title: 'No valid credential',
      status: 401,
      detail: expect.stringMatching(/^You must supply the administrator token/),
      instance: `urn:uuid:${requestId}`,
      request_id: requestId,
      error_code: 101,
      error_name: 'UNAUTHORIZED',
    });
  });

  it.each([
    ['application/problem+json', true],
    ['application/json, application/problem+json', true],
    ['text/html, Application/Problem+JSON;q=0.5', true],
    ['application/json;q=0.4, application/problem+json;q=0.5', true],
    ['application/problem+json;q=0', false],
    ['application/json, application/problem+json;q=0.9', false],
    ['application/json', false],
    ['*/*', false],
  ])('is the answer to Accept: %s or not: %s', async (accept, isProblem) => {
    const { headers } = await ask(accept);
    expect(headers.get('content-type')).toBe(
      isProblem ? 'application/problem+json; charset=utf-8' : 'application/json; charset=utf-8',
    );
  });

  it('lists every problem of the body', async () => {
    const answer = await rig.call(sendPath, {
      body: {},
      headers: { authorization: `Bearer ${bot.key}`, accept: 'application/problem+json' },
    });
    expect(answer.body).toMatchObject({ status: 400, details: [{ pointer: '/destination_user_id' }, {}] });
  });
});
