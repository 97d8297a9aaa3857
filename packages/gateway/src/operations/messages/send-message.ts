import {
  findScheduleProblems,
  type Input,
  type Message,
  operations,
  parseMessage,
  type SendMessage,
  scheduleDaysMax,
  type Validation,
} from '@chatferry/contract';
import type { OpenWorkspace } from '../../engine/directory/directory.ts';
import type { StoreSlice } from '../../store/store.ts';
import { invalidValue } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { type ChosenSender, chooseSender } from '../send-telegram-interactive/choose-sender.ts';
import { type SendDeps, sendOnce } from '../send-telegram-interactive/send-once.ts';
import { sentAnswer } from '../send-telegram-interactive/sent-answer.ts';
import { asAccepted } from './as-accepted.ts';
import type { LinkTo } from './file-links.ts';
import { type PrepareDeps, prepareMessage } from './prepare-message.ts';
import { assertSchedule, readSchedule, type ScheduleDeps } from './read-schedule.ts';
import { showToSender } from './show-to-sender.ts';

export interface SendMessageDeps extends SendDeps, PrepareDeps, ScheduleDeps {
  readonly linkTo: LinkTo;
  readonly clock: SendDeps['clock'];
  readonly kind: SendDeps['kind'];
  readonly store: PrepareDeps['store'] & StoreSlice<{ readonly messages: 'read' }>;
}

const { method, path } = operations.sendMessage;

/**
 * Sends one message of any kind. The answer reports only what is already durable, as it was when the message was taken: a repetition
 * with the same Idempotency-Key gets the same bytes.
 */
export async function sendMessage(
  deps: SendMessageDeps,
  context: RequestContext,
  { body }: Pick<Input<'sendMessage'>, 'body'>,
): Promise<Message> {
  const { requestId, delivery, scope } = await sendOnce(deps, context, {
    route: `${method} ${path}`,
    body,
    channelId: body.channel_id,
    chatId: body.to,
    sendAt: readSchedule(body),
    assertTimely: () => assertSchedule(deps, body),
    chooseSender: (workspace) => chooseSenderOf(deps, workspace, body),
    prepare: (open) => prepareMessage(deps, open, body, context.requestId),
  });
  const messageId = delivery.kind === 'scheduled' ? delivery.messageId : sentAnswer(requestId, delivery, []).message_id;
  const record = await deps.store.messages.read(scope, messageId);
  if (!record) throw new Error(`message ${messageId} was taken but is not in the store`);
  return showToSender(context, asAccepted(record), deps.linkTo);
}

/** The answer has no warnings, so a sender of another kind of inbox is refused. */
async function chooseSenderOf(
  { inboxKinds }: SendMessageDeps,
  workspace: OpenWorkspace,
  { sender = {} }: SendMessage,
): Promise<ChosenSender> {
  const { displayName, senderField } = inboxKinds[workspace.record.inboxKind];
  const other = Object.keys(sender).find((field) => field !== senderField);
  if (other !== undefined)
    throw invalidValue(
      `/sender/${other}`,
      `sender.${other} must be left out: this workspace is connected to ${displayName}, and its field is ${senderField}.`,
    );
  return chooseSender(inboxKinds, workspace, sender, '/sender');
}

/** Lists every problem of a message, unknown fields included. Sends nothing. */
export async function validateMessage(
  { clock, messagesDays }: ScheduleDeps,
  _context: RequestContext,
  { body }: { readonly body: unknown },
): Promise<Validation> {
  const nowMs = clock.nowMs();
  const parsed = parseMessage(body, { nowMs });
  if (!parsed.ok) return { valid: false, problems: [...parsed.details] };
  const late = findScheduleProblems(parsed.value.send_at, nowMs, Math.min(scheduleDaysMax, messagesDays));
  return { valid: late.length === 0, problems: late.map(({ pointer, message }) => ({ pointer, message })) };
}
