import type { OutboundContent } from '../message/content.ts';
import type { InboundEvent } from '../message/inbound.ts';
import type { EntryBlock } from './entry.ts';
import { bodyOfInbound } from './inbound-body.ts';

/** In code points. */
const excerptMax = 200;

/** The whole text of a message, without the gateway's remarks. Null if it has no words. */
export function wordsOfMessage(content: OutboundContent | InboundEvent): string | null {
  const words = 'author' in content ? bodyOfInbound(content, null).blocks.flatMap(wordsOf).join('\n') : content.text;
  return words.trim() === '' ? null : words.trim();
}

/** The beginning of a message's text, so that a person recognises it. Null if it has no words. */
export function excerptOf(content: OutboundContent | InboundEvent): string | null {
  const words = wordsOfMessage(content) ?? '';
  // A code point has one or two units, so this many units are enough.
  const excerpt = [...words.slice(0, 2 * excerptMax)].slice(0, excerptMax).join('');
  return excerpt === '' ? null : excerpt;
}

/** The customer's own words, without the quote and the gateway's remarks. */
function wordsOf(block: EntryBlock): readonly string[] {
  if (block.kind === 'text') return [block.text];
  return block.kind === 'link' ? [block.label] : [];
}
