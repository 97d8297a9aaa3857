// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of programs are tested here, as strings.
import { describe, expect, it } from 'vitest';
import { importsOf, scanSource } from './scan-source.ts';

describe('the source scanner', () => {
  const specifiers = (source: string) => importsOf(scanSource(source)).map(({ specifier }) => specifier);

  it('finds every form of import and export', () => {
    const source = [
      '#!/usr/bin/env node',
      "import a, { b, type C } from './1.ts';",
      'import type { D } from "./2.ts";',
      "import {\n  e,\n  f,\n} from './3.ts';",
      "export * from './4.ts';",
      "export type { G } from './5.ts';",
      "import './6.ts';",
      "const x = await import('./7.ts');",
      'const y = await import(`./8-${x}.ts`);',
      "import * as z from './9.ts';",
    ].join('\n');
    expect(new Set(specifiers(source))).toEqual(
      new Set(['./1.ts', './2.ts', './3.ts', './4.ts', './5.ts', './6.ts', './7.ts', '(computed)', './9.ts']),
    );
    const types = importsOf(scanSource(source)).filter(({ isTypeOnly }) => isTypeOnly);
    expect(types.map(({ specifier }) => specifier)).toEqual(['./2.ts', './5.ts']);
    const names = importsOf(scanSource("import { a, type B, c as d } from 'x'; import e from 'y'; export * from 'z';"));
    expect(names.map((one) => one.names)).toEqual([['a', 'c'], ['*'], ['*']]);
  });

  it.each([
    ['a comment', "// import a from './no.ts';\n/* import './no.ts'; */"],
    ['a string', `const x = "import a from './no.ts';";`],
    ['a template', "const x = `import a from './no.ts'; ${y + `import './no.ts'`} export * from './no.ts'`;"],
    ['a regular expression', "const x = /import '.\\/no.ts'/;"],
    ['a call of the same name', "vi.import('./no.ts'); import.meta.resolve('./no.ts');"],
  ])('ignores an import inside %s', (_, source) => {
    expect(specifiers(`${source}\nimport './yes.ts';`)).toEqual(['./yes.ts']);
  });

  it.each([
    ['a regular expression with a slash in a class', 'const x = s.replace(/[/"\']/g, 1);'],
    ['an escaped quote', "const x = 'it\\'s';"],
    ['a division', 'const x = (a / b) / c;'],
    ['a string with a comment in it', "const x = 'https://x /* y';"],
    ['an object in a template', 'const x = `${{ a: 1 }.a}`;'],
  ])('still finds the import after %s', (_, source) => {
    expect(specifiers(`${source}\nimport './yes.ts';`)).toEqual(['./yes.ts']);
  });
});
