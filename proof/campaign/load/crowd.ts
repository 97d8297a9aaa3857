import type { FarSide } from '../far-side/far-side.ts';
import type { CallerAnswer } from '../judge/records.ts';
import { tokenOf, tokenText } from '../judge/token.ts';
import { runCaller, sayOnce } from './caller.ts';
import { runAgent, runCustomer } from './people.ts';
import type { Party } from './scene.ts';

/** All who talk: callers, customers, agents, and now and then a new customer. */
export interface Crowd {
  /** The answers that callers got, in order. */
  readonly told: readonly CallerAnswer[];
  /** Resolves with the time of the first 201 for a message that was begun after this one. */
  firstSentAfter(atMs: number): Promise<number>;
  /** A new customer writes to each bot, and gets a message. */
  welcome(): void;
  /** All finish what they are saying, and say nothing else until `work` has ended. */
  listenDuring<T>(work: () => Promise<T>): Promise<T>;
  /** All finish what they are doing. */
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
  const told: CallerAnswer[] = [];
  let silence: Promise<unknown> = Promise.resolve();
  const turn = async (): Promise<void> => void (await silence);
  const waiting = new Set<(sentAtMs: number, askedAtMs: number) => void>();
  const onAnswer = (one: CallerAnswer, askedAtMs: number) => {
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
    onAnswer(await sayOnce({ gatewayUrl, key, token: tokenOf('backend', chatId, 0), idempotent: true }), askedAtMs);
  };
  const newcomers: Promise<unknown>[] = [];

  const allRuns = Promise.all(
    parties.flatMap((party) => [
      ...party.chatIds.flatMap((chatId) => {
        const person = { farSide, party, chatId, signal, turn };
        return [
          runCaller({ gatewayUrl, key: party.key, chatId, signal, turn, onAnswer }),
          runCustomer({ ...person, paceMs: customerPaceMs }),
          runAgent({ ...person, paceMs: agentPaceMs }),
        ];
      }),
    ]),
  );
  // A failure is reported when the crowd leaves.
  allRuns.catch(() => undefined);

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
        allRuns.catch(reject);
      }),
    welcome: () => void newcomers.push(...parties.map(talk)),
    listenDuring(work) {
      const done = work();
      silence = done.catch(() => undefined);
      return done;
    },
    async leave() {
      leaving.abort();
      await allRuns;
      await Promise.all(newcomers);
    },
  };
}
