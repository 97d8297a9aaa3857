import { createHash } from 'node:crypto';
import { callbackDataBytesMax } from '@chatferry/contract';
import type { InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup } from '@grammyjs/types';
import type { OutgoingReply } from '../../core/inbox/prepare-reply.ts';
import type { Control, Controls } from '../../core/message/content.ts';

const quickRepliesMax = 100;

/** The buttons under a reply: what the agent wrote, then the quick replies, a row each. */
export function controlsOfReply({ controls = { kind: 'none' }, quickReplies }: OutgoingReply): Controls {
  if (controls.kind !== 'none' && controls.kind !== 'buttons') return controls;
  const written = controls.kind === 'buttons' ? controls.rows : [];
  const offered = quickReplies
    .filter(({ label, value }) => label.trim() !== '' && value !== '')
    .slice(0, quickRepliesMax)
    .map(({ label, value }): readonly Control[] => [
      { label, action: { kind: 'quick-reply', value, data: callbackDataOf(value) } },
    ]);
  const rows = [...written, ...offered];
  return rows.length === 0 ? { kind: 'none' } : { kind: 'buttons', rows };
}

/** An answer that is too long for a button is replaced by its digest. */
const callbackDataOf = (value: string): string =>
  Buffer.byteLength(value) <= callbackDataBytesMax ? value : createHash('sha256').update(value).digest('base64url');

/** Telegram's form of a reply's buttons; null if there are none. */
export function markupOfReply(controls: Controls): InlineKeyboardMarkup | ReplyKeyboardMarkup | null {
  switch (controls.kind) {
    case 'buttons':
      return { inline_keyboard: controls.rows.map((row) => row.flatMap(inlineButton)) };
    case 'keyboard':
      // The inbox has no way to remove a keyboard again, so the keyboard folds once a key is pressed.
      return {
        keyboard: controls.rows.map((row) => row.map(replyKey)),
        resize_keyboard: true,
        one_time_keyboard: true,
      };
    default:
      return null;
  }
}

function inlineButton({ label, action }: Control): readonly InlineKeyboardButton[] {
  if (action.kind === 'link') return [{ text: label, url: action.url }];
  return action.kind === 'callback' || action.kind === 'quick-reply'
    ? [{ text: label, callback_data: action.data }]
    : [];
}

function replyKey({ label, action }: Control): KeyboardButton {
  if (action.kind === 'share-contact') return { text: label, request_contact: true };
  return action.kind === 'share-location' ? { text: label, request_location: true } : { text: label };
}
