import type { MessageEntity } from '@grammyjs/types';
import { plainOf } from '../../core/message/formatting.ts';
import type { ReceivedSpan, SpanStyle } from '../../core/message/rich-text.ts';
import { visibleName } from '../../core/message/visible-name.ts';
import { asInteger, asList, asObject, asText, type Untrusted } from './untrusted.ts';

const styles: Readonly<Partial<Record<string, SpanStyle>>> = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strikethrough: 'strikethrough',
  spoiler: 'spoiler',
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
export function spansOf(entities: unknown, length: number, trimmed = 0): readonly ReceivedSpan[] | undefined {
  const spans = asList(entities).flatMap((value): readonly ReceivedSpan[] => {
    const entity = asObject<MessageEntity.CommonMessageEntity & KnownFields>(value);
    const offset = asInteger(entity?.offset);
    const size = asInteger(entity?.length);
    if (!entity || offset === null || size === null) return [];
    const place = { start: Math.max(0, offset - trimmed), end: Math.min(offset - trimmed + size, length) };
    return place.end <= place.start ? [] : spanOf(entity, place);
  });
  return spans.length === 0 ? undefined : spans;
}

interface KnownFields {
  readonly url: string;
  readonly language: string;
  readonly unix_time: number;
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function spanOf(
  entity: Untrusted<MessageEntity.CommonMessageEntity & KnownFields>,
  place: Place,
): readonly ReceivedSpan[] {
  const type = asText(entity.type) ?? '';
  const style = Object.hasOwn(styles, type) ? styles[type] : undefined;
  if (style !== undefined) return [{ kind: 'style', style, ...place, ...languageOf(entity) }];
  const url = type === 'text_link' ? visibleName(asText(entity.url)) : null;
  if (url !== null) return [{ kind: 'link', url, ...place }];
  const time = type === 'date_time' ? timeWords(entity.unix_time) : null;
  return time === null ? [] : [{ kind: 'aside', words: time, ...place }];
}

function languageOf({ language }: Untrusted<KnownFields>): { readonly language?: string } {
  const words = visibleName(asText(language));
  return words === null ? {} : { language: words };
}

/**
 * “2026-12-01 10:00 UTC”. Telegram’s apps show the time in the reader's time zone in place of the words. Null for what
 * is no time.
 */
export function timeWords(unixTime: unknown): string | null {
  const seconds = asInteger(unixTime);
  // ECMAScript: a date is at most this far from 1970.
  if (seconds === null || Math.abs(seconds) > 8.64e12) return null;
  return `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/**
 * A text without markup, with signs for what changes its meaning, for where a content has words only. Null if it has
 * none.
 */
export function plainText(text: unknown, entities: unknown): string | null {
  const words = visibleName(asText(text));
  // The places of the entities are those of the whole text.
  return words === null || typeof text !== 'string' ? null : plainOf({ text, spans: spansOf(entities, text.length) });
}

/** The same for an excerpt of what is answered: without the addresses of links. */
export function signedText(text: string, entities: unknown): string {
  const spans = (spansOf(entities, text.length) ?? []).filter(({ kind }) => kind !== 'link');
  return plainOf({ text, spans });
}
