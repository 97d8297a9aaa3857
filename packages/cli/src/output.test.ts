import { describe, expect, it } from 'vitest';
import { render } from './output.ts';
import { definitions, fields, json, pageView, problemList, table, titled } from './view.ts';

describe('printed output', () => {
  it('aligns the columns of a table under its headings', () => {
    const rows = [
      { id: 'key_1', name: 'Backend', 'last used': null },
      { id: 'k', name: 'Ü', 'last used': '-' },
    ];
    expect(render([table(rows)])).toBe('ID     NAME     LAST USED\nkey_1  Backend\nk      Ü        -');
  });

  it('has one line for each field that has a value', () => {
    expect(render([fields({ id: 'a', 'long name': true, absent: null })])).toBe('id         a\nlong name  yes');
  });

  it('contains no control characters from names and texts', () => {
    const hostile = 'a\u001b[2Jb\nc';
    expect(render([table([{ name: hostile }])])).toBe('NAME\na\\u001b[2Jb c');
    expect(render([fields({ name: hostile })])).toBe('name  a\\u001b[2Jb c');
  });

  it('separates its parts by empty lines and puts titles directly above', () => {
    const problems = problemList([
      { pointer: '/a', message: 'Too long.' },
      { pointer: '', message: 'Not JSON.' },
    ]);
    expect(render(['One.', null, titled('Problems:', problems), json({ a: 1 })])).toBe(
      'One.\n\nProblems:\n  /a: Too long.\n  Not JSON.\n\n{\n  "a": 1\n}',
    );
  });

  it('puts explanations below their terms when a term is long', () => {
    expect(render([definitions([['a', 'One.']])])).toBe('  a  One.');
    const long = 'x'.repeat(40);
    expect(
      render([
        definitions([
          ['a', 'One.'],
          [long, 'Two.'],
        ]),
      ]),
    ).toBe(`  a\n      One.\n  ${long}\n      Two.`);
  });
});

describe('a page of a list', () => {
  const show = (rows: readonly { readonly id: string }[]) => [table(rows)];

  it('without entries is the text for an empty list', () => {
    expect(render(pageView({ data: [], next_cursor: null }, 'Nothing.', show))).toBe('Nothing.');
  });

  it('ends with the cursor of the next page if there is one', () => {
    const page = { data: [{ id: 'a' }], next_cursor: 'next' };
    expect(render(pageView(page, '', show))).toBe('ID\na\n\nThere are more: add --cursor next');
  });
});
