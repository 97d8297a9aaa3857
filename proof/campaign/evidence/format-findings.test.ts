import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from '../sabotage/patch.ts';
import { formatFindings } from './format-findings.ts';
import { partNames } from './page.ts';

describe('the format of stored findings', () => {
  it('has one line for each record of a list', () => {
    const records = Array.from({ length: 5 }, (_, number) => ({ number, text: 'x'.repeat(150) }));
    expect(formatFindings({ records }).split('\n')).toHaveLength(records.length + 4);
  });

  it.each(partNames)('is the format of docs/evidence/%s.json', (name) => {
    const text = readFileSync(`${root}docs/evidence/${name}.json`, 'utf8');
    expect(text).toBe(`${formatFindings(JSON.parse(text))}\n`);
  });
});
