import { setTimeout as sleep } from 'node:timers/promises';
import type { FarSide } from '../far-side/far-side.ts';
import { tokenOf } from '../judge/token.ts';
import { sayOnce } from '../load/caller.ts';
import { replyAsAgent, writeAsCustomer } from '../load/people.ts';
import type { Party } from '../load/scene.ts';
import type { Field } from './field.ts';
import { type ErrandName, errandNames } from './waits.ts';

/** The chats of one bot, each with a customer. */
export interface Chats {
  readonly party: Party;
  readonly chatIds: readonly number[];
}

const openLimitMs = 120_000;

/** New customers of a bot, who have not written yet. */
export async function newChats({ farSide }: Field, party: Party, count: number): Promise<Chats> {
  const chatIds: number[] = [];
  while (chatIds.length < count) {
    const chat = await farSide.control<{ readonly chat_id: number }>('/telegram/chats', {
      bot_id: party.botId,
      started: false,
    });
    chatIds.push(chat.chat_id);
  }
  return { party, chatIds };
}

/** Each customer writes once; resolves when each has a conversation. */
export async function openConversations({ farSide }: Field, { party, chatIds }: Chats): Promise<void> {
  for (const chatId of chatIds) await writeAsCustomer(farSide, party, tokenOf('customer', chatId, 0));
  const deadlineMs = performance.now() + openLimitMs;
  for (;;) {
    const conversations = conversationsIn(farSide);
    if (chatIds.every((chatId) => conversations.has(chatId))) return;
    if (performance.now() > deadlineMs) throw new Error('not every customer got a conversation');
    await sleep(100);
  }
}

/** The conversation of each chat that has one. */
export function conversationsIn(farSide: FarSide): ReadonlyMap<number, string> {
  const conversations = new Map<number, string>();
  for (const record of farSide.journal()) {
    if (record.what === 'entry') conversations.set(record.token.chatId, record.conversationId);
  }
  return conversations;
}

/** A picture of one point. */
const picture = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

export async function sendPhoto({ farSide }: Field, { botId }: Party, chatId: number, number: number): Promise<void> {
  const { text } = tokenOf('customer', chatId, number);
  await farSide.control(`/telegram/chats/${botId}/${chatId}/file`, {
    kind: 'photo',
    content_base64: picture,
    caption: `I ask about ${text}.`,
  });
}

/** Begins one errand in a chat. Resolves when it has begun; an answer to a caller is added to what was told. */
export async function beginErrand(
  field: Field,
  party: Party,
  { name, chatId, number }: { readonly name: ErrandName; readonly chatId: number; readonly number: number },
): Promise<void> {
  const { farSide, gatewayUrl, told } = field;
  if (name === 'words') return writeAsCustomer(farSide, party, tokenOf('customer', chatId, number));
  if (name === 'copy') {
    const token = tokenOf('backend', chatId, number);
    told.push(await sayOnce({ gatewayUrl, key: party.key, token, idempotent: true }));
    return;
  }
  const conversationId = conversationsIn(farSide).get(chatId);
  if (conversationId === undefined) throw new Error(`chat ${chatId} has no conversation`);
  await replyAsAgent(farSide, party, conversationId, tokenOf('agent', chatId, number));
}

/** Between two errands of one place. A chat gets few enough of them to stay below its limit. */
const paceMs = 60;

/** Lets all kinds of errands begin in turn, in one chat after the other. Resolves when the last one has begun. */
export async function keepBusy(field: Field, { party, chatIds }: Chats, forMs: number): Promise<void> {
  const begun: Promise<void>[] = [];
  const endMs = performance.now() + forMs;
  for (let count = 0; performance.now() < endMs; count += 1) {
    const round = Math.floor(count / chatIds.length);
    const chatId = chatIds[count % chatIds.length] ?? 0;
    const name = errandNames[(count + round) % errandNames.length] ?? 'words';
    begun.push(beginErrand(field, party, { name, chatId, number: round + 1 }));
    await sleep(paceMs);
  }
  await Promise.all(begun);
}
