import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../../packages', import.meta.url));

/** Every folder whose functions may be given text from outside. */
const folders = [
  'contract/src',
  'gateway/src/core',
  'gateway/src/adapters',
  'gateway/src/http',
  'gateway/src/journal',
  'gateway/src/observe',
  'gateway/src/ports',
  'gateway/src/receive',
];

export type AnyFunction = (...input: readonly unknown[]) => unknown;

/** Exports of these folders, by `file#name`. */
export interface Exports {
  readonly functions: ReadonlyMap<string, AnyFunction>;
  /** Values that are no functions, such as schemas. */
  readonly values: ReadonlyMap<string, unknown>;
}

const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function';

/** A module that passes on the exports of others is left out. */
const isSource = (file: string): boolean =>
  file.endsWith('.ts') && !/\.test\.ts$|(^|\/)testing\//.test(file) && file !== 'index.ts';

export async function findExports(): Promise<Exports> {
  const functions = new Map<string, AnyFunction>();
  const values = new Map<string, unknown>();
  for (const folder of folders) {
    const files = readdirSync(join(packages, folder), { recursive: true, encoding: 'utf8' }).filter(isSource);
    for (const file of files.sort()) {
      const module: Readonly<Record<string, unknown>> = await import(join(packages, folder, file));
      for (const [name, value] of Object.entries(module)) {
        const key = `${folder}/${file}#${name}`;
        if (isFunction(value)) functions.set(key, value);
        else values.set(key, value);
      }
    }
  }
  return { functions, values };
}
