import { fileURLToPath } from 'node:url';
import { callJson } from '@chatferry/testkit/processes/call-json';
import { startNodeProcess } from '@chatferry/testkit/processes/node-process';

export interface BenchSandbox {
  readonly url: string;
  readonly telegramRoot: string;
  readonly intercomUrl: string;
  /** A bot that may write to every user. */
  createBot(): Promise<{ readonly id: number; readonly token: string }>;
  /** An Intercom workspace without a rate limit. */
  createIntercom(): Promise<{ readonly accessToken: string }>;
  setLatency(latencyMs: number): Promise<void>;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('../../../packages/sandbox/dist/main.js', import.meta.url));

/** The simulated providers in a process of their own; Telegram keeps no transcript. */
export async function startSandbox(): Promise<BenchSandbox> {
  const child = startNodeProcess({
    name: 'The sandbox',
    args: [program, '--port', '0', '--lean'],
    env: { NODE_ENV: 'production' },
  });
  const url = await child.waitForLine((line) => /^Sandbox +(\S+?)\/?$/.exec(line)?.[1] ?? null);
  const control = `${url}/control`;
  return {
    url,
    telegramRoot: `${url}/telegram`,
    intercomUrl: `${url}/intercom`,
    createBot: () => callJson<{ id: number; token: string }>(`${control}/telegram/bots`, { accepts_any_chat: true }),
    async createIntercom() {
      const made = await callJson<{ access_token: string }>(`${control}/intercom/workspaces`, {
        options: { rateLimitPer10s: null },
      });
      return { accessToken: made.access_token };
    },
    async setLatency(latencyMs) {
      await callJson(`${control}/telegram/latency`, { latencyMs });
    },
    stop: child.stop,
  };
}
