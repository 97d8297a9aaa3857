/**
 * Copies what `/docs` needs into the gateway's package, which has neither the folder `docs` nor the package of the viewer: its
 * only dependency would report installations to its maker. `--remove` takes the copies away after the package is made, so that
 * a clone shows its own files.
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const target = new URL('packages/gateway/documentation/', root);

/** The viewer with its licences, which must accompany it. */
const viewerFiles = ['swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt', 'swagger-ui.css', 'LICENSE', 'NOTICE'];
const manuals = ['guides', 'events.md', 'webhooks.md', 'test-mode.md', 'inbound.md'];

const copy = (/** @type {string} */ from, /** @type {string} */ to) =>
  cp(from, fileURLToPath(new URL(to, target)), { recursive: true });

await rm(target, { recursive: true, force: true });
if (!process.argv.includes('--remove')) {
  const require = createRequire(import.meta.url);
  await mkdir(new URL('viewer/', target), { recursive: true });
  for (const file of viewerFiles) await copy(require.resolve(`swagger-ui-dist/${file}`), `viewer/${file}`);
  for (const name of manuals) await copy(fileURLToPath(new URL(`docs/${name}`, root)), name);
}
