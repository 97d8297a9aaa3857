import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from '../sabotage/patch.ts';
import { formatFindings } from './format-findings.ts';

describe('the format of stored findings', () => {
  it('has one line for each record of a list', () => {
    const records = Array.from({ length: 5 }, (_, number) => ({ number, text: 'x'.repeat(150) }));
    expect(formatFindings({ records }).split('\n')).toHaveLength(records.length + 4);
  });

  it.each(readdirSync(`${root}docs/evidence`))('is the format of docs/evidence/%s', (file) => {
    const text = readFileSync(`${root}docs/evidence/${file}`, 'utf8');
    expect(text).toBe(`${formatFindings(JSON.parse(text))}\n`);
  });
});
