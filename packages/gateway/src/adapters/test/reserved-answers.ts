import { type TestChatPurpose, testChatPurpose, testSupergroupId } from '@chatferry/contract';

/** How Telegram answers every send to a reserved chat. */
export type ReservedAnswer =
  | { readonly kind: 'refuse'; readonly status: number; readonly description: string; readonly parameters?: object }
  /** It is carried out after this time. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** It is carried out, and the answer does not arrive. */
  | { readonly kind: 'lose-answer' };

/** Telegram's own words. */
const answers: Readonly<Record<TestChatPurpose, ReservedAnswer>> = {
  blocked: { kind: 'refuse', status: 403, description: 'Forbidden: bot was blocked by the user' },
  deactivated: { kind: 'refuse', status: 403, description: 'Forbidden: user is deactivated' },
  'not-started': {
    kind: 'refuse',
    status: 403,
    description: "Forbidden: bot can't initiate conversation with a user",
  },
  'not-found': { kind: 'refuse', status: 400, description: 'Bad Request: chat not found' },
  'rate-limited': {
    kind: 'refuse',
    status: 429,
    description: 'Too Many Requests: retry after 30',
    parameters: { retry_after: 30 },
  },
  slow: { kind: 'delay', delayMs: 3_000 },
  'no-answer': { kind: 'lose-answer' },
  'too-large': { kind: 'refuse', status: 413, description: 'Request Entity Too Large' },
  'no-rights': {
    kind: 'refuse',
    status: 400,
    description: 'Bad Request: not enough rights to send text messages to the chat',
  },
  migrated: {
    kind: 'refuse',
    status: 400,
    description: 'Bad Request: group chat was upgraded to a supergroup chat',
    parameters: { migrate_to_chat_id: Number(testSupergroupId) },
  },
};

/** Null for a chat that accepts everything. */
export function reservedAnswer(chatId: string): ReservedAnswer | null {
  const purpose = testChatPurpose(chatId);
  return purpose === undefined ? null : answers[purpose];
}
