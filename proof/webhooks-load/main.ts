/** `npm run webhooks-load`: events to many webhook endpoints, some of which hang. Ends within about two minutes. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectBot } from '../bench/processes/connected.ts';
import { type BenchGateway, startGateway, withClient } from '../bench/processes/gateway.ts';
import { startSandbox } from '../bench/processes/sandbox.ts';
import { type Receivers, startReceivers } from './endpoints.ts';
import { type Chats, writeEvents, writeMessages } from './write-events.ts';

const endpointCount = 50;
const hangingCount = 5;
const limitMs = 180_000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string', default: '1000' },
    'low-rate': { type: 'string', default: '100' },
  },
});

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

interface Figures {
  readonly expected: number;
  readonly arrived: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

async function measure(
  gateway: BenchGateway,
  receivers: Receivers,
  chats: Chats,
  load: { readonly perSecond: number; readonly forMs: number },
): Promise<Figures> {
  const sinceMs = Date.now();
  const before = receivers.arrived();
  const written = await withClient(gateway, (client) => writeEvents(client, chats, load));
  const expected = Math.floor((written * (endpointCount - hangingCount)) / endpointCount);
  // What is late is waited for, so that it counts.
  for (let waited = 0; waited < 100 && receivers.arrived() - before < expected; waited += 1) await sleep(100);
  const delays = [...receivers.delaysSince(sinceMs)].sort((a, b) => a - b);
  return {
    expected,
    arrived: delays.length,
    p50Ms: quantile(delays, 0.5),
    p99Ms: quantile(delays, 0.99),
    maxMs: delays.at(-1) ?? Number.NaN,
  };
}

const report = (name: string, { expected, arrived, p50Ms, p99Ms, maxMs }: Figures, goalMs: number): boolean => {
  const isMet = p99Ms <= goalMs && arrived >= expected;
  process.stdout.write(
    `${name}: ${arrived} of ${expected} events arrived, p50 ${p50Ms} ms, p99 ${p99Ms} ms, longest ${maxMs} ms` +
      ` (goal: p99 at most ${goalMs} ms): ${isMet ? 'met' : 'NOT MET'}\n`,
  );
  return isMet;
};

/** One workspace for each endpoint, as fifty customers of a gateway have. */
async function prepare(gateway: BenchGateway, sandbox: Awaited<ReturnType<typeof startSandbox>>): Promise<Chats> {
  const bot = await connectBot(gateway, sandbox);
  const body = {
    destination_user_id: '4242',
    telegram_interactive_message: {
      type: 'reply_buttons',
      text: 'Your order has shipped. Track or get help below.',
      reply_markup: { inline_keyboard: [[{ text: 'Track order', url: 'https://example.com/track/ORD-9876' }]] },
    },
  };
  const sent = await fetch(`${gateway.url}/api/v1/telegram/interactive`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-octopods-auth': bot.key },
    body: JSON.stringify(body),
  });
  if (sent.status !== 201) throw new Error(`the first send answered ${sent.status}: ${await sent.text()}`);
  const workspaces = Array.from({ length: endpointCount }, (_, index) => `wsp_load${String(index).padStart(2, '0')}`);
  const chats = { workspaces, channelId: bot.channelId, chatsEach: 40 };
  await withClient(gateway, async (client) => {
    await client.query(
      `insert into workspaces (id, name, inbox_kind, inbox_settings, inbox_credential, hook_path, state)
       select id, id, 'intercom', '{}', '', id, 'disabled' from unnest($1::text[]) id`,
      [workspaces],
    );
    await writeMessages(client, chats);
  });
  return chats;
}

async function run(folder: string, keep: <T extends { stop(): Promise<void> }>(one: T) => T): Promise<boolean> {
  const receivers = keep(await startReceivers((index) => index < hangingCount));
  const sandbox = keep(await startSandbox());
  const env = { CHATFERRY_ALLOWED_PRIVATE_ORIGINS: receivers.url };
  const gateway = keep(await startGateway({ dataDir: join(folder, 'data'), sandbox, role: 'all', env }));
  const chats = await prepare(gateway, sandbox);
  for (const [index, workspace_id] of chats.workspaces.entries()) {
    await gateway.admin('/webhook-endpoints', { workspace_id, url: `${receivers.url}/${index}` });
  }
  const forMs = Number(values.seconds) * 1_000;
  // The endpoints that hang are busy from the beginning.
  await measure(gateway, receivers, chats, { perSecond: 200, forMs: 3_000 });
  const low = await measure(gateway, receivers, chats, { perSecond: Number(values['low-rate']), forMs });
  const before = gateway.cpuSeconds();
  const high = await measure(gateway, receivers, chats, { perSecond: Number(values.rate), forMs });
  const after = gateway.cpuSeconds();
  const met = [
    report(`${values['low-rate']} events/s to ${endpointCount} endpoints, ${hangingCount} hang`, low, 200),
    report(`${values.rate} events/s to ${endpointCount} endpoints, ${hangingCount} hang`, high, 1_000),
  ];
  const cpu = (name: 'process' | 'database') => (((after[name] - before[name]) / high.arrived) * 1_000).toFixed(2);
  process.stdout.write(
    `CPU of one delivery: ${cpu('process')} ms in the gateway, ${cpu('database')} ms in PostgreSQL\n`,
  );
  return met.every((one) => one);
}

const folder = mkdtempSync(join(tmpdir(), 'chatferry-webhooks-'));
chmodSync(folder, 0o755);
const kept: { stop(): Promise<void> }[] = [];
const cleanUp = async (): Promise<void> => {
  for (const one of kept.splice(0)) await one.stop();
  rmSync(folder, { recursive: true, force: true });
};
const giveUp = (reason: string): void => {
  process.stderr.write(`${reason}; stopping what was started\n`);
  void cleanUp().finally(() => process.exit(1));
};
process.once('SIGINT', () => giveUp('interrupted'));
process.once('SIGTERM', () => giveUp('interrupted'));
const watchdog = setTimeout(() => giveUp(`not done within ${limitMs / 1_000} s`), limitMs);
try {
  const isMet = await run(folder, (one) => {
    kept.unshift(one);
    return one;
  });
  process.exitCode = isMet ? 0 : 1;
} finally {
  clearTimeout(watchdog);
  await cleanUp();
}
