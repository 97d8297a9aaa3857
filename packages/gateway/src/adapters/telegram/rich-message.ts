import type { RichMessage } from '@grammyjs/types';
import type { InboundContent, MessagePart } from '../../core/message/content.ts';
import { PartsBuilder } from './parts-builder.ts';
import { readBlocks } from './rich-blocks.ts';
import { asObject } from './untrusted.ts';

/** What a rich message says and shares; null if it has nothing that could be shown. */
export function richContent(value: unknown): InboundContent | null {
  const parts = partsOf(value);
  const [first, ...others] = parts;
  if (first === undefined) return null;
  // Without files and places it is a text like any other.
  if (others.length === 0 && first.kind === 'words') return { ...first, kind: 'text' };
  return { kind: 'composed', parts };
}

/** The words of a rich message, for an excerpt. */
export const richMessageText = (value: unknown): string =>
  partsOf(value)
    .flatMap((part) => (part.kind === 'words' ? [part.text] : []))
    .join('\n');

function partsOf(value: unknown): readonly MessagePart[] {
  const builder = new PartsBuilder();
  readBlocks(builder, asObject<RichMessage>(value)?.blocks, 0);
  return builder.build();
}
