/**
 * Markdown: the basics of CommonMark 0.31 with ~~strikethrough~~, as a chat can show them. HTML in it is plain text. We chose markdown-it,
 * because its time is linear for every text; others take minutes for a hostile one.
 */
import MarkdownIt, { type Token } from 'markdown-it';
import { urlProblem } from '../interactive/button-url.ts';
import { listedMax, type ReadFormatted, type TextStyle } from './formatted-text.ts';
import { createTextBuilder, type TextBuilder } from './text-builder.ts';

/** What is nested deeper is not parsed, so it is refused. */
const depthMax = 20;

const parser = new MarkdownIt('commonmark', { maxNesting: depthMax })
  .enable('strikethrough')
  .disable(['html_block', 'html_inline']);
// Every link is read, and judged here.
parser.validateLink = () => true;

interface Reading {
  readonly out: TextBuilder;
  readonly problems: string[];
  /** The marks that are open: where their words begin. */
  readonly open: { readonly style: TextStyle | 'link'; readonly start: number; readonly url: string }[];
  readonly lists: { readonly isNumbered: boolean }[];
  linksOpen: number;
  quoteStart: number | null;
  /** Line breaks before the next words. */
  breaks: number;
  /** A bullet or a number before the next words. */
  lead: string;
  line: number;
}

/** Reads Markdown in linear time. Lists every problem with its line. */
export const readMarkdown = (source: string): ReadFormatted => {
  const reading: Reading = {
    out: createTextBuilder(),
    problems: [],
    open: [],
    lists: [],
    linksOpen: 0,
    quoteStart: null,
    breaks: 0,
    lead: '',
    line: 1,
  };
  for (const token of parser.parse(source, {})) readBlock(reading, token);
  const { problems, out } = reading;
  return problems.length > 0 ? { ok: false, problems } : { ok: true, ...out.result() };
};

const report = ({ problems, line }: Reading, what: string): void => {
  const problem = `${what} at line ${line}.`;
  if (problems.length < listedMax && problems.at(-1) !== problem) problems.push(problem);
};

/** Says the words behind the line breaks and the bullet that are pending. */
const say = (reading: Reading, words: string): void => {
  const { out } = reading;
  settle(reading);
  out.say(words);
};

const settle = (reading: Reading): void => {
  const { out, lead } = reading;
  if (out.length > 0 && reading.breaks > 0) out.say('\n'.repeat(reading.breaks));
  reading.breaks = 0;
  reading.lead = '';
  reading.quoteStart = reading.quoteStart === -1 ? out.length : reading.quoteStart;
  if (lead !== '') out.say(lead);
};

const breakBefore = (reading: Reading, count: 1 | 2): void => {
  if (reading.lead !== '') return;
  reading.breaks = Math.max(reading.breaks, reading.lists.length > 0 ? 1 : count);
};

type Read = (reading: Reading, token: Token) => void;

const readBlock: Read = (reading, token) => {
  if (token.map !== null) reading.line = token.map[0] + 1;
  if (token.nesting === 1 && token.level >= depthMax - 2)
    report(reading, `has quotes or lists that are nested deeper than ${depthMax} levels`);
  blockReaders[token.type]?.(reading, token);
};

const readCode = (reading: Reading, { content, info }: Token): void => {
  breakBefore(reading, 2);
  settle(reading);
  const { out } = reading;
  const start = out.length;
  out.say(content.replace(/\n$/, ''));
  const language = info.trim().split(/\s/, 1)[0] ?? '';
  out.mark({ kind: 'style', style: 'preformatted', ...(language === '' ? {} : { language }) }, start);
};

const readQuote = (reading: Reading, { nesting }: Token): void => {
  if (nesting === 1) {
    breakBefore(reading, 2);
    if (reading.quoteStart !== null) report(reading, 'has a quote inside a quote, which Telegram does not show,');
    reading.quoteStart ??= -1;
    return;
  }
  const { out, quoteStart } = reading;
  if (quoteStart !== null && quoteStart >= 0) out.mark({ kind: 'style', style: 'quote' }, quoteStart);
  reading.quoteStart = null;
  reading.breaks = Math.max(reading.breaks, 1);
};

const openList = (reading: Reading, isNumbered: boolean): void => {
  breakBefore(reading, 2);
  reading.lists.push({ isNumbered });
};

const closeList: Read = (reading) => {
  reading.lists.pop();
  breakBefore(reading, 2);
};

const openItem: Read = (reading, { info }) => {
  const { lists } = reading;
  breakBefore(reading, 1);
  const indent = '  '.repeat(lists.length - 1);
  reading.lead = lists.at(-1)?.isNumbered === true ? `${indent}${info}. ` : `${indent}• `;
};

const openMark = (reading: Reading, style: TextStyle | 'link', url = ''): void => {
  settle(reading);
  reading.open.push({ style, start: reading.out.length, url });
};

const closeMark = ({ out, open }: Reading): void => {
  const mark = open.pop();
  if (mark === undefined) return;
  const { style, start, url } = mark;
  out.mark(style === 'link' ? { kind: 'link', url } : { kind: 'style', style }, start);
};

const sayCode: Read = (reading, { content }) => {
  if (reading.linksOpen > 0) report(reading, 'has code inside a link, which Telegram does not show,');
  settle(reading);
  const { out } = reading;
  const start = out.length;
  out.say(content);
  out.mark({ kind: 'style', style: 'code' }, start);
};

const openLink: Read = (reading, token) => {
  const url = String(token.attrGet('href') ?? '');
  const wrong = urlProblem(url);
  if (wrong !== undefined) report(reading, `has a link whose address ${wrong.replace(/\.$/, '')},`);
  openMark(reading, 'link', url);
  reading.linksOpen += 1;
};

const breakLine: Read = (reading) => {
  reading.line += 1;
  say(reading, '\n');
};

const close: Read = (reading) => closeMark(reading);

const inlineReaders: Readonly<Record<string, Read>> = {
  softbreak: breakLine,
  hardbreak: breakLine,
  code_inline: sayCode,
  image: (reading) => report(reading, 'has an image; send it as media'),
  link_open: openLink,
  link_close: (reading) => {
    closeMark(reading);
    reading.linksOpen -= 1;
  },
  em_open: (reading) => openMark(reading, 'italic'),
  em_close: close,
  strong_open: (reading) => openMark(reading, 'bold'),
  strong_close: close,
  s_open: (reading) => openMark(reading, 'strikethrough'),
  s_close: close,
};

const readWords: Read = (reading, token) => {
  const read = inlineReaders[token.type];
  if (read !== undefined) read(reading, token);
  else if (token.content !== '') say(reading, token.content);
};

const blockReaders: Readonly<Record<string, Read>> = {
  inline: (reading, { children }) => {
    for (const token of children ?? []) readWords(reading, token);
  },
  paragraph_open: (reading) => breakBefore(reading, 2),
  heading_open: (reading) => {
    breakBefore(reading, 2);
    openMark(reading, 'bold');
  },
  heading_close: close,
  fence: readCode,
  code_block: readCode,
  hr: (reading) => {
    breakBefore(reading, 2);
    say(reading, '———');
  },
  blockquote_open: readQuote,
  blockquote_close: readQuote,
  bullet_list_open: (reading) => openList(reading, false),
  bullet_list_close: closeList,
  ordered_list_open: (reading) => openList(reading, true),
  ordered_list_close: closeList,
  list_item_open: openItem,
};
