import { describe, expect, it } from 'vitest';
import { joinConformance, printConformance } from './conformance-report.ts';

const one = {
  checked: { 'telegram getMe': 2 },
  skipped: { 'hubspot GET /x: no folder with its descriptions was given': 1 },
  violations: ['telegram: the answer of getMe: /id is required and absent (types)'],
  excepted: { 'it is so': 3 },
};

describe('the report of npm run conformance', () => {
  it('adds up what all sandboxes have found, and names each difference once', () => {
    const { checked, skipped, violations } = joinConformance([one, one]);
    expect(checked).toEqual({ 'telegram getMe': 4 });
    expect(skipped).toEqual({ 'hubspot GET /x: no folder with its descriptions was given': 2 });
    expect(violations).toHaveLength(1);
  });

  it('shows what was compared and skipped, why an exception is right and who says so', () => {
    const exception = {
      provider: 'intercom' as const,
      part: ['answer'] as const,
      operation: /./,
      at: /./,
      rule: /./,
      why: 'it is so',
      source: 'a page',
    };
    const text = printConformance(joinConformance([one]), [exception, { ...exception, why: 'not met' }]);
    expect(text).toContain('     2  telegram getMe');
    expect(text).toContain('     1  hubspot GET /x: no folder with its descriptions was given');
    expect(text).toContain('     3  intercom: it is so (a page)');
    expect(text).not.toContain('not met');
    expect(text).toContain('1 other differences:\ntelegram: the answer of getMe: /id is required and absent (types)');
  });
});
