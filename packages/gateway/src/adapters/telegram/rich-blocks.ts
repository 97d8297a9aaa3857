import type { Location, RichBlock, RichBlockCaption, RichBlockListItem, RichBlockTableCell } from '@grammyjs/types';
import type { SharedFile } from '../../core/message/content.ts';
import { visibleName } from '../../core/message/visible-name.ts';
import { looseWords } from './loose-words.ts';
import type { PartsBuilder } from './parts-builder.ts';
import { richButtonText } from './rich-button.ts';
import { nestingMax, readRichText } from './rich-words.ts';
import { namedFileOf, photoFileOf } from './shared-file.ts';
import { asInteger, asList, asNumber, asObject, asText, type Untrusted } from './untrusted.ts';

type Fields = Untrusted<{ [K in RichBlock extends infer T ? (T extends unknown ? keyof T : never) : never]: unknown }>;
type ReadBlock = (builder: PartsBuilder, fields: Fields, depth: number) => void;

const readLine: ReadBlock = (builder, { text }, depth) => {
  builder.startLine();
  readRichText(builder, text, depth);
};

const inGroup: ReadBlock = (builder, { blocks, caption }, depth) => {
  readBlocks(builder, blocks, depth);
  readCaption(builder, caption, depth);
};

const withFile =
  (fileIn: (fields: Fields) => SharedFile | null): ReadBlock =>
  (builder, fields, depth) => {
    const file = fileIn(fields);
    if (file === null) builder.unknown(asText(fields.type) ?? '');
    else builder.file(file);
    readCaption(builder, fields.caption, depth);
  };

/** Every kind of block in a rich message. One that is missing here, as with each new Bot API, fails the type check. */
const readers: Readonly<Record<RichBlock['type'], ReadBlock>> = {
  paragraph: readLine,
  footer: readLine,
  // Telegram: it comes in drafts only.
  thinking: readLine,
  heading: (builder, fields, depth) => {
    builder.startLine();
    builder.styled('bold', () => readRichText(builder, fields.text, depth));
  },
  pre: (builder, { text, language }, depth) => {
    builder.startLine();
    builder.styled(
      'preformatted',
      () => readRichText(builder, text, depth),
      visibleName(asText(language)) ?? undefined,
    );
  },
  mathematical_expression: (builder, { expression }) => {
    builder.startLine();
    builder.styled('code', () => builder.add(asText(expression) ?? ''));
  },
  divider: (builder) => {
    builder.startLine();
    builder.add('———');
  },
  // A place within the message, to which an entry cannot lead.
  anchor: () => undefined,
  list: readList,
  blockquote: (builder, { blocks, credit }, depth) =>
    inQuote(builder, credit, depth, () => readBlocks(builder, blocks, depth)),
  expandable_blockquote: (builder, { text, credit }, depth) =>
    inQuote(builder, credit, depth, () => readRichText(builder, text, depth)),
  pullquote: (builder, { text, credit }, depth) =>
    inQuote(builder, credit, depth, () => readRichText(builder, text, depth)),
  collage: inGroup,
  slideshow: inGroup,
  table: readTable,
  details: (builder, { summary, blocks }, depth) => {
    builder.startLine();
    builder.styled('bold', () => readRichText(builder, summary, depth));
    builder.indented(() => readBlocks(builder, blocks, depth));
  },
  map: readMap,
  animation: withFile(({ animation }) => namedFileOf('animation', animation)),
  audio: withFile(({ audio }) => namedFileOf('audio', audio)),
  document: withFile(({ document }) => namedFileOf('document', document)),
  photo: withFile(({ photo }) => photoFileOf(photo)),
  video: withFile(({ video }) => namedFileOf('video', video)),
  voice_note: withFile((fields) => namedFileOf('voice', fields.voice_note)),
  buttons: (builder, { buttons }) => {
    builder.startLine();
    builder.add(asList(buttons).map(richButtonText).join('  '));
  },
};

/** Adds the blocks of a rich message, or of a block that contains some. */
export function readBlocks(builder: PartsBuilder, blocks: unknown, depth: number): void {
  if (depth > nestingMax) {
    builder.tooDeep();
    return;
  }
  for (const value of asList(blocks)) {
    const fields: Fields = asObject<Fields>(value) ?? {};
    const type = asText(fields.type) ?? '';
    if (isKnownType(type)) readers[type](builder, fields, depth + 1);
    else readUnknown(builder, value, type);
    if (depth === 0) builder.endBlock();
  }
}

const isKnownType = (type: string): type is RichBlock['type'] => Object.hasOwn(readers, type);

/** Its words are shown, as far as they are where the known kinds have theirs. */
function readUnknown(builder: PartsBuilder, value: unknown, type: string): void {
  for (const line of looseWords([value])) {
    builder.startLine();
    builder.add(line);
  }
  builder.unknown(type);
}

function inQuote(builder: PartsBuilder, credit: unknown, depth: number, inner: () => void): void {
  builder.startLine();
  builder.styled('quote', () => {
    inner();
    readCredit(builder, credit, depth);
  });
}

function readCredit(builder: PartsBuilder, credit: unknown, depth: number): void {
  if (looseWords([{ text: credit }]).length === 0) return;
  builder.lead('— ');
  readRichText(builder, credit, depth);
}

function readCaption(builder: PartsBuilder, value: unknown, depth: number): void {
  const caption = asObject<RichBlockCaption>(value);
  if (caption === null) return;
  builder.startLine();
  readRichText(builder, caption.text, depth);
  readCredit(builder, caption.credit, depth);
}

function readList(builder: PartsBuilder, { items }: Fields, depth: number): void {
  for (const value of asList(items)) {
    const item = asObject<RichBlockListItem>(value) ?? {};
    const label = visibleName(asText(item.label)) ?? '•';
    const checkbox =
      item.has_checkbox === true || item.is_checked === true ? (item.is_checked === true ? '☑ ' : '☐ ') : '';
    builder.lead(`${label} ${checkbox}`);
    builder.indented(() => readBlocks(builder, item.blocks, depth));
    // An item without words has its line too.
    builder.endLead();
  }
}

function readTable(builder: PartsBuilder, { caption, cells }: Fields, depth: number): void {
  if (caption !== undefined) readLine(builder, { text: caption }, depth);
  for (const row of asList(cells)) {
    builder.startLine();
    builder.onOneLine(() => {
      for (const [index, value] of asList(row).entries()) {
        if (index > 0) builder.add(' | ');
        readCell(builder, asObject<RichBlockTableCell>(value) ?? {}, depth);
      }
    });
  }
}

/** Telegram documents no limit. */
const columnsMax = 20;

function readCell(builder: PartsBuilder, cell: Untrusted<RichBlockTableCell>, depth: number): void {
  const words = () => readRichText(builder, cell.text, depth);
  if (cell.is_header === true) builder.styled('bold', words);
  else words();
  const columns = Math.min(asInteger(cell.colspan) ?? 1, columnsMax);
  if (columns > 1) builder.add(' |'.repeat(columns - 1));
}

function readMap(builder: PartsBuilder, { location, caption, type }: Fields, depth: number): void {
  const place = asObject<Location>(location);
  const latitude = asNumber(place?.latitude);
  const longitude = asNumber(place?.longitude);
  if (latitude === null || longitude === null) builder.unknown(asText(type) ?? '');
  else builder.place(latitude, longitude);
  readCaption(builder, caption, depth);
}
