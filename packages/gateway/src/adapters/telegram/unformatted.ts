import { messageTextMax } from '@chatferry/contract';
import type { MessageEntity } from '@grammyjs/types';
import { withAddresses } from '../../core/message/formatting.ts';
import type { Wire } from '../../ports/channel.ts';
import { captionMax } from './encode-reply.ts';

/** The two places of words in a wire, each with the formatting that belongs to it. */
const places = [
  { words: 'text', entities: 'entities', max: messageTextMax },
  { words: 'caption', entities: 'caption_entities', max: captionMax },
] as const;

export const isFormatted = (wire: Wire): boolean => places.some(({ entities }) => wire[entities] !== undefined);

/** The same words without formatting; the addresses that were linked from words follow them, as many as there is room for. */
export function unformatted(wire: Wire): Wire {
  const kept = { ...wire };
  for (const { words, entities, max } of places) {
    const spans = kept[entities];
    const said = kept[words];
    if (!Array.isArray(spans) || typeof said !== 'string') continue;
    delete kept[entities];
    kept[words] = withAddresses(said, linksWithRoom(said, linksOf(spans), max));
  }
  return kept;
}

interface LinkedWords {
  readonly start: number;
  readonly end: number;
  readonly url: string;
}

/** The first links whose addresses fit behind their words, in code points. */
function linksWithRoom(said: string, links: readonly LinkedWords[], max: number): readonly LinkedWords[] {
  let length = [...said].length;
  let count = 0;
  for (const { url } of links) {
    length += [...url].length + ' ()'.length;
    if (length > max) break;
    count += 1;
  }
  return links.slice(0, count);
}

const linksOf = (entities: readonly MessageEntity[]) =>
  entities.flatMap((entity) =>
    entity.type === 'text_link' ? [{ start: entity.offset, end: entity.offset + entity.length, url: entity.url }] : [],
  );
