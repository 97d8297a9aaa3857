import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findDrift } from './gen-drift.ts';
import { printDeclaration, printType } from './gen-types.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const read = (path: string): string | undefined =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;

describe('generated files', () => {
  it('match their sources (otherwise run: npm run gen)', () => {
    expect(findDrift(read).map(({ path }) => path)).toEqual([]);
  });

  it('are reported when one was edited by hand', () => {
    const edited = (path: string) => (path === 'docs/errors.md' ? `${read(path)}\n` : read(path));
    expect(findDrift(edited).map(({ path }) => path)).toEqual(['docs/errors.md']);
  });

  it('are reported when a setting differs from the gateway’s', () => {
    const edited = (path: string) => (path === '.env.example' ? read(path)?.replace('8080', '80') : read(path));
    expect(findDrift(edited).map(({ path }) => path)).toEqual(['.env.example']);
  });

  it('are reported when one is missing', () => {
    const without = (path: string) => (path === 'openapi.json' ? undefined : read(path));
    expect(findDrift(without).map(({ path }) => path)).toEqual(['openapi.json']);
  });
});

describe('the type printer', () => {
  it('prints optional, nullable and literal members', () => {
    const schema = {
      type: 'object',
      required: ['a'],
      properties: {
        a: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        'b-c': { type: 'array', items: { enum: ['x', 'y'] }, description: 'Some.' },
      },
    };
    expect(printDeclaration('Thing', schema)).toBe(
      "export interface Thing {\n  readonly a: string | null;\n  /** Some. */\n  readonly 'b-c'?: readonly ('x' | 'y')[] | undefined;\n}\n",
    );
  });

  it('throws for an unknown schema type instead of printing `any`', () => {
    expect(() => printType({ type: 'tuple' }, 0)).toThrow('No type can be printed');
  });
});
