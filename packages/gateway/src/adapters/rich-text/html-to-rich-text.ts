import { Parser } from 'htmlparser2';
import type { RichText } from '../../core/message/rich-text.ts';
import { cleanText } from './clean-text.ts';
import {
  type Attributes,
  embeds,
  hasNoMargin,
  isCell,
  leading,
  lines,
  paragraphs,
  styleOf,
  unread,
} from './html-elements.ts';
import { inputMax } from './input-limit.ts';
import { linkOf, webAddress } from './link.ts';
import { itemLead, listOf } from './list-items.ts';
import { type Element, OpenElements } from './open-elements.ts';
import { plainToRichText } from './plain-to-rich-text.ts';
import { createRichTextBuilder, type OpenMark, type RichTextBuilder } from './rich-text-builder.ts';
import { sayFlowing, sayVerbatim } from './text-runs.ts';

/** An image that was inside the text. */
export interface InlineImage {
  /** http or https. */
  readonly url: string;
  readonly name: string | null;
}

export interface ReadHtml {
  readonly body: RichText;
  readonly images: readonly InlineImage[];
}

/** Deeper than any honest body, and shallow enough for the parser, whose time grows with the square of it. */
const depthMax = 500;
const chunkLength = 8_192;

/**
 * Any HTML that an inbox may hold as our own formatted text, and the images in it. Never throws: what is broken is read
 * much as a browser would, what is nested beyond sense loses its formatting, scripts and styles are dropped, and what is behind `inputMax` is not read.
 */
export function htmlToRichText(html: string): ReadHtml {
  const read = html.slice(0, inputMax);
  const reader = createReader();
  const parser = new Parser(reader, { decodeEntities: true });
  for (let at = 0; at < read.length; at += chunkLength) {
    parser.write(read.slice(at, at + chunkLength));
    if (reader.depth() > depthMax) return { body: withoutTags(read), images: [] };
  }
  parser.end();
  return reader.result();
}

const withoutTags = (html: string): RichText =>
  plainToRichText(
    html
      .replace(/<[^<>]*>/g, ' ')
      .replace(/[^\S\n]+/g, ' ')
      .trim(),
  );

interface Reading {
  readonly out: RichTextBuilder;
  readonly elements: OpenElements;
  readonly images: Map<string, InlineImage>;
}

/** Writes what an element puts before its content. */
function beginElement({ out, elements, images }: Reading, name: string, attributes: Attributes): void {
  if (isBlock(name)) separateBlock(out, elements, name, hasNoMargin(attributes));
  if (name === 'br') out.addBreak();
  if (name === 'img') readImage(out, images, attributes);
  if (name === 'li') out.lead(itemLead(elements.lists, attributes));
  if (isCell(name)) beginCell(out, elements);
  const embedded = embeds.has(name) ? webAddress(attributes['src'] ?? '') : null;
  if (embedded !== null) {
    out.breakBefore(1);
    out.say(embedded);
    out.breakBefore(1);
  }
}

function createReader() {
  const out = createRichTextBuilder();
  const elements = new OpenElements();
  const images = new Map<string, InlineImage>();
  let buffered = '';
  let unreadDepth = 0;
  /** A line with nothing but a hard space is an empty line that its author wanted. */
  let wantsEmptyLine = false;

  const flush = (): void => {
    const run = buffered;
    buffered = '';
    if (run === '' || unreadDepth > 0) return;
    if (elements.hasStyle('preformatted')) sayVerbatim(out, run);
    else wantsEmptyLine = sayFlowing(out, run) || (wantsEmptyLine && out.atLineStart);
  };

  const finish = (element: Element): void => {
    finishMark(out, element);
    const { name, from, tight } = element;
    if (isBlock(name)) {
      if (wantsEmptyLine) out.addBreak();
      wantsEmptyLine = false;
      separateBlock(out, elements, name, tight);
    }
    if (leading.has(name)) out.lead('');
    if (isCell(name) && out.length > from && !out.hasBreakSince(from)) out.joinLine();
  };

  return {
    depth: () => elements.depth,
    onopentag(name: string, attributes: Attributes): void {
      flush();
      if (unreadDepth === 0) beginElement({ out, elements, images }, name, attributes);
      const link = name === 'a' ? linkOf(attributes['href'] ?? '') : null;
      const mark = unreadDepth > 0 ? null : markOf(name, elements, link?.kind === 'web' ? link.url : null);
      elements.push({
        name,
        tight: hasNoMargin(attributes),
        mark: mark === null ? null : out.open(mark),
        list: listOf(name, attributes),
        address: link?.kind === 'address' && !elements.hasAddress ? link.address : null,
        from: out.length,
      });
      if (unread.has(name)) unreadDepth += 1;
    },
    ontext(data: string): void {
      buffered += data;
    },
    onclosetag(name: string): void {
      flush();
      const element = elements.pop();
      if (unread.has(name)) unreadDepth -= 1;
      if (element !== undefined && unreadDepth === 0) finish(element);
    },
    result(): ReadHtml {
      flush();
      return { body: out.result(), images: [...images.values()] };
    },
  };
}

const isBlock = (name: string): boolean => paragraphs.has(name) || lines.has(name);

/** No style twice at one place, and none inside code. */
function markOf(name: string, elements: OpenElements, url: string | null): OpenMark['mark'] | null {
  if (elements.hasStyle('code') || elements.hasStyle('preformatted')) return null;
  const style = styleOf(name);
  if (style !== undefined) return elements.hasStyle(style) ? null : { kind: 'style', style };
  return url === null || elements.hasLink ? null : { kind: 'link', url };
}

/** Blocks in a list follow each other line by line, and the first in a cell stays on the cell's line. */
function separateBlock(out: RichTextBuilder, elements: OpenElements, name: string, tight: boolean): void {
  if (elements.cell?.from === out.length) return;
  out.breakBefore(paragraphs.has(name) && !tight && elements.lists.length === 0 ? 2 : 1);
}

function beginCell(out: RichTextBuilder, { row }: OpenElements): void {
  if (row !== undefined && out.length > row.from && !out.atLineStart) out.lead(' | ');
  else out.space();
}

function readImage(out: RichTextBuilder, images: Map<string, InlineImage>, attributes: Attributes): void {
  const alternative = cleanText(attributes['alt'] ?? '').trim();
  // Editors set emoji as small images; the character itself says the same.
  if (/^\p{Extended_Pictographic}.{0,14}$/u.test(alternative)) {
    out.say(alternative);
    return;
  }
  const url = webAddress(attributes['src'] ?? '');
  if (url !== null) images.set(url, { url, name: fileNameIn(url) ?? (alternative === '' ? null : alternative) });
}

function fileNameIn(url: string): string | null {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  return /^[\w.-]+\.[a-z0-9]{2,5}$/i.test(last) ? last : null;
}

function finishMark(out: RichTextBuilder, { mark, address, from }: Element): void {
  const isLink = mark?.mark.kind === 'link';
  const said = isLink || address !== null ? out.textFrom(mark?.start ?? from).trim() : '';
  if (address !== null && said !== '' && !said.includes(address)) {
    out.space();
    out.say(`(${cleanText(address).trim()})`);
  }
  if (mark === null) return;
  // Chats make a link of a bare address by themselves.
  if (mark.mark.kind === 'link' && webAddress(said) === mark.mark.url) out.discard(mark);
  else out.close(mark);
}
