import type { MessagePart, SharedFile } from '../../core/message/content.ts';
import { type MarkText, markText, providerWords } from '../../core/message/mark-text.ts';
import type { ReceivedSpan, SpanStyle } from '../../core/message/rich-text.ts';

interface OpenStyle {
  readonly style: SpanStyle;
  readonly language: string | undefined;
  start: number;
}

/** Collects the parts of a rich message: words with their formatting, and between them files, places and remarks. */
export class PartsBuilder {
  readonly #parts: MessagePart[] = [];
  readonly #open: OpenStyle[] = [];
  readonly #told = new Set<MarkText>();
  #remarks: MarkText[] = [];
  #pieces: string[] = [];
  #spans: ReceivedSpan[] = [];
  #length = 0;
  #indent = '';
  #isAtStart = true;
  #isOnOneLine = false;

  /** How many code units the current words have. */
  get length(): number {
    return this.#length;
  }

  add(text: string): void {
    if (text === '') return;
    this.#pieces.push(this.#isOnOneLine ? text.replace(/[\r\n]/g, ' ') : text);
    this.#length += text.length;
    this.#isAtStart = false;
  }

  /** Begins a line. Directly behind `lead` it begins none. */
  startLine(): void {
    if (!this.#isAtStart) this.#pieces.push('\n');
    if (!this.#isAtStart) this.#length += 1;
    if (!this.#isAtStart || this.#length === 0) this.#addIndent();
    this.#isAtStart = true;
  }

  /** What is at the beginning of a line, before the block that begins there. */
  lead(text: string): void {
    this.startLine();
    this.add(text);
    this.#isAtStart = true;
  }

  /** The next block begins a line of its own, even if nothing followed the lead. */
  endLead(): void {
    if (this.#length > 0) this.#isAtStart = false;
  }

  #addIndent(): void {
    this.#pieces.push(this.#indent);
    this.#length += this.#indent.length;
  }

  indented(inner: () => void): void {
    const before = this.#indent;
    this.#indent += '  ';
    inner();
    this.#indent = before;
  }

  onOneLine(inner: () => void): void {
    const before = this.#isOnOneLine;
    this.#isOnOneLine = true;
    inner();
    this.#isOnOneLine = before;
  }

  styled(style: SpanStyle, inner: () => void, language?: string): void {
    this.#open.push({ style, language, start: this.#length });
    inner();
    const closed = this.#open.pop();
    if (closed !== undefined) this.#close(closed);
  }

  #close({ style, language, start }: OpenStyle): void {
    if (this.#length === start) return;
    const place = { start, end: this.#length };
    this.#spans.push({ kind: 'style', style, ...place, ...(language === undefined ? {} : { language }) });
  }

  linked(url: string, inner: () => void): void {
    const start = this.#length;
    inner();
    if (this.#length > start) this.#spans.push({ kind: 'link', url, start, end: this.#length });
  }

  /** `asideOf` is given the words that `inner` added. Null if they need no aside. */
  withAside(inner: () => void, asideOf: (said: string) => string | null): void {
    const [piece, start] = [this.#pieces.length, this.#length];
    inner();
    const words = asideOf(this.#pieces.slice(piece).join(''));
    if (words !== null && this.#length > start) {
      this.#spans.push({ kind: 'aside', words, start, end: this.#length });
    }
  }

  file(file: SharedFile): void {
    this.#part({ kind: 'file', file });
  }

  place(latitude: number, longitude: number): void {
    this.#part({ kind: 'place', latitude, longitude });
  }

  /** Says that something of this kind is missing. `kind`: Telegram's word for it. */
  unknown(kind: string): void {
    const name = /^[a-z][a-z0-9_]{0,63}$/.test(kind) ? kind : 'without a name';
    this.#remark(markText`a part of the message that Chatferry does not know: ${providerWords(name)}`);
  }

  tooDeep(): void {
    this.#remark(markText`a part of the message is nested too deeply to be shown`);
  }

  /** Said once, and behind the block, so that no sentence is cut. */
  #remark(mark: MarkText): void {
    if (this.#told.has(mark)) return;
    this.#told.add(mark);
    this.#remarks.push(mark);
  }

  /** Between two blocks that are in no other one. */
  endBlock(): void {
    const remarks = this.#remarks;
    this.#remarks = [];
    for (const mark of remarks) this.#part({ kind: 'remark', mark });
  }

  #part(part: MessagePart): void {
    this.#endWords();
    this.#parts.push(part);
  }

  #endWords(): void {
    for (const open of this.#open) this.#close(open);
    const text = this.#pieces.join('').trimEnd();
    const spans = this.#spans.filter(({ start }) => start < text.length);
    if (text !== '') this.#parts.push({ kind: 'words', text, ...(spans.length === 0 ? {} : { spans }) });
    for (const open of this.#open) open.start = 0;
    this.#pieces = [];
    this.#spans = [];
    this.#length = 0;
    this.#isAtStart = true;
  }

  build(): readonly MessagePart[] {
    this.#endWords();
    return this.#parts;
  }
}
