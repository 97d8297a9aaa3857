import {
  inlineRowMax,
  inlineTotalMax,
  isVisible,
  keyboardRowMax,
  keyboardTotalMax,
  markupBytesMax,
  urlProblem,
  utf8Length,
} from '@chatferry/contract';
import type { Control, Controls } from './content.ts';
import type { RichText } from './rich-text.ts';
import { type SpanIndex, spanIndexOf } from './span-index.ts';
import { withoutLines } from './without-lines.ts';

/**
 * Buttons that an agent writes into a reply, on lines of their own. Buttons of one line appear side by side:
 *
 *     [Track order -> https://…]  or  [Track order](https://…)     a button that opens a page
 *     [[Yes]] [[No]]                                              keys that answer with their label
 *     [[Send my number -> phone]] [[Send my place -> location]]    keys that share
 *
 * An inbox may have turned addresses into links, quotes into curly ones and arrows into symbols. A line with anything else
 * in it is text, and so is a line of more than `lineMax` characters.
 */
export type Shorthand =
  | { readonly kind: 'none' }
  | { readonly kind: 'controls'; readonly body: RichText; readonly controls: Controls }
  /** `problems` are sentences for the agent. The reply is sent as it was written. */
  | { readonly kind: 'malformed'; readonly problems: readonly string[] };

/** A longer line cannot be buttons: Telegram takes about this many bytes of them. In characters. */
const lineMax = markupBytesMax;
/** An agent reads no more of them. */
const problemsMax = 20;

/** `words` says whether other text is needed: Telegram sends buttons only with a text or a file. */
export function parseShorthand(body: RichText, words: 'needed' | 'optional' = 'needed'): Shorthand {
  if (!body.text.includes('[')) return { kind: 'none' };
  const index = spanIndexOf(body);
  const lines = linesOf(body).map((line) => ({ line, read: readLine(line, body.text, index) }));
  const problems = lines.flatMap(({ read }) => (read?.kind === 'problem' ? [read.problem] : [])).slice(0, problemsMax);
  const rows = lines.flatMap(({ read }) => (read?.kind === 'row' ? [read] : []));
  if (rows.length === 0 && problems.length === 0) return { kind: 'none' };
  const rest = withoutLines(
    body,
    lines.filter(({ read }) => read?.kind === 'row').map(({ line }) => line),
  );
  const all = [...problems, ...problemsOf(rows, words === 'needed' ? rest : null)];
  if (all.length > 0) return { kind: 'malformed', problems: all };
  const controls = rows.map((row) => row.controls);
  return {
    kind: 'controls',
    body: rest,
    controls: rows[0]?.of === 'keys' ? { kind: 'keyboard', rows: controls } : { kind: 'buttons', rows: controls },
  };
}

interface Line {
  readonly start: number;
  readonly end: number;
}

type ReadLine =
  | { readonly kind: 'row'; readonly of: 'keys' | 'buttons'; readonly controls: readonly Control[] }
  | { readonly kind: 'problem'; readonly problem: string };

type Row = Extract<ReadLine, { kind: 'row' }>;

function linesOf({ text }: RichText): readonly Line[] {
  let start = 0;
  return text.split('\n').map((line) => {
    const place = { start, end: start + line.length };
    start = place.end + 1;
    return place;
  });
}

const arrow = /[-–—=]{1,2}(?:>|&gt;|›)|[→⇒➔➜➝⟶⟹]/g;
const keyToken = /\[\[([^[\]]*)\]\]/y;
/** An address may contain parentheses. */
const linkToken = /\[([^[\]]*)\]\s*\(((?:[^()]|\([^()]*\))*)\)/y;
const bareToken = /\[([^[\]]*)\]/y;
const between = /[\s|,]*/y;
const bullet = /^\s*[•◦▪*–-]?\s*/;
/** A beginning of a line that only makes sense as an attempt to write a button. */
const unfinished = /^(?:\[\[|\[[^\]]*(?:->|→|⇒|=>)\s*\S|\[[^[\]]+\]\s*\(\s*(?:https?:|www\.))/i;

/** Null if the line is text. */
function readLine({ start, end }: Line, text: string, index: SpanIndex): ReadLine | null {
  if (end - start > lineMax) return null;
  const line = text.slice(start, end).trimEnd();
  const first = (bullet.exec(line)?.[0] ?? '').length;
  if (line[first] !== '[' || index.isCode(start, end)) return null;
  const tokens: (Token | 'text' | { readonly problem: string })[] = [];
  for (let at = first; at < line.length; ) {
    const token = readToken(line, at, start, index);
    if (token === null) {
      const isAttempt = unfinished.test(line.slice(first)) && (tokens.length === 0 || /^[[(]/.test(line.slice(at)));
      return isAttempt ? problem(line, 'a bracket is not closed, or there are other words beside it') : null;
    }
    tokens.push(token.token);
    at = after(between, line, token.end);
  }
  const read = tokens.filter((token): token is Token => typeof token === 'object' && 'control' in token);
  const wrong = tokens.find((token) => typeof token === 'object' && 'problem' in token);
  if (wrong !== undefined && typeof wrong === 'object' && 'problem' in wrong) return problem(line, wrong.problem);
  if (read.length === 0) return null;
  if (read.length < tokens.length) return problem(line, 'one of them does not say what it does');
  const kinds = new Set(read.map(({ of }) => of));
  const [of] = kinds;
  if (of === undefined || kinds.size > 1) return problem(line, mixed);
  return { kind: 'row', of, controls: read.map(({ control }) => control) };
}

interface Token {
  readonly of: 'keys' | 'buttons';
  readonly control: Control;
}

const mixed = 'reply keys in double brackets and buttons with a link cannot be in one message';

function readToken(
  line: string,
  at: number,
  lineStart: number,
  index: SpanIndex,
): { readonly token: Token | 'text' | { readonly problem: string }; readonly end: number } | null {
  const key = match(keyToken, line, at);
  if (key) return { token: readKey(key[1] ?? ''), end: keyToken.lastIndex };
  const link = match(linkToken, line, at);
  if (link) {
    const end = linkToken.lastIndex;
    const targetEnd = lineStart + end - 1;
    const target = link[2] ?? '';
    return { token: readButton(link[1] ?? '', target, index.linkIn(targetEnd - target.length, targetEnd)), end };
  }
  const bare = match(bareToken, line, at);
  if (!bare) return null;
  const end = bareToken.lastIndex;
  const words = bare[1] ?? '';
  const inside = lineStart + at + 1;
  const last = [...words.matchAll(arrow)].at(-1);
  const span = (from: number) => index.linkIn(inside + from, inside + words.length);
  if (last) {
    const from = last.index + last[0].length;
    return { token: readButton(words.slice(0, last.index), words.slice(from), span(from)), end };
  }
  const linked = words.trim() === '' ? null : span(0);
  return { token: linked === null ? 'text' : readButton(words, '', linked), end };
}

function readKey(words: string): Token | { readonly problem: string } {
  const parts = words.split(arrow).map(bare);
  // A label may end in an arrow of its own.
  const [label = '', target, ...more] = parts[1] === '' ? [bare(words)] : parts;
  if (!isVisible(label)) return { problem: 'a reply key needs a label' };
  if (target === undefined) return { of: 'keys', control: { label, action: { kind: 'say' } } };
  if (more.length === 0 && /^(?:phone|number|contact)$/i.test(target)) {
    return { of: 'keys', control: { label, action: { kind: 'share-contact' } } };
  }
  if (more.length === 0 && /^location$/i.test(target)) {
    return { of: 'keys', control: { label, action: { kind: 'share-location' } } };
  }
  return { problem: 'only phone or location can follow the arrow of a reply key' };
}

function readButton(words: string, target: string, span: string | null): Token | { readonly problem: string } {
  const label = bare(words);
  const written = bare(target);
  // The words of a link may be shortened. A complete address among them is what the agent wrote.
  const isWhole = /^[a-z]+:/i.test(written) && !/(?:…|\.\.\.)$/.test(written);
  const url = isWhole ? written : (span ?? written);
  if (!isVisible(label)) return { problem: 'a button needs a label' };
  if (url === '') return { problem: 'the web address is missing' };
  if (urlProblem(url) !== undefined) return { problem: `“${cut(url)}” is no web address to open` };
  return { of: 'buttons', control: { label, action: { kind: 'link', url } } };
}

const quotes = '"\'“”„‟‘’‚«»‹›';

/** Without white space at its ends, and without quotes or angle brackets within it. */
function bare(words: string): string {
  const trimmed = words.trim();
  let start = 0;
  let end = trimmed.length;
  while (start < end && `${quotes}<`.includes(trimmed.charAt(start))) start += 1;
  while (end > start && `${quotes}>`.includes(trimmed.charAt(end - 1))) end -= 1;
  return trimmed.slice(start, end).trim();
}

function match(token: RegExp, line: string, at: number): RegExpExecArray | null {
  token.lastIndex = at;
  return token.exec(line);
}

function after(token: RegExp, line: string, at: number): number {
  return match(token, line, at) ? token.lastIndex : at;
}

/** Checks Telegram's limits, and what one message can contain. */
function problemsOf(rows: readonly Row[], rest: RichText | null): readonly string[] {
  const [first] = rows;
  if (!first) return [];
  const problems: string[] = [];
  const ofKeys = first.of === 'keys';
  const count = rows.reduce((sum, { controls }) => sum + controls.length, 0);
  const rowMax = ofKeys ? keyboardRowMax : inlineRowMax;
  if (rows.some(({ of }) => of !== first.of)) problems.push(`${mixed}.`);
  if (rows.some(({ controls }) => controls.length > rowMax)) {
    problems.push(`at most ${rowMax} can be on one line.`);
  }
  if (count > (ofKeys ? keyboardTotalMax : inlineTotalMax) || sizeOf(rows) > markupBytesMax) {
    problems.push('there are more buttons than one message can have.');
  }
  if (rest !== null && !isVisible(rest.text))
    problems.push('the message needs words besides the buttons: buttons cannot be sent without a text.');
  return problems;
}

/** A generous estimate of the bytes around a button on the wire. */
const frameBytes = 48;

const sizeOf = (rows: readonly Row[]): number =>
  rows
    .flatMap(({ controls }) => controls)
    .reduce((sum, control) => sum + frameBytes + utf8Length(JSON.stringify(control)), 0);

const cut = (words: string): string =>
  words.length > 60 ? `${[...words.slice(0, 120)].slice(0, 60).join('')}…` : words;

const problem = (line: string, why: string): ReadLine => ({
  kind: 'problem',
  problem: `“${cut(line.trim())}”: ${why}.`,
});
