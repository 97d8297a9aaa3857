import { posix } from 'node:path';
import type { ImportingFile } from './architecture-rules.ts';

/** Where each package keeps its sources, for imports by name: `@chatferry/gateway/internal/x` is `packages/gateway/src/x.ts`. */
const packageRoots: Readonly<Record<string, string>> = {
  '@chatferry/gateway/internal/': 'packages/gateway/src/',
  '@chatferry/sandbox/internal/': 'packages/sandbox/src/',
  '@chatferry/testkit/': 'packages/testkit/src/',
  'chatferry/internal/': 'packages/cli/src/',
};

/** The SDK imports its files by their names after the build, because TypeScript 4.9 reads them in its declarations. */
const sourceOf = (path: string): string => (path.startsWith('packages/sdk/src/') ? path.replace(/\.js$/, '.ts') : path);

/** The repository file that an import names; undefined for a library. */
function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return sourceOf(posix.join(posix.dirname(file), specifier));
  const root = Object.keys(packageRoots).find((prefix) => specifier.startsWith(prefix));
  return root === undefined ? undefined : `${packageRoots[root]}${specifier.slice(root.length)}.ts`;
}

/** Files that import each other, directly or through others, as `a -> b -> a`. Type-only imports count too. */
export function findImportCycles(files: readonly ImportingFile[]): readonly string[] {
  const imports = new Map(
    files.map(({ file, imports: named }) => [
      file,
      named.flatMap(({ specifier }) => targetOf(file, specifier) ?? []).filter((target) => target !== file),
    ]),
  );
  const cycles: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) cycles.push([...path.slice(start), file].join(' -> '));
    if (start >= 0 || finished.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return cycles;
}
