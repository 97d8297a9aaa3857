import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const browser = new URL('./browser/', import.meta.url);
const importsIn = (folder: string) =>
  readdirSync(new URL(`${folder}/`, browser)).flatMap((file) => {
    const text = readFileSync(new URL(`${folder}/${file}`, browser), 'utf8');
    return [...text.matchAll(/(?:from|import\() ?'([^']+)'/g)].map(([, specifier]) => `${specifier}`);
  });

describe('the page components', () => {
  it('let the phone import only its own files', () => {
    const imports = importsIn('phone');
    expect(imports.length).toBeGreaterThan(10);
    expect(imports.filter((specifier) => !/^\.\/[\w-]+\.js$/.test(specifier))).toEqual([]);
  });

  it('let the inbox import only its own files and the drawing helpers of the phone', () => {
    const imports = importsIn('inbox');
    expect(imports.length).toBeGreaterThan(5);
    const others = imports.filter((specifier) => !/^\.\/[\w-]+\.js$/.test(specifier));
    expect([...new Set(others)].sort()).toEqual([
      '../phone/element.js',
      '../phone/icon.js',
      '../phone/loaded-image.js',
    ]);
  });
});
