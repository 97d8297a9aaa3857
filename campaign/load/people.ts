import { setTimeout as sleep } from 'node:timers/promises';
import type { FarSide } from '../far-side/far-side.ts';
import { tokenText } from '../judge/token.ts';
import type { Party } from './scene.ts';

export interface PersonOptions {
  readonly farSide: FarSide;
  readonly party: Party;
  readonly chatId: number;
  readonly signal: AbortSignal;
  readonly paceMs: number;
}

/** A customer who writes to the bot again and again. */
export async function runCustomer({ farSide, party, chatId, signal, paceMs }: PersonOptions): Promise<void> {
  for (let number = 0; !signal.aborted; number += 1) {
    const text = `I ask about ${tokenText('customer', chatId, number)}.`;
    await farSide.control(`/telegram/chats/${party.botId}/${chatId}/text`, { text });
    await sleep(paceMs);
  }
}

/** An agent who answers in the chat's conversation, once there is one. */
export async function runAgent({ farSide, party, chatId, signal, paceMs }: PersonOptions): Promise<void> {
  for (let number = 0; !signal.aborted; await sleep(paceMs)) {
    const conversationId = farSide
      .journal()
      .find((record) => record.what === 'entry' && record.token.chatId === chatId) as
      | { readonly conversationId: string }
      | undefined;
    if (conversationId === undefined) continue;
    const text = `We look into ${tokenText('agent', chatId, number)}.`;
    await reply(farSide, party, conversationId.conversationId, text);
    number += 1;
  }
}

function reply(farSide: FarSide, { inbox, accountId }: Party, conversationId: string, text: string): Promise<unknown> {
  return inbox === 'intercom'
    ? farSide.control(`/intercom/workspaces/${accountId}/conversations/${conversationId}/reply`, { body: text })
    : farSide.control(`/hubspot/portals/${accountId}/threads/${conversationId}/reply`, { text });
}
