import type { TextSpan } from '@chatferry/contract';
import type { MessageEntity } from '@grammyjs/types';
import { entityOf } from './entities.ts';

/** Formatting that the contract has read, as Telegram's entities. Nothing of it is left out: the contract refused what Telegram would. */
export const entitiesOfText = (spans: readonly TextSpan[]): MessageEntity[] => spans.map(entityOfText);

function entityOfText(span: TextSpan): MessageEntity {
  const place = { offset: span.start, length: span.end - span.start };
  if (span.kind === 'emoji') return { type: 'custom_emoji', custom_emoji_id: span.emojiId, ...place };
  if (span.kind === 'style' && span.isExpandable === true) return { type: 'expandable_blockquote', ...place };
  return entityOf(span);
}
