import { hasAtMost, messageTextMax } from '@chatferry/contract';
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

/** The same words without formatting; an address that was linked from words follows them, if there is room for it. */
export function unformatted(wire: Wire): Wire {
  const kept = { ...wire };
  for (const { words, entities, max } of places) {
    const spans = kept[entities];
    const said = kept[words];
    if (!Array.isArray(spans) || typeof said !== 'string') continue;
    delete kept[entities];
    const spelled = withAddresses(said, linksOf(spans));
    kept[words] = hasAtMost(spelled, max) ? spelled : said;
  }
  return kept;
}

const linksOf = (entities: readonly MessageEntity[]) =>
  entities.flatMap((entity) =>
    entity.type === 'text_link' ? [{ start: entity.offset, end: entity.offset + entity.length, url: entity.url }] : [],
  );
