import type { SpanStyle } from '../../core/message/rich-text.ts';

export type Attributes = Readonly<Record<string, string>>;

/** What an element does to the words in it. */
export const styleOf = (name: string): SpanStyle | undefined =>
  Object.hasOwn(styles, name) ? styles[name] : undefined;

const styles: Readonly<Record<string, SpanStyle>> = {
  b: 'bold',
  strong: 'bold',
  h1: 'bold',
  h2: 'bold',
  h3: 'bold',
  h4: 'bold',
  h5: 'bold',
  h6: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  code: 'code',
  kbd: 'code',
  samp: 'code',
  tt: 'code',
  pre: 'preformatted',
  blockquote: 'quote',
};

const wordsOf = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Elements with an empty line around them. */
export const paragraphs = wordsOf('p h1 h2 h3 h4 h5 h6 hr table blockquote pre figure');
/** Elements on lines of their own. */
export const lines = wordsOf(
  'div section article header footer main aside nav address form fieldset figcaption details summary ul ol li dl dt dd tr caption center body html',
);
/** Elements whose words are not for people, or are for those whose browser cannot show the element. */
export const unread = wordsOf('script style title iframe svg math audio video object');
/** Elements that show the content of their address. */
export const embeds = wordsOf('iframe audio video source embed object');
/** Elements that show something that is neither words nor a file. */
export const drawings: Readonly<Record<string, string>> = { svg: 'a drawing', math: 'a formula' };
/** What was to lead words in these leads none behind them. */
export const leading = wordsOf('li ul ol tr table pre');
export const isCell = (name: string): boolean => name === 'td' || name === 'th';

/** Markdown editors: `<code class="language-js">`, https://spec.commonmark.org/0.31.2/#fenced-code-blocks. */
export const languageOf = (attributes: Attributes): string | null =>
  /(?:^|\s)lang(?:uage)?-([\w+#.-]{1,32})(?:\s|$)/i.exec(attributes['class'] ?? '')?.[1] ?? null;

/** Intercom: a paragraph of class `no-margin` is a line; HubSpot's editor writes the same as a style. */
export const hasNoMargin = (attributes: Attributes): boolean =>
  /\bno-margin\b/.test(attributes['class'] ?? '') || /\bmargin:\s*0/i.test(attributes['style'] ?? '');
