import type { OutboundContent } from '../message/content.ts';
import type { InboundEvent } from '../message/inbound.ts';
import type { EntryBlock } from './entry.ts';
import { bodyOfInbound } from './inbound-body.ts';

/** In code points. */
const excerptMax = 200;

/** The beginning of what a message says, so that a person can tell which one it is; null where it has no words. */
export function excerptOf(content: OutboundContent | InboundEvent): string | null {
  const words = 'author' in content ? bodyOfInbound(content, null).blocks.flatMap(wordsOf).join('\n') : content.text;
  // A code point is one or two units: no more than these are looked at.
  const excerpt = [...words.trim().slice(0, 2 * excerptMax)].slice(0, excerptMax).join('');
  return excerpt === '' ? null : excerpt;
}

/** What the customer said, without what it answers and what we remark. */
function wordsOf(block: EntryBlock): readonly string[] {
  if (block.kind === 'text') return [block.text];
  return block.kind === 'link' ? [block.label] : [];
}
