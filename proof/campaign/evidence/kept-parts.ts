import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../sabotage/patch.ts';
import { formatFindings } from './format-findings.ts';
import { type Part, type PartName, type Parts, partNames } from './page.ts';

const folder = join(root, 'docs/evidence');
const fileOf = (name: PartName): string => join(folder, `${name}.json`);

/** Reads the stored findings of earlier runs. */
export const readParts = (): Parts =>
  Object.fromEntries(
    partNames
      .filter((name) => existsSync(fileOf(name)))
      .map((name) => [name, JSON.parse(readFileSync(fileOf(name), 'utf8'))]),
  );

/** Stores each part at once, because all parts together take more than an hour. */
export function keepPart<Name extends PartName>(name: Name, part: Part<Name>): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(name), `${formatFindings(part)}\n`);
}
