import type { Message, User } from '@grammyjs/types';
import { asId, asObject, type Untrusted } from './untrusted.ts';

/** More people than one message can name by hand. */
const peopleMax = 100;
/** Deeper than what is shown of a rich message, in which each level is a list and an object. */
const depthMax = 80;

/** These name the author, the chat, or what is answered, which has its own place. */
const elsewhere: ReadonlySet<string> = new Set([
  'from',
  'chat',
  'sender_chat',
  'via_bot',
  'reply_to_message',
  'external_reply',
  'quote',
] satisfies (keyof Message)[]);

/**
 * The ids of all people in a message except its author: wherever a field has a user or a `user_id`, in fields that are unknown
 * too.
 */
export function concernedPeople(message: Untrusted<Message>, authorId: string): readonly string[] {
  const found = new Set<string>();
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > depthMax || found.size >= peopleMax) return;
    const id = personId(value);
    if (id !== null && id !== authorId) found.add(id);
    for (const inner of Object.values(value)) visit(inner, depth + 1);
  };
  for (const [field, value] of Object.entries(message)) if (!elsewhere.has(field)) visit(value, 0);
  return [...found];
}

/** The id of a user that is no bot; null for anything else. */
export function personId(value: unknown): string | null {
  const user = asObject<User & { user_id: number }>(value);
  if (user === null || user.is_bot === true) return null;
  return asId(user.user_id) ?? (user.first_name === undefined ? null : asId(user.id));
}
