import { join } from 'node:path';
import { sendsTo, straightToTelegram } from './load/sends.ts';
import type { Target } from './load/target.ts';
import type { CpuUse } from './measure/saturation.ts';
import { type Baseline, startBaseline } from './processes/baselines.ts';
import { type ConnectedBot, connectBot } from './processes/connected.ts';
import { type BenchGateway, startGateway } from './processes/gateway.ts';
import type { BenchSandbox } from './processes/sandbox.ts';
import { cpuSecondsOf } from './processes/usage.ts';

/** What the sends are measured on: the gateway and both baselines behind one simulated Telegram and one PostgreSQL. */
export interface Scene {
  readonly gateway: BenchGateway;
  readonly bot: ConnectedBot;
  readonly ours: Measured;
  readonly forwarder: Measured;
  readonly byHand: Measured;
  readonly straight: Target;
}

/** A target whose CPU time is known, with that of the database behind it. */
export interface Measured {
  readonly target: Target;
  readonly cpuSeconds: () => CpuUse;
}

export type Stoppable = { stop(): Promise<void> };

/** `keep` gets every process and stops it, also after a failure. */
export async function setScene(
  folder: string,
  sandbox: BenchSandbox,
  keep: <T extends Stoppable>(one: T) => T,
): Promise<Scene> {
  const gateway = keep(await startGateway({ dataDir: join(folder, 'sends'), sandbox, role: 'serve' }));
  const bot = await connectBot(gateway, sandbox);
  const { telegramRoot } = sandbox;
  const forwarder = keep(await startBaseline('forwarder', [telegramRoot, bot.botToken]));
  const byHand = keep(await startBaseline('by-hand', [telegramRoot, bot.botToken, String(gateway.connection.host)]));
  const { key } = bot;
  const baseline = (name: string, { pid, url }: Baseline): Measured => ({
    target: sendsTo({ name, url, key }),
    cpuSeconds: () => ({ ...gateway.cpuSeconds(), process: cpuSecondsOf(pid) }),
  });
  return {
    gateway,
    bot,
    ours: { target: sendsTo({ name: 'Chatferry', url: gateway.url, key }), cpuSeconds: gateway.cpuSeconds },
    forwarder: baseline('bare forwarder', forwarder),
    byHand: baseline('by hand (Express, grammY, pg)', byHand),
    straight: straightToTelegram(telegramRoot, bot.botToken),
  };
}
