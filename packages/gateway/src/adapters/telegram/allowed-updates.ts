import type { UpdateKind } from './identify.ts';

/** What we ask Telegram for, by webhook and by polling alike: what `decode` understands, and nothing else. */
export const allowedUpdates = [
  'message',
  'edited_message',
  'callback_query',
  'inline_query',
  'my_chat_member',
] as const satisfies readonly UpdateKind[];
