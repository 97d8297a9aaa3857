import type { ReceivedSpan, Span, SpanStyle } from './rich-text.ts';
import { withWrittenSigns } from './written-signs.ts';

interface Formatted {
  readonly text: string;
  readonly spans?: readonly ReceivedSpan[] | undefined;
}

/** A piece of a text with the same formatting throughout. */
export interface FormattedRun {
  readonly text: string;
  readonly styles: readonly SpanStyle[];
  readonly url: string | null;
}

/**
 * Cuts the text, with its written signs, where its formatting changes. Spans may overlap, and may reach beyond the
 * text: that part is ignored.
 */
export function runsOf(formatted: Formatted): readonly FormattedRun[] {
  const { text, spans } = withWrittenSigns(formatted);
  const clamp = (at: number): number => Math.max(0, Math.min(at, text.length));
  const cuts = new Set([0, text.length, ...spans.flatMap(({ start, end }) => [clamp(start), clamp(end)])]);
  const places = [...cuts].sort((a, b) => a - b);
  const begins = new SpansByPlace(spans, ({ start }) => clamp(start));
  const ends = new SpansByPlace(spans, ({ end }) => clamp(end));
  const active = new ActiveSpans();
  return places.slice(1).map((end, index) => {
    const start = places[index] ?? 0;
    for (const span of ends.at(start)) active.end(span);
    for (const span of begins.at(start)) active.begin(span);
    return { text: text.slice(start, end), styles: active.styles(), url: active.url() };
  });
}

/** The spans that begin or end at each place. One without words is at none. */
class SpansByPlace {
  readonly #spans = new Map<number, Span[]>();

  constructor(spans: readonly Span[], placeOf: (span: Span) => number) {
    for (const span of spans) {
      if (span.end <= span.start) continue;
      const place = placeOf(span);
      const others = this.#spans.get(place);
      if (others === undefined) this.#spans.set(place, [span]);
      else others.push(span);
    }
  }

  at(place: number): readonly Span[] {
    return this.#spans.get(place) ?? [];
  }
}

/** What is open at one place of a text. Counts, because to go through all spans at each place would take the square of their number. */
class ActiveSpans {
  readonly #styles = new Map<SpanStyle, number>();
  readonly #links = new Map<Span, string>();

  begin(span: Span): void {
    if (span.kind === 'link') this.#links.set(span, span.url);
    else this.#styles.set(span.style, (this.#styles.get(span.style) ?? 0) + 1);
  }

  end(span: Span): void {
    if (span.kind === 'link') {
      this.#links.delete(span);
      return;
    }
    const count = this.#styles.get(span.style) ?? 0;
    if (count > 1) this.#styles.set(span.style, count - 1);
    else this.#styles.delete(span.style);
  }

  styles(): readonly SpanStyle[] {
    return [...this.#styles.keys()];
  }

  /** Of links in each other the outer one. */
  url(): string | null {
    const [first = null] = this.#links.values();
    return first;
  }
}

/** The text with its written signs. The address of a link follows its words, unless the words are the address. */
export function plainOf(formatted: Formatted): string {
  const { text, spans } = withWrittenSigns(formatted);
  const links = spans.flatMap((span) => (span.kind === 'link' && span.end > span.start ? [span] : []));
  return withAddresses(text, links);
}

/** The text with the address of each link behind its words, unless the words are the address. A link that reaches beyond the text is left out. */
export function withAddresses(
  text: string,
  links: readonly { readonly start: number; readonly end: number; readonly url: string }[],
): string {
  const shown = links.filter(({ start, end, url }) => end <= text.length && text.slice(start, end) !== url);
  const pieces: string[] = [];
  let from = 0;
  // Of links that end together the last one is written first.
  for (const { end, url } of [...shown].sort((a, b) => b.end - a.end).reverse()) {
    pieces.push(text.slice(from, end), ` (${url})`);
    from = end;
  }
  return [...pieces, text.slice(from)].join('');
}
