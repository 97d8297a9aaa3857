import { describe, expect, it } from 'vitest';
import { findLongLines, wrapMarkdown } from './wrap-markdown.ts';

const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ');
const long = words(30);
const wrapped = `${words(24)}\n${words(6)}`;

describe('wrapMarkdown', () => {
  it('wraps a paragraph at 120 columns and joins short lines', () => {
    expect(wrapMarkdown(long)).toBe(wrapped);
    expect(wrapMarkdown(`${words(3)}\n${words(27)}`)).toBe(wrapped);
  });

  it.each([
    ['a list item', `- ${long}`, `- ${words(23)}\n  ${words(7)}`],
    ['a numbered item', `1. ${long}`, `1. ${words(23)}\n   ${words(7)}`],
    ['a nested item', `  - ${long}`, `  - ${words(23)}\n    ${words(7)}`],
    ['a quotation', `> ${long}`, `> ${words(23)}\n> ${words(7)}`],
  ])('indents the continuation of %s', (_what, text, expected) => {
    expect(wrapMarkdown(text)).toBe(expected);
  });

  it.each([
    ['a table', `| ${long} |`],
    ['a heading', `# ${long}`],
    ['a fenced block', `\`\`\`\n${long}\n\`\`\``],
    ['an HTML comment', `<!-- ${long} -->`],
    ['a code span', `\`${long}\``],
    ['the words of a link', `[${long}](page.md)`],
    ['neighbouring list items', '- one\n- two'],
    ['neighbouring paragraphs', 'one\n\ntwo'],
  ])('does not change %s', (_what, text) => {
    expect(wrapMarkdown(text)).toBe(text);
  });

  it('never starts a line with the mark of a list', () => {
    const text = `${words(23)} abcd - ${words(3)}`;
    expect(wrapMarkdown(text)).toBe(`${words(23)} abcd -\n${words(3)}`);
  });
});

describe('findLongLines', () => {
  it('finds prose that can be wrapped', () => {
    expect(findLongLines(`short\n${long}\n- ${long}`)).toEqual([2, 3]);
  });

  it('ignores tables, code and lines that cannot be wrapped', () => {
    expect(findLongLines(`| ${long} |\n\`\`\`\n${long}\n\`\`\`\n- \`${long}\``)).toEqual([]);
  });
});
