import type { Message } from '@chatferry/contract';
import type { MessageRecord } from '../../store/messages.ts';
import type { RequestContext } from '../context.ts';
import type { LinkTo } from './file-links.ts';
import { showMessage } from './show-message.ts';

const mayRead = ({ principal }: RequestContext): boolean => principal?.permissions.has('read') === true;

/** Whether the caller may learn of the message by changing it: a key that may only send has what backends sent. */
export const mayChange = (context: RequestContext, { origin }: MessageRecord): boolean =>
  mayRead(context) || origin === 'api';

/** The message for the caller that sent or changed it. A key that may only send gets no words and no taps of the customer. */
export function showToSender(context: RequestContext, record: MessageRecord, linkTo: LinkTo): Message {
  const message = showMessage(record, linkTo);
  if (mayRead(context)) return message;
  return { ...message, taps: [], reply_to: message.reply_to && { ...message.reply_to, text: null } };
}
