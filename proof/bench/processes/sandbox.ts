import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';
import { json } from './json-call.ts';

export interface BenchSandbox {
  readonly url: string;
  readonly telegramRoot: string;
  readonly intercomUrl: string;
  /** A bot that may write to anybody. */
  createBot(): Promise<{ readonly id: number; readonly token: string }>;
  /** An Intercom workspace without a rate limit. */
  createIntercom(): Promise<{ readonly accessToken: string }>;
  setLatency(latencyMs: number): Promise<void>;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('../../../packages/sandbox/dist/main.js', import.meta.url));

/** The simulated providers in a process of their own; Telegram keeps no transcript. */
export async function startSandbox(): Promise<BenchSandbox> {
  const child = await startChild({
    name: 'the sandbox',
    args: [program, '--port', '0', '--lean'],
    ready: (line) => /^Sandbox +(\S+?)\/?$/.exec(line)?.[1] ?? null,
  });
  const url = child.said;
  const control = `${url}/control`;
  return {
    url,
    telegramRoot: `${url}/telegram`,
    intercomUrl: `${url}/intercom`,
    createBot: () => json<{ id: number; token: string }>(`${control}/telegram/bots`, { accepts_any_chat: true }),
    async createIntercom() {
      const made = await json<{ access_token: string }>(`${control}/intercom/workspaces`, {
        options: { rateLimitPer10s: null },
      });
      return { accessToken: made.access_token };
    },
    async setLatency(latencyMs) {
      await json(`${control}/telegram/latency`, { latencyMs });
    },
    stop: child.stop,
  };
}
