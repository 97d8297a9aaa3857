import type { Customer } from '@chatferry/testkit/rigs/rig';
import { expect } from 'vitest';
import type { AgentsDesk } from './agents-desk.ts';
import type { SeenConversation } from './desk.ts';
import { eventually } from './eventually.ts';
import { keyboardRemoval } from './keyboard-removal.ts';

/** A customer who has nothing to do with what goes wrong for others. */
export interface Stranger {
  /**
   * The customer writes, the company's backend sends, and an agent answers, all at once. Resolves once all three have
   * arrived.
   */
  isServed(): Promise<void>;
}

/** Longer than calls hang: what counts is what comes first. */
export const patienceMs = 90_000;

/** A new customer whose conversation is open. */
export async function newStranger(desk: AgentsDesk): Promise<Stranger> {
  const { telegram } = desk.rig.sandbox;
  const customer = desk.customer();
  telegram.text(customer.at, { text: 'A stranger’s first words' });
  const { id } = await eventually(() => conversationWith(desk, 'A stranger’s first words'));
  return {
    async isServed() {
      telegram.text(customer.at, { text: 'A stranger’s words' });
      const sent = desk.send(customer, keyboardRemoval('A copied message'));
      answerIn(desk, id, 'An agent’s answer');
      await sent;
      await eventually(() => {
        const texts = conversationWith(desk, 'A stranger’s first words').entries.map(({ text }) => text);
        expect(texts).toContain('A stranger’s words');
        expect(texts.filter((text) => text.startsWith('A copied message'))).toHaveLength(1);
        expect(sentTo(desk, customer)).toContain('An agent’s answer');
      }, patienceMs);
    },
  };
}

const sentTo = (desk: AgentsDesk, { at }: Pick<Customer, 'at'>) =>
  desk.rig.sandbox.telegram.sent(at).map(({ text }) => text);

export function conversationWith(desk: AgentsDesk, words: string): SeenConversation {
  const found = desk.conversations().find(({ entries }) => entries.some(({ text }) => text === words));
  if (!found) throw new Error(`no conversation has “${words}”`);
  return found;
}

/** An agent answers in any conversation of the desk. */
export function answerIn({ rig, kind, accountId }: AgentsDesk, conversationId: string, text: string): void {
  const { intercom, hubspot } = rig.sandbox;
  if (kind === 'intercom') intercom.reply(accountId, conversationId, { body: `<p>${text}</p>` });
  else hubspot.reply(accountId, conversationId, { text, rich_text: `<p>${text}</p>` });
}
