import { hash } from 'node:crypto';
import type { CallbackQuery, Chat, Message, Update } from '@grammyjs/types';
import type { UpdateIdentity } from '../../ports/channel-kind.ts';
import { asId, asInteger, asObject, parseJson, type Untrusted } from './untrusted.ts';

/** Never throws, whatever the bytes. */
export function identify(raw: Buffer): UpdateIdentity {
  const update = asObject<Update>(parseJson(raw));
  if (update === null) return malformed('the body is not a JSON object', raw);
  const updateId = asInteger(update.update_id);
  if (updateId === null || updateId < 0) return malformed('update_id is missing or no integer', raw);
  const kind = kindOf(update);
  if (kind === null) return { updateId: String(updateId), chatId: null, kindOfUpdate: 'none', isAwaited: false };
  return {
    updateId: String(updateId),
    chatId: chatIdOf(update[kind]),
    kindOfUpdate: kind,
    isAwaited: kind === 'callback_query' || kind === 'inline_query',
  };
}

const malformed = (why: string, raw: Buffer): UpdateIdentity => ({
  malformed: why,
  fingerprint: hash('sha256', raw),
});

export type UpdateKind = Exclude<keyof Update, 'update_id'>;

/** Telegram: at most one kind in any update. The name may be of a kind that did not exist when this was written. */
export function kindOf(update: Untrusted<Update>): UpdateKind | null {
  for (const name of Object.keys(update)) {
    if (name !== 'update_id' && isName(name)) return name;
  }
  return null;
}

const isName = (name: string): name is UpdateKind => /^[a-z][a-z0-9_]{0,63}$/.test(name);

function chatIdOf(payload: unknown): string | null {
  const event = asObject<Message & CallbackQuery>(payload);
  const message = asObject<Message>(event?.message);
  const chat = asObject<Chat>(event?.chat) ?? asObject<Chat>(message?.chat);
  return asId(chat?.id);
}
