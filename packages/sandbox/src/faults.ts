import type { FastifyReply } from 'fastify';
import type { SandboxClock } from './clock.ts';

/** An answer of a provider's server. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** True for an answer with content of a test. */
  readonly planted?: boolean;
}

/**
 * The effect of a fault. `before`: the provider did not carry out the call. `after`: it did. The caller cannot tell the
 * two apart.
 */
export type Effect =
  | { readonly kind: 'answer-before'; readonly answer: Answer }
  | { readonly kind: 'answer-after'; readonly answer: Answer }
  | { readonly kind: 'reset-before' }
  | { readonly kind: 'reset-after' }
  | { readonly kind: 'hang-before' }
  | { readonly kind: 'hang-after' }
  | { readonly kind: 'truncate-after' }
  | { readonly kind: 'delay-before'; readonly delayMs: number }
  | { readonly kind: 'delay-after'; readonly delayMs: number };

export interface Fault {
  readonly provider: 'telegram' | 'intercom' | 'hubspot';
  /** A Bot API method (`sendMessage`), or an operation of an inbox as `VERB /path/{name}`; `*` for all. */
  readonly operation: string;
  /** Only calls about this chat, contact or conversation. */
  readonly subject?: string;
  /** The number of calls that the fault affects. */
  readonly times: number;
  readonly effect: Effect;
}

export interface Call {
  readonly provider: Fault['provider'];
  readonly operation: string;
  readonly subject?: string | undefined;
}

export interface Faults {
  inject(fault: Fault): void;
  clear(): void;
  list(): readonly Fault[];
  /** The calls that hang now: the caller waits, and has not given up. */
  hanging(): readonly Call[];
  /** Resets the connections of all calls that hang. */
  endHanging(): void;
  /** Runs `handle` under the first matching fault, and writes the answer to `reply`. */
  guard(call: Call, reply: FastifyReply, handle: () => Answer | Promise<Answer>): Promise<void>;
  /** True if the answer is that of a fault, or has content of a test. */
  isPlanted(reply: FastifyReply): boolean;
}

export function createFaults(clock: SandboxClock): Faults {
  let faults: Fault[] = [];
  const held = new Map<Call, FastifyReply>();

  /** Accepts the call and never answers it. */
  const hang = (call: Call, reply: FastifyReply): void => {
    reply.hijack();
    held.set(call, reply);
    reply.raw.once('close', () => held.delete(call));
  };
  const planted = new WeakSet<FastifyReply>();

  const takeEffect = (call: Call): Effect | undefined => {
    const index = faults.findIndex(
      (fault) =>
        fault.provider === call.provider &&
        (fault.operation === '*' || fault.operation === call.operation) &&
        (fault.subject === undefined || fault.subject === call.subject),
    );
    const fault = faults[index];
    if (!fault) return undefined;
    faults = faults.flatMap((other, at) =>
      at !== index ? [other] : other.times > 1 ? [{ ...other, times: other.times - 1 }] : [],
    );
    return fault.effect;
  };

  const plant = (reply: FastifyReply, answer: Answer): void => {
    planted.add(reply);
    write(reply, answer);
  };
  const pause = (delayMs: number) => new Promise<void>((resolve) => clock.after(delayMs, resolve));

  return {
    inject(fault) {
      faults.push(fault);
    },
    clear() {
      faults = [];
    },
    list: () => faults,
    hanging: () => [...held.keys()],
    endHanging() {
      for (const reply of held.values()) reply.raw.socket?.resetAndDestroy();
    },
    isPlanted: (reply) => planted.has(reply),
    async guard(call, reply, handle) {
      const effect = takeEffect(call);
      if (effect?.kind === 'answer-before') return plant(reply, effect.answer);
      if (effect?.kind === 'reset-before') return reset(reply);
      if (effect?.kind === 'hang-before') return hang(call, reply);
      if (effect?.kind === 'delay-before') await pause(effect.delayMs);
      const answer = await handle();
      if (answer.planted) planted.add(reply);
      if (effect?.kind === 'answer-after') return plant(reply, effect.answer);
      if (effect?.kind === 'reset-after') return reset(reply);
      if (effect?.kind === 'hang-after') return hang(call, reply);
      if (effect?.kind === 'truncate-after') return truncate(reply, answer);
      if (effect?.kind === 'delay-after') await pause(effect.delayMs);
      write(reply, answer);
    },
  };
}

function write(reply: FastifyReply, answer: Answer): void {
  void reply
    .code(answer.status)
    .headers(answer.headers ?? {})
    .send(answer.body);
}

function reset(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
}

function truncate(reply: FastifyReply, answer: Answer): void {
  reply.hijack();
  const body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(JSON.stringify(answer.body));
  reply.raw.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': body.length });
  reply.raw.write(body.subarray(0, Math.floor(body.length / 2)), () => reply.raw.socket?.destroy());
}
