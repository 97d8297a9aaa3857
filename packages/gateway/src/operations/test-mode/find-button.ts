import { canonicalJson, type Input } from '@chatferry/contract';
import type { Control } from '../../core/message/content.ts';
import type { ButtonPlace, ShownButton } from '../../ports/test-phones.ts';
import type { TestMessage } from '../../store/test-mode.ts';
import { ApiError } from '../api-error.ts';

type Asked = Input<'testTap'>['body'];

/**
 * The button that the caller means, as the chat shows it now. The label and the data that the message was sent with count too: the
 * provider may show another label, and have other data. Throws NOT_FOUND with the buttons that there are.
 */
export function findButton(shown: readonly ShownButton[], messages: readonly TestMessage[], asked: Asked): ButtonPlace {
  const sent = new Map(messages.map((message) => [message.channelMessageId, message]));
  const isAsked = (button: ShownButton): boolean => {
    const message = sent.get(button.channelMessageId);
    if (asked.message_id !== undefined && message?.messageId !== asked.message_id) return false;
    const control = message === undefined ? undefined : controlAt(message, button);
    if (asked.data === undefined) return button.label === asked.button || control?.label === asked.button;
    const data = control?.action.kind === 'callback' ? control.action.data : button.data;
    return data !== null && canonicalJson(data) === canonicalJson(asked.data);
  };
  const found = shown.find(isAsked);
  if (found !== undefined) return found;
  throw noSuchButton(shown, asked);
}

function controlAt({ content: { controls } }: TestMessage, { row, column }: ButtonPlace): Control | undefined {
  return 'rows' in controls ? controls.rows[row]?.[column] : undefined;
}

/** How many labels an error names. */
const namedMax = 10;

function noSuchButton(shown: readonly ShownButton[], { button, data, message_id: messageId }: Asked): ApiError {
  const labels = [...new Set(shown.map(({ label }) => `“${label}”`))].slice(0, namedMax);
  const what = data === undefined ? `the label “${button}”` : `the data ${canonicalJson(data)}`;
  const where = messageId === undefined ? 'This test chat' : `Message ${messageId}`;
  const others =
    labels.length === 0
      ? 'The chat shows no buttons: send it a message first.'
      : `The chat shows ${labels.join(', ')}.`;
  return new ApiError('NOT_FOUND', { message: `${where} shows no button with ${what}. ${others}` });
}
