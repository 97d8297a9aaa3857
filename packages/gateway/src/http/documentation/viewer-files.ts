import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pageStyle } from './page.ts';
import { viewerStart } from './pages.ts';

/** A file of the documentation's pages, as it is sent. */
export interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

/** Reads the files of the viewer once, when the first of them is asked for. Null: there is no such file. */
export type ReadAsset = (name: string) => Promise<Asset | null>;

const compress = promisify(gzip);

const script = 'text/javascript; charset=utf-8';
const style = 'text/css; charset=utf-8';

/** The files by the name under which they are served: their own text, or the name of a file of the viewer. */
const files: Readonly<
  Record<string, { readonly type: string } & ({ readonly text: string } | { readonly of: string })>
> = {
  'page.css': { type: style, text: pageStyle },
  'start.js': { type: script, text: viewerStart },
  'viewer.js': { type: script, of: 'swagger-ui-bundle.js' },
  'viewer.css': { type: style, of: 'swagger-ui.css' },
};

/**
 * Where a file of the viewer is: in the folder `documentation`, as our package has it, or in the package of the viewer, as a clone
 * has it. Tried in this order.
 */
function placesOf(file: string): readonly string[] {
  const beside = [fileURLToPath(new URL(`../../../documentation/viewer/${file}`, import.meta.url))];
  try {
    return [...beside, createRequire(import.meta.url).resolve(`swagger-ui-dist/${file}`)];
  } catch {
    return beside;
  }
}

async function readFirst(places: readonly string[]): Promise<Buffer | null> {
  for (const place of places) {
    const bytes = await readFile(place).catch(() => null);
    if (bytes !== null) return bytes;
  }
  return null;
}

async function readAsset(name: string): Promise<Asset | null> {
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (file === undefined) return null;
  const plain = 'text' in file ? Buffer.from(file.text) : await readFirst(placesOf(file.of));
  if (plain === null) return null;
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { type: file.type, etag, plain, gzipped: await compress(plain) };
}

/** At most one copy of each file is kept, and read once, however many ask at the same time. */
export function createAssets(): ReadAsset {
  const kept = new Map<string, Promise<Asset | null>>();
  return (name) => {
    if (!Object.hasOwn(files, name)) return Promise.resolve(null);
    const asset = kept.get(name) ?? readAsset(name);
    kept.set(name, asset);
    return asset;
  };
}
