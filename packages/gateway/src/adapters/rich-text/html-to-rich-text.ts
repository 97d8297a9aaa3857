import { Parser } from 'htmlparser2';
import type { Omission } from '../../core/inbox/omission.ts';
import type { RichText } from '../../core/message/rich-text.ts';
import { cleanText } from './clean-text.ts';
import { dataTablesIn } from './data-tables.ts';
import {
  type Attributes,
  drawings,
  embeds,
  hasNoMargin,
  isCell,
  languageOf,
  leading,
  lines,
  paragraphs,
  styleOf,
  unread,
} from './html-elements.ts';
import { type InlineImage, readImage } from './inline-image.ts';
import { inputMax } from './input-limit.ts';
import { type Link, linkOf, saysAddress, webAddress } from './link.ts';
import { itemLead, listOf } from './list-items.ts';
import { type Element, OpenElements } from './open-elements.ts';
import { plainToRichText } from './plain-to-rich-text.ts';
import { createRichTextBuilder, type OpenMark, type RichTextBuilder } from './rich-text-builder.ts';
import { sayFlowing, sayVerbatim } from './text-runs.ts';

export interface ReadHtml {
  readonly body: RichText;
  readonly images: readonly InlineImage[];
  /** What is in the HTML and neither in the text nor among the images. */
  readonly omitted: readonly Omission[];
}

/** Deeper than any honest body, and shallow enough for the parser, whose time grows with the square of it. */
const depthMax = 500;
const chunkLength = 8_192;
/** No agent reads more remarks. */
const omittedMax = 20;

/**
 * Any HTML that an inbox may hold as our own formatted text, and the images in it. Never throws: what is broken is read
 * much as a browser would, what is nested beyond sense loses its formatting, scripts and styles are dropped, and what is behind `inputMax` is not read.
 */
export function htmlToRichText(html: string): ReadHtml {
  const read = html.slice(0, inputMax);
  const cut = read.length < html.length ? [tooLong] : [];
  const pieces = piecesOf(read);
  const reader = createReader(pieces);
  const parser = new Parser(reader, { decodeEntities: true });
  for (const piece of pieces) {
    parser.write(piece);
    if (reader.depth() > depthMax) return { body: withoutTags(read), images: [], omitted: cut };
  }
  parser.end();
  const result = reader.result();
  return { ...result, omitted: [...result.omitted, ...cut] };
}

const tooLong: Omission = {
  what: 'the end of the message',
  why: `the gateway reads the first ${inputMax} characters of it`,
};

/** In pieces, so that the reader can stop early. */
function piecesOf(html: string): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < html.length; at += chunkLength) pieces.push(html.slice(at, at + chunkLength));
  return pieces;
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
  readonly omitted: Map<string, Omission>;
  /** A line with nothing but a hard space is an empty line that its author wanted. */
  wantsEmptyLine: boolean;
}

const newReading = (): Reading => ({
  out: createRichTextBuilder(),
  elements: new OpenElements(),
  images: new Map(),
  omitted: new Map(),
  wantsEmptyLine: false,
});

/** Writes what an element puts before its content. */
function beginElement(reading: Reading, name: string, attributes: Attributes): void {
  const { out, elements } = reading;
  if (isBlock(name)) separateBlock(out, elements, name, hasNoMargin(attributes));
  if (name === 'br') breakLine(out, elements);
  if (name === 'img') showImage(reading, attributes);
  if (name === 'li') beginItem(out, elements, attributes);
  if (name === 'input' && attributes['type'] === 'checkbox') {
    out.say(Object.hasOwn(attributes, 'checked') ? '☑' : '☐');
  }
  if (isCell(name)) beginCell(out, elements);
  const drawing = Object.hasOwn(drawings, name) ? drawings[name] : undefined;
  if (drawing !== undefined && attributes['aria-hidden'] !== 'true') {
    omit(reading, { what: drawing, why: 'a chat has no form for it; please attach it as an image' });
  }
}

/** What a browser shows at the place of an element whose content is elsewhere: here its address. */
function showEmbedded({ out }: Reading, name: string, attributes: Attributes): void {
  const embedded = embeds.has(name) ? webAddress(attributes['src'] ?? attributes['data'] ?? '') : null;
  if (embedded === null) return;
  out.breakBefore(1);
  out.say(embedded);
  out.breakBefore(1);
}

function omit({ omitted }: Reading, omission: Omission): void {
  if (omitted.size < omittedMax) omitted.set(omission.what, omission);
}

function sayRun({ out, elements }: Reading, run: string, wantedBefore: boolean): boolean {
  if (elements.hasStyle('preformatted') && !elements.isInDataCell) {
    sayVerbatim(out, run);
    return wantedBefore;
  }
  return sayFlowing(out, run) || (wantedBefore && out.atLineStart);
}

/** Writes what an element puts behind its content. */
function finishElement(reading: Reading, element: Element): void {
  const { out, elements } = reading;
  finishLink(reading, element);
  finishMark(out, element);
  const { name, from, tight } = element;
  if (isBlock(name)) {
    if (reading.wantsEmptyLine && !elements.isInDataCell) out.addBreak();
    reading.wantsEmptyLine = false;
    separateBlock(out, elements, name, tight);
  }
  if (leading.has(name) && !elements.isInDataCell) out.lead('');
  if (isCell(name) && out.length > from && !out.hasBreakSince(from)) out.joinLine();
}

function createReader(pieces: readonly string[]) {
  const reading = newReading();
  const { out, elements, images } = reading;
  let dataTables: readonly boolean[] | null = null;
  let tables = 0;
  let buffered = '';
  let unreadDepth = 0;

  const flush = (): void => {
    const run = buffered;
    buffered = '';
    if (run === '' || unreadDepth > 0) return;
    reading.wantsEmptyLine = sayRun(reading, run, reading.wantsEmptyLine);
  };

  /** The tables are looked at when there is one. */
  const isNextTableData = (): boolean => {
    dataTables ??= dataTablesIn(pieces);
    tables += 1;
    return dataTables[tables - 1] === true;
  };

  return {
    depth: () => elements.depth,
    onopentag(name: string, attributes: Attributes): void {
      flush();
      if (unreadDepth === 0) beginElement(reading, name, attributes);
      showEmbedded(reading, name, attributes);
      const link = name === 'a' && unreadDepth === 0 ? linkOf(attributes['href'] ?? '') : null;
      const mark = unreadDepth > 0 ? null : markOf(name, elements, link?.kind === 'web' ? link.url : null);
      nameLanguage(elements, name, attributes);
      elements.push({
        name,
        tight: hasNoMargin(attributes),
        mark: mark === null ? null : out.open(mark),
        list: listOf(name, attributes),
        link,
        imagesBefore: images.size,
        from: out.length,
        isData: name === 'table' && isNextTableData(),
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
      if (element !== undefined && unreadDepth === 0) finishElement(reading, element);
    },
    result(): ReadHtml {
      flush();
      return { body: out.result(), images: [...images.values()], omitted: [...reading.omitted.values()] };
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

function nameLanguage({ preformatted }: OpenElements, name: string, attributes: Attributes): void {
  if (name === 'code' && preformatted?.start === null) preformatted.language ??= languageOf(attributes);
}

/** Blocks in a list follow each other line by line, and the first in a cell stays on the cell's line. */
function separateBlock(out: RichTextBuilder, elements: OpenElements, name: string, tight: boolean): void {
  if (elements.cell?.from === out.length) return;
  if (elements.isInDataCell) out.space();
  else out.breakBefore(paragraphs.has(name) && !tight && elements.lists.length === 0 ? 2 : 1);
}

function breakLine(out: RichTextBuilder, { isInDataCell }: OpenElements): void {
  if (isInDataCell) out.space();
  else out.addBreak();
}

/** In a row that is one line the items of a cell follow each other. */
function beginItem(out: RichTextBuilder, elements: OpenElements, attributes: Attributes): void {
  if (!elements.isInDataCell) out.lead(itemLead(elements.lists, attributes));
  else if (elements.cell !== undefined && out.length > elements.cell.from) out.lead(' • ');
}

/** In a table that shows data an empty cell keeps its place between two bars. */
function beginCell(out: RichTextBuilder, elements: OpenElements): void {
  const { row } = elements;
  const isFirst = !elements.countCell();
  if (row !== undefined && elements.isInData) {
    if (!isFirst) out.bar();
    return;
  }
  if (row !== undefined && out.length > row.from && !out.atLineStart) out.lead(' | ');
  else out.space();
}

function showImage(reading: Reading, attributes: Attributes): void {
  const { out, images } = reading;
  const read = readImage(attributes);
  if (read.kind === 'emoji') out.say(read.text);
  if (read.kind === 'image' && !images.has(read.image.url)) images.set(read.image.url, read.image);
  if (read.kind !== 'omitted') return;
  out.say(read.words);
  omit(reading, read.omission);
}

/** Words that are longer are not compared with the address of their link. */
const comparedMax = 4_096;

/** Writes the address of a link behind its words where it cannot be a link there, unless the words are the address. */
function finishLink(reading: Reading, { link, mark, from, imagesBefore }: Element): void {
  if (link === null) return;
  const { out } = reading;
  const said = saidSince(out, mark?.start ?? from);
  if (link.kind === 'unreachable') {
    const what = said === '' ? 'a link' : `the link “${said}”`;
    omit(reading, { what, why: 'what it leads to is only where it was written; please attach it as a file' });
    return;
  }
  if (said === '' ? !isOnImage(reading, link, imagesBefore) : mark !== null || isSaid(said, link)) return;
  const address = cleanText(link.kind === 'web' ? link.written : link.address).trim();
  out.space();
  out.say(said === '' ? address : `(${address})`);
}

const saidSince = (out: RichTextBuilder, start: number): string =>
  out.textFrom(Math.max(start, out.length - comparedMax)).trim();

/** Whether it leads from an image to something else than the image. */
const isOnImage = ({ images }: Reading, link: Link, imagesBefore: number): boolean =>
  images.size > imagesBefore && !(link.kind === 'web' && images.has(link.url));

const isSaid = (said: string, link: Exclude<Link, { kind: 'unreachable' }>): boolean =>
  link.kind === 'web' ? saysAddress(said, link.written) : said.includes(link.address);

function finishMark(out: RichTextBuilder, { mark }: Element): void {
  if (mark === null) return;
  // Chats make a link of a bare address by themselves.
  const isBare = mark.mark.kind === 'link' && webAddress(saidSince(out, mark.start ?? out.length)) === mark.mark.url;
  if (isBare) out.discard(mark);
  else out.close(mark);
}
