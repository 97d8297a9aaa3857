/** The guides and the references of `docs`, as pages of the gateway. */
import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { guides } from '@chatferry/contract';
import MarkdownIt, { type Token } from 'markdown-it';
import { escapeHtml } from '../browser-page.ts';
import { documentHtml } from './page.ts';

/** The references that the guides lead to. */
const references = ['events', 'webhooks', 'test-mode', 'inbound'] as const;

/** The files that are pages: from the folder `docs` of the project, by their address below `/docs/`. */
const files: Readonly<Record<string, string>> = {
  guides: 'guides/README.md',
  ...Object.fromEntries(guides.map(({ name }) => [`guides/${name}`, `guides/${name}.md`])),
  ...Object.fromEntries(references.map((name) => [`reference/${name}`, `${name}.md`])),
};

/** What else a page may link to, by its place in `docs`. */
const addresses: Readonly<Record<string, string>> = {
  'errors.md': 'errors',
  'chatferry.postman_collection.json': 'collection.json',
  ...Object.fromEntries(Object.entries(files).map(([address, file]) => [file, address])),
};

/** The address of a gateway in the files. A page has the address of the gateway that serves it. */
const exampleBase = 'http://127.0.0.1:8080';

/** As GitHub makes them, because the links of the files are written for it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');

const upFrom = (address: string): string => '../'.repeat(address.split('/').length);

/** A link of the file as a link of its page. An address with a scheme, and a place of the same page, stay. */
const readdress = (link: string, file: string, address: string): string => {
  if (/^(?:[a-z]+:|#)/.test(link)) return link;
  const [path = '', place] = link.split('#');
  const target = addresses[posix.join(posix.dirname(file), path)];
  if (target === undefined) throw new Error(`docs/${file} links to ${path}, which is no page of the gateway.`);
  return `${upFrom(address)}docs/${target}${place === undefined ? '' : `#${place}`}`;
};

const changeTokens = (tokens: readonly Token[], file: string, address: string): void => {
  for (const [at, token] of tokens.entries()) {
    const link = token.type === 'link_open' ? token.attrGet('href') : null;
    if (link !== null) token.attrSet('href', readdress(String(link), file, address));
    if (token.type === 'heading_open') token.attrSet('id', anchorOf(tokens[at + 1]?.content ?? ''));
    // The file sets widths of columns for an editor; the page allows no inline style.
    if (token.attrGet('style') !== null) token.attrs = null;
    changeTokens(token.children ?? [], file, address);
  }
};

/** Removes the note of a generated file and the title, which the page shows by itself. */
const splitTitle = (text: string): { readonly title: string; readonly body: string } => {
  const [, title = '', body = ''] = /^(?:<!--[^\n]*-->\n\n)?# ([^\n]*)\n([\s\S]*)$/.exec(text) ?? [];
  return { title, body };
};

const render = (text: string, address: string): string => {
  const { title, body } = splitTitle(text);
  const markdown = new MarkdownIt({ html: false, linkify: false });
  const tokens = markdown.parse(body, {});
  changeTokens(tokens, files[address] ?? '', address);
  const html = markdown.renderer.render(tokens, markdown.options, {});
  const more = `<p><a href="${upFrom(address)}docs/guides">All guides</a> · <a href="${upFrom(address)}docs">The API</a></p>`;
  return documentHtml({ title, up: upFrom(address), body: `${html}${more}` });
};

/** Where the files are: in the package, as it is published, or in the clone. Tried in this order. */
const placesOf = (file: string): readonly string[] =>
  ['../../../documentation/', '../../../../../docs/'].map((folder) =>
    fileURLToPath(new URL(folder + file, import.meta.url)),
  );

/** The text of the first of these files that exists. */
const readFirst = async (places: readonly string[]): Promise<string | null> => {
  for (const place of places) {
    const text = await readFile(place, 'utf8').catch(() => null);
    if (text !== null) return text;
  }
  return null;
};

const renderFile = async (address: string): Promise<string | null> => {
  const text = await readFirst(placesOf(files[address] ?? ''));
  return text === null ? null : render(text, address);
};

/** Makes a page, by its address below `/docs/`, for the gateway at `base`. Null: there is no such page. */
export type ReadManual = (address: string, base: string) => Promise<string | null>;

/** Each file is read and rendered once, when it is asked for. */
export function createManuals(): ReadManual {
  const kept = new Map<string, Promise<string | null>>();
  return async (address, base) => {
    if (!Object.hasOwn(files, address)) return null;
    const page = kept.get(address) ?? renderFile(address);
    kept.set(address, page);
    return (await page)?.replaceAll(exampleBase, escapeHtml(base)) ?? null;
  };
}
