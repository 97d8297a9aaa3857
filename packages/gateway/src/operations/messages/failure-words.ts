import { channelName, type ErrorName, errorNamed, failureReasons, type Message } from '@chatferry/contract';
import type { FailureRecord } from '../../store/results.ts';

type RefusedFailure = Pick<FailureRecord, 'name' | 'reason' | 'why' | 'providerCode'>;

const isRefusal = ({ name }: RefusedFailure): boolean => name === 'TELEGRAM_REJECTED' || name === 'USER_NOT_FOUND';

/** Why a message was refused, for programs. Earlier versions stored it without a reason. Null if it was not refused. */
export const reasonOf = (failure: RefusedFailure) => (isRefusal(failure) ? (failure.why ?? 'refused') : null);

/** A sentence for the caller: why the message was refused and what can help. Undefined if it was not refused. */
export function refusalSentence(failure: RefusedFailure): string | undefined {
  const { reason: words, providerCode } = failure;
  const why = reasonOf(failure);
  if (why === null || failure.name === 'USER_NOT_FOUND') return undefined;
  // Telegram was not asked: the words are the gateway's own.
  if (providerCode === undefined) return `The message was not sent: ${words}.`;
  return why === 'refused'
    ? `${channelName} refused the message: ${words}. Change what it names, or ask the operator of the gateway.`
    : `${channelName} refused the message. ${failureReasons[why]}`;
}

/** The failure of a message as the API shows it. */
export function showFailure(failure: FailureRecord | null): Message['failure'] {
  if (failure === null) return null;
  const { code, retryable, message } = errorNamed(failure.name as ErrorName);
  const reason = reasonOf(failure);
  const sentence = refusalSentence(failure) ?? (reason === null ? failure.reason : message);
  return { code, name: failure.name, reason, detail: sentence, can_retry: retryable };
}
