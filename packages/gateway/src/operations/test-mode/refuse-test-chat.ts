import { isTestChat } from '@chatferry/contract';
import type { ChannelRecord } from '../../store/channels.ts';
import { ApiError } from '../api-error.ts';

/** The error for a send from a real channel to a chat that only test mode has; null for every other send. */
export function refuseTestChat({ updates }: Pick<ChannelRecord, 'updates'>, chatId: string): ApiError | null {
  if (updates === 'direct' || !isTestChat(chatId)) return null;
  const message = `The chat id ${chatId} is reserved for test mode, and this key sends to real chats. Use a key that begins with cf_test_ (POST /api/v1/test-mode makes one), or the chat id of a customer.`;
  return new ApiError('USER_NOT_FOUND', { message });
}
