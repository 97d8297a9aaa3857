import { describe, expect, it } from 'vitest';
import { DestinationUserId } from './interactive/send.ts';
import { isTestChat, testChatPurpose, testChats, testSupergroupId } from './test-chats.ts';

/** TDLib td/telegram/UserId.h and DialogId.h: what an id of a user has at most, and an id of a group at least. */
const userIdMax = 2 ** 40 - 1;
const groupIdMin = -4_000_000_000_000;

describe('the reserved chats of test mode', () => {
  it.each([...testChats.map(({ chatId }) => chatId), testSupergroupId])(
    '%s can be sent to, and Telegram has no such chat',
    (id) => {
      expect(DestinationUserId.safeParse(id).success).toBe(true);
      expect(Number(id) > userIdMax || Number(id) < groupIdMin).toBe(true);
      expect(isTestChat(id)).toBe(true);
    },
  );

  it('have one purpose each, and no other chat has one', () => {
    expect(new Set(testChats.map(({ chatId }) => chatId)).size).toBe(testChats.length);
    for (const { chatId, purpose } of testChats) expect(testChatPurpose(chatId)).toBe(purpose);
    expect(testChatPurpose('424242')).toBeUndefined();
    expect(isTestChat('424242')).toBe(false);
  });
});
