import { setTimeout as sleep } from 'node:timers/promises';
import type { FarSide } from '../far-side/far-side.ts';
import type { FarRecord } from '../judge/records.ts';
import { type Speaker, type Token, tokenOf } from '../judge/token.ts';
import type { Party } from './scene.ts';

export interface PersonOptions {
  readonly farSide: FarSide;
  readonly party: Party;
  readonly chatId: number;
  readonly signal: AbortSignal;
  /** Resolves when the person may say the next thing. */
  readonly turn: () => Promise<void>;
  readonly paceMs: number;
}

/** How many messages people may be ahead of the gateway, so that an outage leaves work for seconds and not for hours. */
const aheadMax = 5;

/** A customer who writes to the bot again and again. */
export async function runCustomer({ farSide, party, chatId, signal, turn, paceMs }: PersonOptions): Promise<void> {
  for (let number = 0; !signal.aborted; await sleep(paceMs)) {
    await turn();
    if (number - newestOf(farSide, 'entry', 'customer', chatId) > aheadMax) continue;
    await writeAsCustomer(farSide, party, tokenOf('customer', chatId, number));
    number += 1;
  }
}

/** An agent who answers in the chat's conversation, once there is one. */
export async function runAgent({ farSide, party, chatId, signal, turn, paceMs }: PersonOptions): Promise<void> {
  for (let number = 0; !signal.aborted; await sleep(paceMs)) {
    await turn();
    const conversationId = conversationOf(farSide, chatId);
    if (conversationId === null || number - newestOf(farSide, 'sent', 'agent', chatId) > aheadMax) continue;
    await replyAsAgent(farSide, party, conversationId, tokenOf('agent', chatId, number));
    number += 1;
  }
}

/** The number of the newest message that has arrived there; -1 when none has. */
function newestOf(farSide: FarSide, what: FarRecord['what'], speaker: Speaker, chatId: number): number {
  const newest = farSide
    .journal()
    .findLast((record) => record.what === what && record.token.speaker === speaker && record.token.chatId === chatId);
  return newest?.token.number ?? -1;
}

export async function writeAsCustomer(farSide: FarSide, { botId }: Party, { chatId, text }: Token): Promise<void> {
  await farSide.control(`/telegram/chats/${botId}/${chatId}/text`, { text: `I ask about ${text}.` });
}

export async function replyAsAgent(
  farSide: FarSide,
  { inbox, accountId }: Party,
  conversationId: string,
  { text }: Token,
): Promise<void> {
  const said = `We look into ${text}.`;
  await (inbox === 'intercom'
    ? farSide.control(`/intercom/workspaces/${accountId}/conversations/${conversationId}/reply`, { body: said })
    : farSide.control(`/hubspot/portals/${accountId}/threads/${conversationId}/reply`, { text: said }));
}

/** The conversation of a chat in the inbox; null until its first entry. */
export function conversationOf(farSide: FarSide, chatId: number): string | null {
  for (const record of farSide.journal()) {
    if (record.what === 'entry' && record.token.chatId === chatId) return record.conversationId;
  }
  return null;
}
