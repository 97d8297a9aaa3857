import type { Input, Message } from '@chatferry/contract';
import type { FailureRecord } from '../../store/results.ts';
import type { StoreSlice } from '../../store/store.ts';
import { invalidValue } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import type { LinkTo } from './file-links.ts';
import { noSuchMessage, showMessage } from './show-message.ts';

export interface ResolveMessageDeps {
  readonly linkTo: LinkTo;
  readonly store: StoreSlice<{ readonly messages: 'readAny'; readonly resolutions: 'resolve' }>;
  /** Called when the inbox has work. */
  readonly onResolved: () => void;
}

/** Stores a person's decision on whether a message of unknown outcome was delivered. */
export async function resolveMessage(
  { store, linkTo, onResolved }: ResolveMessageDeps,
  _context: RequestContext,
  { params: { message_id: messageId }, body: { state, note } }: Input<'resolveMessage'>,
): Promise<Message> {
  const isResolved = await store.resolutions.resolve(
    messageId,
    { state, by: 'admin', note },
    state === 'sent' ? null : failureOf(note),
  );
  const record = await store.messages.readAny(messageId);
  if (!record) throw noSuchMessage();
  if (!isResolved) {
    throw invalidValue(
      '#/params/message_id',
      `message_id must be that of a message whose state is unknown; message ${messageId} is ${record.state}, and that is final.`,
    );
  }
  onResolved();
  return showMessage(record, linkTo);
}

/** This failure releases the Idempotency-Key, so that the caller may send the message again. */
const failureOf = (note: string): FailureRecord => ({
  name: 'UNAVAILABLE',
  reason: `resolved by the administrator: ${note}`,
});
