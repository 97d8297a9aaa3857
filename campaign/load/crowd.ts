import type { FarSide } from '../far-side/far-side.ts';
import type { Told } from '../judge/records.ts';
import { tokenOf, tokenText } from '../judge/token.ts';
import { runCaller, sayOnce } from './caller.ts';
import { runAgent, runCustomer } from './people.ts';
import type { Party } from './scene.ts';

/** Everybody who talks: callers, customers, agents, and now and then somebody new. */
export interface Crowd {
  /** What callers were told, in its order, with the time. */
  readonly told: readonly (Told & { readonly atMs: number })[];
  /** Resolves with the time of the first 201 after this one. */
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
  const told: (Told & { readonly atMs: number })[] = [];
  const waiting = new Set<() => void>();
  const onTold = (one: Told) => {
    told.push({ ...one, atMs: Date.now() });
    for (const look of [...waiting]) look();
  };

  const talk = async ({ botId, key }: Party) => {
    const { chat_id: chatId } = await farSide.control<{ readonly chat_id: number }>('/telegram/chats', {
      bot_id: botId,
    });
    const text = tokenText('customer', chatId, 0);
    await farSide.control(`/telegram/chats/${botId}/${chatId}/text`, { text: `Good day, ${text}.` });
    onTold(await sayOnce({ gatewayUrl, key, token: tokenOf('backend', chatId, 0), idempotent: true }));
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
        const look = () => {
          const first = told.findLast(({ answer, atMs: then }) => answer === 'sent' && then > atMs);
          if (first === undefined) return;
          waiting.delete(look);
          resolve(first.atMs);
        };
        waiting.add(look);
        everybody.catch(reject);
        look();
      }),
    welcome: () => void newcomers.push(...parties.map(talk)),
    async leave() {
      leaving.abort();
      await everybody;
      await Promise.all(newcomers);
    },
  };
}
