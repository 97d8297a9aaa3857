import type { OutboundContent } from '../message/content.ts';
import type { InboundEvent } from '../message/inbound.ts';
import { excerptOf } from './excerpt.ts';

/**
 * A tap with what we know of the message whose button it was. Telegram: of a message that is too old, or that the
 * customer's app does not show any more, it gives the id alone.
 */
export function tapOn(event: InboundEvent, sent: OutboundContent): InboundEvent {
  const { content, answers, chat } = event;
  if (content.kind !== 'tap' || answers === null) return event;
  return {
    ...event,
    chat: { ...chat, topicId: chat.topicId ?? sent.topicId ?? null },
    content: { ...content, label: content.label ?? labelOf(sent, content.data) },
    answers: { ...answers, excerpt: answers.excerpt || (excerptOf(sent) ?? '') },
  };
}

/** Whether Telegram gave the tapped message without its words. */
export const isTapOnUnknown = ({ content, answers }: InboundEvent): boolean =>
  content.kind === 'tap' && answers !== null && (content.label === null || answers.excerpt === '');

function labelOf({ controls }: OutboundContent, data: string): string | null {
  if (controls.kind !== 'buttons') return null;
  const tapped = controls.rows.flat().find(({ action }) => action.kind === 'callback' && action.data === data);
  return tapped?.label ?? null;
}
