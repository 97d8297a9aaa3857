import type { SpanStyle } from '../../core/message/rich-text.ts';
import { isCell } from './html-elements.ts';
import type { OpenList } from './list-items.ts';
import type { OpenMark } from './rich-text-builder.ts';

export interface Element {
  readonly name: string;
  readonly tight: boolean;
  readonly mark: OpenMark | null;
  readonly list: OpenList | null;
  /** Written after a link's words unless they contain it. */
  readonly address: string | null;
  /** The length of the text when it was opened. */
  readonly from: number;
}

/** The elements around a place. Each question has an answer that is kept up to date: none goes through all elements. */
export class OpenElements {
  readonly #all: Element[] = [];
  readonly #styles = new Set<SpanStyle>();
  readonly #lists: OpenList[] = [];
  readonly #cells: Element[] = [];
  readonly #rows: Element[] = [];
  #links = 0;
  #addresses = 0;

  get depth(): number {
    return this.#all.length;
  }

  /** The innermost is last. */
  get lists(): readonly OpenList[] {
    return this.#lists;
  }

  /** The innermost cell of a table. */
  get cell(): Element | undefined {
    return this.#cells.at(-1);
  }

  /** The innermost row of a table. */
  get row(): Element | undefined {
    return this.#rows.at(-1);
  }

  get hasLink(): boolean {
    return this.#links > 0;
  }

  get hasAddress(): boolean {
    return this.#addresses > 0;
  }

  hasStyle(style: SpanStyle): boolean {
    return this.#styles.has(style);
  }

  push(element: Element): void {
    const { name, mark, list, address } = element;
    this.#all.push(element);
    if (mark?.mark.kind === 'style') this.#styles.add(mark.mark.style);
    if (mark?.mark.kind === 'link') this.#links += 1;
    if (address !== null) this.#addresses += 1;
    if (list !== null) this.#lists.push(list);
    if (isCell(name)) this.#cells.push(element);
    if (name === 'tr') this.#rows.push(element);
  }

  /** The innermost element, which is not open any more. */
  pop(): Element | undefined {
    const element = this.#all.pop();
    if (element === undefined) return undefined;
    const { name, mark, list, address } = element;
    // No style is open twice: see `markOf`.
    if (mark?.mark.kind === 'style') this.#styles.delete(mark.mark.style);
    if (mark?.mark.kind === 'link') this.#links -= 1;
    if (address !== null) this.#addresses -= 1;
    if (list !== null) this.#lists.pop();
    if (isCell(name)) this.#cells.pop();
    if (name === 'tr') this.#rows.pop();
    return element;
  }
}
