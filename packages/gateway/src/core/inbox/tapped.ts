import type { OutboundContent } from '../message/content.ts';
import type { Answered, InboundEvent } from '../message/inbound.ts';
import { excerptOf } from './excerpt.ts';

/**
 * Completes a tap from the stored message of its button. Telegram: for a message that is too old, or that the customer's app
 * no longer shows, it gives only the id.
 */
export function completeTap(event: InboundEvent, sent: OutboundContent): InboundEvent {
  const { content, answers, chat } = event;
  if (content.kind !== 'tap' || answers === null) return event;
  return {
    ...event,
    chat: { ...chat, topicId: chat.topicId ?? sent.topicId ?? null },
    content: { ...content, label: content.label ?? labelOf(sent, content.data) },
    answers: hasNoWords(answers) ? { ...answers, excerpt: excerptOf(sent) ?? '' } : answers,
  };
}

/** Whether Telegram gave the tapped message without its words. */
export const isTapWithoutMessage = ({ content, answers }: InboundEvent): boolean =>
  content.kind === 'tap' && answers !== null && (content.label === null || hasNoWords(answers));

const hasNoWords = ({ excerpt, noun }: Answered): boolean => excerpt === '' && noun === undefined;

function labelOf({ controls }: OutboundContent, data: string): string | null {
  if (controls.kind !== 'buttons') return null;
  const tapped = controls.rows.flat().find(({ action }) => action.kind === 'callback' && action.data === data);
  return tapped?.label ?? null;
}
