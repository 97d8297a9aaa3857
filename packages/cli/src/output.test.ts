import { describe, expect, it } from 'vitest';
import { block, page, table } from './output.ts';

describe('what is printed', () => {
  it('stands in columns', () => {
    expect(
      table(
        ['ID', 'NAME'],
        [
          ['key_1', 'Backend'],
          ['k', 'Ü'],
        ],
      ),
    ).toBe('ID     NAME\nkey_1  Backend\nk      Ü');
    expect(block({ id: 'a', 'long name': true, absent: null })).toBe('id         a\nlong name  yes');
  });

  it('cannot move the cursor, whoever wrote it', () => {
    const hostile = 'a\u001b[2Jb\nc';
    expect(table(['NAME'], [[hostile]])).toBe('NAME\na [2Jb c');
    expect(block({ name: hostile })).toBe('name  a [2Jb c');
  });

  it('says what to do where there is nothing, or more', () => {
    const lines = { headings: ['ID'], rows: [['a']] };
    expect(page({ ...lines, rows: [] }, null, 'Nothing.')).toBe('Nothing.');
    expect(page(lines, 'next', '')).toBe('ID\na\n\nThere are more: add --cursor next');
  });
});
