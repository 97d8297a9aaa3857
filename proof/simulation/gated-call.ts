import { createAccountGate } from '@chatferry/gateway/internal/adapters/account-gate';
import { notAsked, type Reply } from '@chatferry/gateway/internal/adapters/json-answer';
import type { Clock } from '@chatferry/gateway/internal/ports/clock';
import type { Owner } from './event-queue.ts';
import { type Call, callLimitMs } from './inbox-call.ts';
import type { InboxServer } from './inbox-server.ts';
import { startOfTimeMs, type World } from './world.ts';

/** A call as the adapters make it: through the gate, which holds calls back while the inbox does not answer. */
export function createGatedCall(world: World, owner: Owner, server: InboxServer, onAnswer?: () => void): Call {
  const gate = createAccountGate(clockOf(world), onAnswer);
  return async (name, ambiguous, work) => {
    let outcome: Awaited<ReturnType<typeof work>> | null = null;
    const carryOut = () => {
      outcome = work();
    };
    const reply = await gate.pass(
      () => askServer(world, owner, server, name, carryOut),
      () => null,
    );
    if (reply.kind === 'answered' && reply.status === 200 && outcome !== null) return outcome;
    if (reply.kind === 'not-written') return notAsked(reply);
    const detail = 'detail' in reply ? reply.detail : '503';
    return ambiguous === 'uncertain'
      ? { kind: 'uncertain', detail }
      : { kind: 'deferred', retryAfterMs: null, detail, unanswered: true };
  };
}

function askServer(
  world: World,
  owner: Owner,
  server: InboxServer,
  name: string,
  carryOut: () => void,
): Promise<Reply> {
  const { kernel, dice } = world;
  return new Promise((resolve) => {
    const answer = (reply: Reply, delayMs = world.latencyMs()): void => {
      kernel.after(delayMs, owner, `inbox says ${reply.kind}`, () => resolve(reply));
    };
    kernel.after(world.latencyMs(), null, name, () => {
      if (server.isDown) return answer(dice.chance(0.5) ? answered(503) : refused);
      if (server.hangs) {
        world.count('inbox hangs');
        if (dice.chance(0.5)) carryOut();
        return answer({ kind: 'uncertain', detail: 'no answer in time' }, callLimitMs);
      }
      carryOut();
      server.answeredAtMs ??= kernel.nowMs();
      answer(answered(200));
    });
  });
}

const answered = (status: number): Reply => ({ kind: 'answered', status, headers: {}, json: undefined });
const refused: Reply = { kind: 'not-written', detail: 'ECONNREFUSED' };

/** The gate looks at the time, and never sleeps. */
const clockOf = ({ kernel }: World): Clock => ({
  nowMs: () => startOfTimeMs + kernel.nowMs(),
  monotonicMs: kernel.nowMs,
  sleep: () => Promise.reject(new Error('the gate does not sleep')),
});
