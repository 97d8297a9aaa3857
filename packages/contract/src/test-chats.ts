/**
 * The reserved chats of test mode. A send to one of them always ends in the same way, like a payment with a test card. Every other
 * chat of test mode accepts everything. The documents and the gateway read this table.
 */

export interface TestChat {
  readonly purpose: string;
  readonly chatId: string;
  /** What Telegram does here. */
  readonly happens: string;
  /** What the caller of a send sees, after the words "The send". */
  readonly caller: string;
}

/**
 * Telegram gives these ids to nothing: ids of users have at most 40 bits (TDLib td/telegram/UserId.h), and no id of a group is below
 * -4000000000000 (TDLib td/telegram/DialogId.h).
 */
const reserved = {
  blocked: {
    chatId: '9990000000001',
    happens: 'The customer has blocked the bot.',
    caller: 'fails with error 5.',
  },
  deactivated: {
    chatId: '9990000000002',
    happens: 'The customer has deleted their account.',
    caller: 'fails with error 5.',
  },
  'not-started': {
    chatId: '9990000000003',
    happens: 'The customer has never pressed Start.',
    caller: 'fails with error 3.',
  },
  'not-found': {
    chatId: '9990000000004',
    happens: 'The chat does not exist.',
    caller: 'fails with error 3.',
  },
  'rate-limited': {
    chatId: '9990000000005',
    happens: 'Telegram demands a wait of 30 seconds.',
    caller: 'fails with error 129, and `Retry-After` says how long to wait.',
  },
  slow: {
    chatId: '9990000000006',
    happens: 'Telegram answers after 3 seconds.',
    caller: 'succeeds after 3 seconds.',
  },
  'no-answer': {
    chatId: '9990000000007',
    happens: 'The message arrives, and the answer of Telegram is lost.',
    caller:
      'fails with error 154, and the state of the message is `unknown`. A tap on a button of the message makes it `sent`.',
  },
  'too-large': {
    chatId: '9990000000008',
    happens: 'The message is too large for Telegram.',
    caller: 'fails with error 5.',
  },
  'no-rights': {
    chatId: '-9990000000009',
    happens: 'A group in which the bot may not write.',
    caller: 'fails with error 5.',
  },
  migrated: {
    chatId: '-9990000000010',
    happens: 'A group that became a supergroup, with the id -9990000000011.',
    caller: 'succeeds: the gateway sends to the supergroup.',
  },
} as const satisfies Record<string, Omit<TestChat, 'purpose'>>;

/** What a reserved chat is for. */
export type TestChatPurpose = keyof typeof reserved;

/** The supergroup that the reserved group became. */
export const testSupergroupId = '-9990000000011';

/** Every reserved chat, in the order of the documents. */
export const testChats: readonly (TestChat & { readonly purpose: TestChatPurpose })[] = (
  Object.keys(reserved) as TestChatPurpose[]
).map((purpose) => ({ purpose, ...reserved[purpose] }));

const byId = new Map(testChats.map((chat) => [chat.chatId, chat.purpose]));

/** What this chat is reserved for. Undefined for every other chat. */
export const testChatPurpose = (chatId: string): TestChatPurpose | undefined => byId.get(chatId);

/** Whether only test mode has this chat. */
export const isTestChat = (chatId: string): boolean => byId.has(chatId) || chatId === testSupergroupId;
