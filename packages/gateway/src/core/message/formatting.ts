import type { Span, SpanStyle } from './rich-text.ts';

interface Formatted {
  readonly text: string;
  readonly spans?: readonly Span[] | undefined;
}

/** A piece of a text with the same formatting throughout. */
export interface FormattedRun {
  readonly text: string;
  readonly styles: readonly SpanStyle[];
  readonly url: string | null;
}

/** Cuts the text where its formatting changes. Spans may overlap, and may reach beyond the text: that part is ignored. */
export function runsOf({ text, spans = [] }: Formatted): readonly FormattedRun[] {
  const clamp = (at: number): number => Math.max(0, Math.min(at, text.length));
  const cuts = new Set([0, text.length, ...spans.flatMap(({ start, end }) => [clamp(start), clamp(end)])]);
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => {
    const start = places[index] ?? 0;
    const active = spans.filter((span) => span.start <= start && span.end >= end);
    const link = active.find((span) => span.kind === 'link');
    return {
      text: text.slice(start, end),
      styles: [...new Set(active.flatMap((span) => (span.kind === 'style' ? [span.style] : [])))],
      url: link?.url ?? null,
    };
  });
}

/** The text without formatting. The address of a link follows its words, unless the words are the address. */
export function plainOf({ text, spans = [] }: Formatted): string {
  const links = spans.flatMap((span) =>
    span.kind === 'link' &&
    span.end > span.start &&
    span.end <= text.length &&
    text.slice(span.start, span.end) !== span.url
      ? [span]
      : [],
  );
  return [...links]
    .sort((a, b) => b.end - a.end)
    .reduce((plain, { end, url }) => `${plain.slice(0, end)} (${url})${plain.slice(end)}`, text);
}
