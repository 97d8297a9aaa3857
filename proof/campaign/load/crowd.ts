import type { FarSide } from '../far-side/far-side.ts';
import type { Told } from '../judge/records.ts';
import { tokenOf, tokenText } from '../judge/token.ts';
import { runCaller, sayOnce } from './caller.ts';
import { runAgent, runCustomer } from './people.ts';
import type { Party } from './scene.ts';

/** Everybody who talks: callers, customers, agents, and now and then somebody new. */
export interface Crowd {
  /** What callers were told, in its order. */
  readonly told: readonly Told[];
  /** Resolves with the time of the first 201 for a message that was begun after this one. */
  firstSentAfter(atMs: number): Promise<number>;
  /** Somebody new writes to each bot, and is written to. */
  welcome(): void;
  /** Everybody ends what is in hand. */
  leave(): Promise<void>;
}

export interface CrowdOptions {
  readonly farSide: FarSide;
  readonly gatewayUrl: string;
  readonly parties: readonly Party[];
}

const customerPaceMs = 400;
const agentPaceMs = 600;

export function gatherCrowd({ farSide, gatewayUrl, parties }: CrowdOptions): Crowd {
  const leaving = new AbortController();
  const { signal } = leaving;
  const told: Told[] = [];
  const waiting = new Set<(sentAtMs: number, askedAtMs: number) => void>();
  const onTold = (one: Told, askedAtMs: number) => {
    told.push(one);
    if (one.answer === 'sent') for (const look of [...waiting]) look(Date.now(), askedAtMs);
  };

  const talk = async ({ botId, key }: Party) => {
    const { chat_id: chatId } = await farSide.control<{ readonly chat_id: number }>('/telegram/chats', {
      bot_id: botId,
    });
    const text = tokenText('customer', chatId, 0);
    await farSide.control(`/telegram/chats/${botId}/${chatId}/text`, { text: `Good day, ${text}.` });
    const askedAtMs = Date.now();
    onTold(await sayOnce({ gatewayUrl, key, token: tokenOf('backend', chatId, 0), idempotent: true }), askedAtMs);
  };
  const newcomers: Promise<unknown>[] = [];

  const everybody = Promise.all(
    parties.flatMap((party) => [
      ...party.chatIds.flatMap((chatId) => {
        const person = { farSide, party, chatId, signal };
        return [
          runCaller({ gatewayUrl, key: party.key, chatId, signal, onTold }),
          runCustomer({ ...person, paceMs: customerPaceMs }),
          runAgent({ ...person, paceMs: agentPaceMs }),
        ];
      }),
    ]),
  );
  // Whoever fails is heard of when the crowd leaves.
  everybody.catch(() => undefined);

  return {
    told,
    firstSentAfter: (atMs) =>
      new Promise((resolve, reject) => {
        const look = (sentAtMs: number, askedAtMs: number) => {
          if (askedAtMs <= atMs) return;
          waiting.delete(look);
          resolve(sentAtMs);
        };
        waiting.add(look);
        everybody.catch(reject);
      }),
    welcome: () => void newcomers.push(...parties.map(talk)),
    async leave() {
      leaving.abort();
      await everybody;
      await Promise.all(newcomers);
    },
  };
}
