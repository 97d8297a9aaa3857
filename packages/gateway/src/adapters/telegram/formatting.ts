import type { MessageEntity } from '@grammyjs/types';
import type { Span, SpanStyle } from '../../core/message/rich-text.ts';
import { asInteger, asList, asObject, asText } from './untrusted.ts';

const styles: Readonly<Partial<Record<string, SpanStyle>>> = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strikethrough: 'strikethrough',
  code: 'code',
  pre: 'preformatted',
  blockquote: 'quote',
  expandable_blockquote: 'quote',
} satisfies Partial<Record<MessageEntity['type'], SpanStyle>>;

/**
 * The formatting of a text of `length` code units, as Telegram's entities tell it. What needs no sign of its own (an
 * address, a mention, a command) is plain text; undefined if nothing is formatted. `trimmed` is how much of the text's
 * beginning was taken away.
 */
export function spansOf(entities: unknown, length: number, trimmed = 0): readonly Span[] | undefined {
  const spans = asList(entities).flatMap((value): readonly Span[] => {
    const entity = asObject<MessageEntity & { readonly url: string }>(value);
    const offset = asInteger(entity?.offset);
    const size = asInteger(entity?.length);
    const type = asText(entity?.type) ?? '';
    if (offset === null || size === null) return [];
    const place = { start: Math.max(0, offset - trimmed), end: Math.min(offset - trimmed + size, length) };
    if (place.end <= place.start) return [];
    const style = Object.hasOwn(styles, type) ? styles[type] : undefined;
    if (style !== undefined) return [{ kind: 'style', style, ...place }];
    const url = type === 'text_link' ? asText(entity?.url) : null;
    return url !== null && isWebAddress(url) ? [{ kind: 'link', url, ...place }] : [];
  });
  return spans.length === 0 ? undefined : spans;
}

/** What is not an address of the web, no inbox should be asked to open. */
const isWebAddress = (url: string): boolean => /^(?:https?|tg):\/\/\S+$/i.test(url);
