import { type Input, operations, type Sent } from '@chatferry/contract';
import type { RequestContext } from '../context.ts';
import { chooseSender } from './choose-sender.ts';
import { type SendDeps, sendOnce } from './send-once.ts';
import { sentAnswer } from './sent-answer.ts';

const { method, path } = operations.sendTelegramInteractive;

/** Sends one interactive message. The answer reports only what is already durable. */
export async function sendTelegramInteractive(
  deps: SendDeps,
  context: RequestContext,
  { body }: Pick<Input<'sendTelegramInteractive'>, 'body'>,
): Promise<Sent> {
  const chatId = body.destination_user_id;
  const { requestId, delivery, warnings } = await sendOnce(deps, context, {
    route: `${method} ${path}`,
    body,
    channelId: body.channel_id,
    chatId,
    chooseSender: (workspace) => chooseSender(deps.inboxKinds, workspace, body),
    prepare: () => deps.kind.encode(chatId, body.telegram_interactive_message),
  });
  if (delivery.kind === 'scheduled') throw new Error('An interactive message is never scheduled.');
  return sentAnswer(requestId, delivery, warnings);
}
