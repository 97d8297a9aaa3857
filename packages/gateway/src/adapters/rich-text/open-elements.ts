import type { SpanStyle } from '../../core/message/rich-text.ts';
import { isCell } from './html-elements.ts';
import type { Link } from './link.ts';
import type { OpenList } from './list-items.ts';
import type { OpenMark } from './rich-text-builder.ts';

export interface Element {
  readonly name: string;
  readonly tight: boolean;
  readonly mark: OpenMark | null;
  readonly list: OpenList | null;
  /** Of an `a` element. */
  readonly link: Link | null;
  /** How many images were read before it. */
  readonly imagesBefore: number;
  /** The length of the text when it was opened. */
  readonly from: number;
  /** Whether it is a table that shows data. */
  readonly isData: boolean;
}

/** The elements around a place. Each question has an answer that is kept up to date: none goes through all elements. */
export class OpenElements {
  readonly #all: Element[] = [];
  readonly #styles = new Set<SpanStyle>();
  readonly #lists: OpenList[] = [];
  readonly #cells: { readonly element: Element; readonly tables: number }[] = [];
  readonly #rows: { readonly element: Element; cells: number }[] = [];
  readonly #tables: Element[] = [];
  #preformatted: OpenMark | undefined;
  #links = 0;

  get depth(): number {
    return this.#all.length;
  }

  /** The innermost is last. */
  get lists(): readonly OpenList[] {
    return this.#lists;
  }

  /** The innermost cell of a table. */
  get cell(): Element | undefined {
    return this.#cells.at(-1)?.element;
  }

  /** The innermost row of a table. */
  get row(): Element | undefined {
    return this.#rows.at(-1)?.element;
  }

  /** Whether the innermost table shows data. */
  get isInData(): boolean {
    return this.#tables.at(-1)?.isData === true;
  }

  /** Whether this is a cell of such a table: everything in it is on the line of its row. */
  get isInDataCell(): boolean {
    return this.isInData && this.#cells.at(-1)?.tables === this.#tables.length;
  }

  /** Counts a cell of the innermost row. False for its first one. */
  countCell(): boolean {
    const row = this.#rows.at(-1);
    if (row === undefined) return false;
    row.cells += 1;
    return row.cells > 1;
  }

  /** The innermost preformatted text. */
  get preformatted(): OpenMark | undefined {
    return this.#preformatted;
  }

  get hasLink(): boolean {
    return this.#links > 0;
  }

  hasStyle(style: SpanStyle): boolean {
    return this.#styles.has(style);
  }

  push(element: Element): void {
    const { name, mark, list } = element;
    this.#all.push(element);
    if (mark?.mark.kind === 'style') this.#styles.add(mark.mark.style);
    if (mark?.mark.kind === 'style' && mark.mark.style === 'preformatted') this.#preformatted = mark;
    if (mark?.mark.kind === 'link') this.#links += 1;
    if (list !== null) this.#lists.push(list);
    if (isCell(name)) this.#cells.push({ element, tables: this.#tables.length });
    if (name === 'tr') this.#rows.push({ element, cells: 0 });
    if (name === 'table') this.#tables.push(element);
  }

  /** The innermost element, which is not open any more. */
  pop(): Element | undefined {
    const element = this.#all.pop();
    if (element === undefined) return undefined;
    const { name, mark, list } = element;
    // No style is open twice: see `markOf`.
    if (mark?.mark.kind === 'style') this.#styles.delete(mark.mark.style);
    if (mark?.mark.kind === 'link') this.#links -= 1;
    if (list !== null) this.#lists.pop();
    if (isCell(name)) this.#cells.pop();
    if (name === 'tr') this.#rows.pop();
    if (name === 'table') this.#tables.pop();
    if (mark !== null && mark === this.#preformatted) this.#preformatted = undefined;
    return element;
  }
}
