/**
 * Telegram's HTML: https://core.telegram.org/bots/api#html-style. Stricter than a browser, so that no formatting is lost unnoticed:
 * every tag must be one of Telegram's, closed, and nested as Telegram allows.
 */
import { Tokenizer } from 'htmlparser2';
import { urlProblem } from '../interactive/button-url.ts';
import { listedMax, placeOf, type ReadFormatted, shortly, type TextStyle } from './formatted-text.ts';
import { createTextBuilder } from './text-builder.ts';

const styleTags: Readonly<Record<string, TextStyle>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  code: 'code',
  pre: 'preformatted',
  blockquote: 'quote',
};

const knownTags = 'b, strong, i, em, u, ins, s, strike, del, a, code, pre, blockquote, tg-spoiler and tg-emoji';

interface OpenTag {
  readonly name: string;
  /** Where it is in the source. */
  readonly at: number;
  /** The length of the text before it. */
  readonly start: number;
  readonly attributes: ReadonlyMap<string, string>;
}

/** What an open tag means: one span. Null for a tag that only carries the language of the code around it. */
type Meaning = Parameters<ReturnType<typeof createTextBuilder>['mark']>[0] | null;

/** Reads Telegram's HTML in linear time. Lists every problem with its place. */
export const readHtml = (source: string): ReadFormatted => {
  const out = createTextBuilder();
  const problems: string[] = [];
  const open: OpenTag[] = [];
  const report = (what: string, at: number): void => {
    if (problems.length < listedMax) problems.push(`${what} ${placeOf(source, at)}.`);
  };
  const begin = (tag: OpenTag): void => {
    if (problems.length >= listedMax) return;
    const problem = problemOfTag(tag, open);
    if (problem !== null) report(problem, tag.at);
    open.push(tag);
  };
  const end = (name: string, at: number): void => {
    if (problems.length >= listedMax) return;
    const tag = open.at(-1);
    if (tag?.name !== name) {
      report(
        tag === undefined
          ? `has </${shortly(name)}> without its opening tag`
          : `has </${shortly(name)}> where </${shortly(tag.name)}> must come first`,
        at,
      );
      const own = open.findLastIndex((one) => one.name === name);
      if (own >= 0) open.length = own;
      return;
    }
    open.pop();
    const meaning = meaningOf(tag, open.at(-1), languageInside.get(tag) ?? null);
    if (meaning !== null) out.mark(meaning, tag.start);
    const around = open.at(-1);
    if (around?.name === 'pre' && name === 'code') languageInside.set(around, languageOf(tag));
  };
  const languageInside = new Map<OpenTag, string | null>();
  tokenize(source, { say: out.say, begin, end, report, lengthSoFar: () => out.length });
  for (const tag of open) report(`has <${shortly(tag.name)}> that is not closed`, tag.at);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, ...out.result() };
};

interface Events {
  readonly say: (words: string) => void;
  readonly begin: (tag: OpenTag) => void;
  readonly end: (name: string, at: number) => void;
  readonly report: (what: string, at: number) => void;
  readonly lengthSoFar: () => number;
}

/** The entities are those of XML, which are Telegram's. Everything else that begins with & stays as it is. */
const tokenize = (source: string, { say, begin, end, report, lengthSoFar }: Events): void => {
  let tag = { name: '', at: 0, attributes: new Map<string, string>() };
  let attribute = '';
  let value: string[] = [];
  const opened = (): void => begin({ ...tag, start: lengthSoFar() });
  const notText = (start: number, stop: number): void => {
    readTo = source.indexOf('>', stop) + 1 || source.length;
    report(
      'has a comment, a declaration or a CDATA section, which Telegram does not show,',
      source.lastIndexOf('<', start),
    );
  };
  let readTo = 0;
  const tokenizer = new Tokenizer(
    { xmlMode: true, decodeEntities: true, recognizeSelfClosing: true },
    {
      ontext(start, stop) {
        readTo = stop;
        say(source.slice(start, stop));
      },
      ontextentity(code, stop) {
        readTo = stop;
        say(String.fromCodePoint(code));
      },
      onopentagname(start, stop) {
        tag = { name: source.slice(start, stop).toLowerCase(), at: start - 1, attributes: new Map() };
      },
      onattribname(start, stop) {
        attribute = source.slice(start, stop).toLowerCase();
        value = [];
      },
      onattribdata: (start, stop) => void value.push(source.slice(start, stop)),
      onattribentity: (code) => void value.push(String.fromCodePoint(code)),
      onattribend: () => void tag.attributes.set(attribute, value.join('')),
      onopentagend(stop) {
        readTo = stop + 1;
        opened();
      },
      onselfclosingtag(stop) {
        readTo = stop + 1;
        opened();
        end(tag.name, tag.at);
      },
      onclosetag(start, stop) {
        readTo = source.indexOf('>', stop) + 1 || source.length;
        end(source.slice(start, stop).trim().toLowerCase(), start - 2);
      },
      oncomment: notText,
      ondeclaration: notText,
      onprocessinginstruction: notText,
      oncdata: notText,
      onend() {
        if (readTo < source.length) report('has < without its closing >; write a plain < as &lt;,', readTo);
      },
    },
  );
  tokenizer.write(source);
  tokenizer.end();
};

const isSpoiler = ({ name, attributes }: OpenTag): boolean =>
  name === 'span' && attributes.get('class') === 'tg-spoiler';

const emojiIdOf = ({ attributes }: OpenTag): string | null => {
  const id = attributes.get('emoji-id') ?? '';
  return /^[0-9]{1,20}$/.test(id) ? id : null;
};

/** Telegram: `<pre><code class="language-python">`. */
const languageOf = ({ attributes }: OpenTag): string | null =>
  /^language-(.{1,64})$/.exec(attributes.get('class') ?? '')?.[1] ?? null;

const hasName = (tags: readonly OpenTag[], ...names: readonly string[]): boolean =>
  tags.some(({ name }) => names.includes(name));

/** The deepest honest nesting is far below this. */
const depthMax = 20;

/** Why Telegram would refuse the tag, or drop it, here. Null if it takes it. */
const problemOfTag = (tag: OpenTag, around: readonly OpenTag[]): string | null => {
  const { name, attributes } = tag;
  if (around.length >= depthMax) return `has tags that are nested deeper than ${depthMax} levels`;
  const isKnown = Object.hasOwn(styleTags, name) || name === 'a' || name === 'tg-emoji' || isSpoiler(tag);
  if (name === 'span' && !isKnown) return 'has <span> without class="tg-spoiler", the only one that Telegram takes,';
  if (!isKnown)
    return `has the tag <${shortly(name)}>, which Telegram does not take; use ${knownTags}, and write a plain < as &lt;,`;
  const parent = around.at(-1);
  const isLanguage = name === 'code' && parent?.name === 'pre';
  if (!isLanguage && hasName(around, 'code', 'pre'))
    return `has <${shortly(name)}> inside code, where Telegram shows no formatting,`;
  if (['a', 'code', 'pre'].includes(name) && !isLanguage && hasName(around, 'a'))
    return `has <${name}> inside a link, which Telegram does not show,`;
  if (name === 'blockquote' && hasName(around, 'blockquote')) return 'has a quote inside a quote';
  if (name === 'tg-emoji' && emojiIdOf(tag) === null) return 'has <tg-emoji> without an emoji-id in digits';
  const wrong = name === 'a' ? urlProblem(attributes.get('href') ?? '') : undefined;
  return wrong === undefined ? null : `has a link whose href ${wrong.replace(/\.$/, '')},`;
};

const meaningOf = (tag: OpenTag, parent: OpenTag | undefined, inside: string | null): Meaning => {
  const { name, attributes } = tag;
  if (name === 'a') return { kind: 'link', url: attributes.get('href') ?? '' };
  if (name === 'tg-emoji') return { kind: 'emoji', emojiId: emojiIdOf(tag) ?? '' };
  if (name === 'code' && parent?.name === 'pre') return null;
  const style = isSpoiler(tag) ? 'spoiler' : styleTags[name];
  if (style === undefined) return null;
  if (style === 'preformatted' && inside !== null) return { kind: 'style', style, language: inside };
  if (style === 'quote' && attributes.has('expandable')) return { kind: 'style', style, isExpandable: true };
  return { kind: 'style', style };
};
