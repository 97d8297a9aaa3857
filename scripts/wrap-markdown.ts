/** Wraps the prose of Markdown at 120 columns. Tables, code, headings and HTML are not changed. */

export const markdownColumns = 120;

/** A link, a code span, or a run of other characters, with no space where a line may be broken. */
const atoms = /(?:!?\[[^\]]*\]\([^)]*\)|`[^`]+`|\S)+/g;

/** Text that would start a list, a heading, a quotation or a table at the start of a line. */
const startsBlock = /^(?:[-*+]|\d+[.)]|#+|>|\|.*)$/;

const listItem = /^(\s*)((?:[-*] |\d+\. )?)(.*)$/;
const isVerbatim = (line: string): boolean => line.trim() === '' || /^\s*(?:[|#<]|!\[)/.test(line);
const isFence = (line: string): boolean => line.trimStart().startsWith('```');

interface Paragraph {
  /** What the first line starts with: indentation and a list mark, or the mark of a quotation. */
  readonly first: string;
  readonly rest: string;
  readonly text: string;
}

const startParagraph = (line: string): Paragraph => {
  if (line.startsWith('> ')) return { first: '> ', rest: '> ', text: line.slice(2) };
  const [, indent = '', mark = '', text = ''] = listItem.exec(line) ?? [];
  return { first: `${indent}${mark}`, rest: `${indent}${' '.repeat(mark.length)}`, text };
};

const continues = (paragraph: Paragraph, line: string): boolean => {
  if (paragraph.first === '> ') return line.startsWith('> ');
  return !line.startsWith('>') && !/^\s*(?:[-*] |\d+\. )/.test(line);
};

const fill = ({ first, rest, text }: Paragraph): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const atom of text.match(atoms) ?? []) {
    const prefix = lines.length === 0 ? first : rest;
    const isFull = prefix.length + line.length + 1 + atom.length > markdownColumns;
    if (line !== '' && isFull && !startsBlock.test(atom)) {
      lines.push(`${prefix}${line}`);
      line = atom;
    } else {
      line = line === '' ? atom : `${line} ${atom}`;
    }
  }
  return [...lines, `${lines.length === 0 ? first : rest}${line}`];
};

export const wrapMarkdown = (markdown: string): string => {
  const lines: string[] = [];
  let paragraph: Paragraph | undefined;
  let isCode = false;
  const endParagraph = (): void => {
    if (paragraph !== undefined) lines.push(...fill(paragraph));
    paragraph = undefined;
  };
  for (const line of markdown.split('\n')) {
    if (isFence(line) || isCode || isVerbatim(line)) {
      endParagraph();
      if (isFence(line)) isCode = !isCode;
      lines.push(line);
    } else if (paragraph !== undefined && continues(paragraph, line)) {
      const text: string = line.replace(/^> /, '').trim();
      paragraph = { ...paragraph, text: `${paragraph.text} ${text}` };
    } else {
      endParagraph();
      paragraph = startParagraph(line);
    }
  }
  endParagraph();
  return lines.join('\n');
};

/** The numbers of the lines that are too long although they can be wrapped, from 1. */
export const findLongLines = (markdown: string): readonly number[] => {
  const found: number[] = [];
  let isCode = false;
  for (const [index, line] of markdown.split('\n').entries()) {
    if (isFence(line)) isCode = !isCode;
    else if (!isCode && line.length > markdownColumns && wrapMarkdown(line) !== line) found.push(index + 1);
  }
  return found;
};
