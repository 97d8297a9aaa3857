import { join } from 'node:path';
import { sendsTo, straightToTelegram } from './load/sends.ts';
import type { Target } from './load/target.ts';
import { startBaseline } from './processes/baselines.ts';
import { type ConnectedBot, connectBot } from './processes/connected.ts';
import { type BenchGateway, startGateway } from './processes/gateway.ts';
import type { BenchSandbox } from './processes/sandbox.ts';

/** What the sends are measured on: the gateway and both baselines behind one simulated Telegram and one PostgreSQL. */
export interface Scene {
  readonly gateway: BenchGateway;
  readonly bot: ConnectedBot;
  readonly ours: Target;
  readonly forwarder: Target;
  readonly byHand: Target;
  readonly straight: Target;
}

export type Stoppable = { stop(): Promise<void> };

/** `keep` is told of every process, so that it is stopped whatever happens. */
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
  return {
    gateway,
    bot,
    ours: sendsTo({ name: 'Chatferry', url: gateway.url, key }),
    forwarder: sendsTo({ name: 'bare forwarder', url: forwarder.said, key }),
    byHand: sendsTo({ name: 'by hand (Express, grammY, pg)', url: byHand.said, key }),
    straight: straightToTelegram(telegramRoot, bot.botToken),
  };
}
