import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stop, transform } from 'esbuild';

/** The packages that run in production. */
const packages = ['contract', 'sdk', 'sandbox', 'gateway', 'cli'];

/** What only tests use is not built: a package would have it. */
const isSource = (/** @type {string} */ path) =>
  /\.[jt]s$/.test(path) &&
  !/\.(?:test|property|conformance)\.ts$|\.d\.ts$|(?:^|[\\/])(?:testing|rigs?|samples|fixtures)[\\/]/.test(path);

const modifiedMs = async (/** @type {string} */ path) => {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return null;
  }
};

/**
 * Removes the types from one file. The sources have no syntax that needs more: `erasableSyntaxOnly` of the compiler checks
 * it. As the compiler does, it lets imports of our own files name what was built.
 */
const removeTypes = async (/** @type {string} */ source) => {
  const { code } = await transform(source, {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return code.replaceAll(/((?:\bfrom|\bimport|\bimport\()\s*")(\.{1,2}\/[^"]+)\.ts"/g, '$1$2.js"');
};

const buildFile = async (/** @type {string} */ source, /** @type {string} */ target) => {
  const [sourceMs, targetMs] = await Promise.all([modifiedMs(source), modifiedMs(target)]);
  if (targetMs !== null && sourceMs !== null && targetMs >= sourceMs) return;
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, await removeTypes(await readFile(source, 'utf8')));
};

/**
 * Builds the packages from their sources without a check of the types. Files that have not changed since they were built are left alone.
 */
export const buildWithoutTypes = async (/** @type {string} */ root) => {
  for (const name of packages) {
    const [from, to] = [join(root, 'packages', name, 'src'), join(root, 'packages', name, 'dist')];
    const paths = (await readdir(from, { recursive: true })).filter(isSource);
    await Promise.all(paths.map((path) => buildFile(join(from, path), join(to, path.replace(/\.ts$/, '.js')))));
  }
  // It would otherwise run beside the gateway for as long as that runs.
  await stop();
};
