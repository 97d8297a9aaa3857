import { describe, expect, it } from 'vitest';
import { type AnyFunction, findExports } from './exported-functions.ts';
import { findGrowth } from './growth.ts';
import { withoutForeignText } from './no-readers.ts';
import { readers } from './readers.ts';
import { filledFrom } from './schema-inputs.ts';
import { shapes } from './shapes.ts';

const { functions, values } = await findExports();

/** Long, because the machine may be busy. What is measured is processor time. */
const limitMs = 120_000;

/** A refusal is an answer as well. Any other exception means that the call is wrong, and measures nothing. */
const isRefusal = (cause: unknown): boolean => cause instanceof Error && cause.constructor.name === 'ApiError';

const runAll = (read: AnyFunction, inputs: readonly (readonly unknown[])[]): void => {
  for (const input of inputs) {
    try {
      read(...input);
    } catch (cause) {
      if (!isRefusal(cause)) throw cause;
    }
  }
};

/** The first shape of text with which the time grows faster than the text, and how. Null if there is none. */
const findSlowShape = (prepare: (text: string) => () => void): string | null => {
  for (const { name, text } of shapes) {
    const growth = findGrowth((size) => prepare(text(size)));
    if (growth !== null) return `${name}: ${growth}`;
  }
  return null;
};

const decided = [...Object.keys(readers), ...Object.values(withoutForeignText).flat()];

const tried = Object.entries(readers);

describe('every exported function that may be given foreign text', { timeout: limitMs }, () => {
  it('is either tried here, or listed with the reason why it need not be', () => {
    const undecided = [...functions.keys()].filter((name) => !decided.includes(name));
    const help = 'Add it to the readers of proof/linear-time, or to no-readers.ts under its reason';
    expect(undecided, help).toEqual([]);
    expect(
      decided.filter((name) => !functions.has(name)),
      'These functions are gone: remove them',
    ).toEqual([]);
    expect(decided.length).toBe(new Set(decided).size);
    expect(Object.keys(readers).length).toBeGreaterThan(100);
    expect(shapes.length).toBeGreaterThan(20);
  });

  it.each(tried)('%s takes time in proportion to its input', (name, inputsOf) => {
    const read = functions.get(name);
    if (read === undefined) throw new Error(`${name} does not exist`);
    const problem = findSlowShape((text) => {
      const inputs = inputsOf(text);
      return () => runAll(read, inputs);
    });
    expect(problem).toBeNull();
  });
});

interface Schema {
  safeParse(value: unknown): unknown;
  toJSONSchema(options: { readonly io: 'input'; readonly unrepresentable: 'any' }): unknown;
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && 'safeParse' in value && 'toJSONSchema' in value;

const schemas = [...values].flatMap(([name, value]) => (isSchema(value) ? [[name, value] as const] : []));

describe('every exported schema', { timeout: limitMs }, () => {
  it('is found', () => {
    expect(schemas.length).toBeGreaterThan(30);
  });

  it.each(schemas)('%s checks a value in time in proportion to it', (_name, schema) => {
    const json = schema.toJSONSchema({ io: 'input', unrepresentable: 'any' });
    const problem = findSlowShape((text) => {
      const input = filledFrom(json, text);
      return () => void schema.safeParse(input);
    });
    expect(problem).toBeNull();
  });
});

describe('the measurement', () => {
  const text = (size: number) => 'a'.repeat(size);

  it('finds a square', () => {
    expect(findGrowth((size) => () => void /a+$/.test(`${text(size)}!`))).toContain('characters');
  });

  it('accepts what is linear and slow', () => {
    const slowly = (words: string): number => {
      let sum = 0;
      for (let at = 0; at < words.length; at += 1) for (let round = 0; round < 500; round += 1) sum += at ^ round;
      return sum;
    };
    expect(findGrowth((size) => () => void slowly(text(size)))).toBeNull();
  });
});
