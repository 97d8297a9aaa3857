import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '@chatferry/testkit/processes/ports';
import { superviseGateway } from '@chatferry/testkit/processes/supervised-gateway';
import { type Receiver, startReceiver } from '../backend/receiver.ts';
import { type FarSide, startFarSide } from '../far-side/far-side.ts';
import { openStoreReader } from '../gateway/store-reader.ts';
import type { Verdict } from '../judge/judge.ts';
import type { Ambiguity, CallerAnswer } from '../judge/records.ts';
import { type Speaker, type Token, tokenOf } from '../judge/token.ts';
import { waitForVerdict } from '../judge/wait-for-verdict.ts';
import { sayOnce } from '../load/caller.ts';
import { conversationOf, replyAsAgent, writeAsCustomer } from '../load/people.ts';
import { adminToken, type Party, setScene } from '../load/scene.ts';
import { http, postgres } from './framing.ts';
import { describeScenario, type Form, type LinkName, planBatches, type Scenario } from './link.ts';
import { type Armed, type FaultProxy, startFaultProxy } from './proxy.ts';

export interface NetworkFindings {
  readonly verdict: Verdict;
  readonly scenarios: readonly string[];
  /** How often each kind of fault was done. */
  readonly faults: Readonly<Record<string, number>>;
  /** Scenarios whose message never came. */
  readonly missed: readonly string[];
  /** Chats in which no further message can be sent. */
  readonly stuck: readonly string[];
  readonly elapsedMs: number;
}

export interface NetworkOptions {
  /** An empty folder. */
  readonly folder: string;
  /** A PostgreSQL of the campaign's own, and a database in it without tables. */
  readonly database: { readonly host: string; readonly port: number; readonly user: string; readonly database: string };
  readonly form: Form;
  /** Only the scenarios whose descriptions contain these words. */
  readonly only?: string;
  readonly say: (line: string) => void;
}

/** How long a message may take until it passes the proxy; a loaded machine is slow. */
const momentLimitMs = 60_000;

interface Field {
  readonly farSide: FarSide;
  readonly proxies: Readonly<Record<LinkName, FaultProxy>>;
  readonly parties: readonly Party[];
  readonly told: CallerAnswer[];
  readonly ambiguities: Ambiguity[];
  /** Through the proxy of the callers. */
  readonly gatewayUrl: string;
}

/** Does every kind of fault on every link, waits until the gateway has nothing left to do, and judges the result. */
export async function runNetworkCampaign(options: NetworkOptions): Promise<NetworkFindings> {
  const { folder, database, form, only = '', say } = options;
  const startedMs = performance.now();
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  chmodSync(dataDir, 0o755);
  const farSide = await startFarSide(join(folder, 'journal'));
  const receiver = await startReceiver();
  const port = await findFreePort();
  const proxies = await startProxies({ farSide, receiver, gatewayPort: port, database });
  const gatewayUrl = urlOf(proxies['caller → gateway']);
  const receiverUrl = urlOf(proxies['gateway → backend']);
  const hookUrl = urlOf(proxies['Telegram → gateway']);
  const gateway = superviseGateway({
    dataDir,
    pointsPath: join(folder, 'points'),
    env: {
      DATABASE_URL: `postgres://${database.user}@127.0.0.1:${proxies['gateway → PostgreSQL'].port}/${database.database}`,
      CHATFERRY_ADMIN_TOKEN: adminToken,
      CHATFERRY_PORT: String(port),
      CHATFERRY_PUBLIC_URL: hookUrl,
      CHATFERRY_TELEGRAM_API_ROOT: `${urlOf(proxies['gateway → Telegram'])}/telegram`,
      CHATFERRY_INTERCOM_BASE_URL: `${urlOf(proxies['gateway → Intercom'])}/intercom`,
      CHATFERRY_HUBSPOT_BASE_URL: `${urlOf(proxies['gateway → HubSpot'])}/hubspot`,
      CHATFERRY_ALLOWED_PRIVATE_ORIGINS: receiverUrl,
      CHATFERRY_CALLER_WAIT_MS: '5000',
      CHATFERRY_RECONCILE_EVERY_SECONDS: '2',
    },
  });
  const store = openStoreReader(database);
  try {
    await gateway.start();
    const parties = await setScene({ farSide, gatewayUrl, chatsPerBot: 0, receiver, receiverUrl });
    const field: Field = { farSide, proxies, parties, told: [], ambiguities: [], gatewayUrl };
    const done: Outcome[] = [];
    for (const planned of planBatches(form)) {
      const batch = planned.filter((scenario) => describeScenario(scenario).includes(only));
      const first = await runBatch(field, batch);
      // A message may be lost on a connection that another fault has silenced.
      const again = first.filter(({ isMissed }) => isMissed).map(({ scenario }) => scenario);
      done.push(...first.filter(({ isMissed }) => !isMissed), ...(await runBatch(field, again)));
      say(`${done.length} faults done`);
    }
    const verdict = await waitForVerdict({
      farSide,
      store,
      told: field.told,
      ambiguities: field.ambiguities,
      receiver,
    });
    return { verdict, ...summaryOf(done), elapsedMs: performance.now() - startedMs };
  } finally {
    await gateway.stop();
    await store.close();
    await Promise.all([...new Set(Object.values(proxies))].map((proxy) => proxy.close()));
    await farSide.stop();
    await receiver.close();
  }
}

const urlOf = ({ port }: FaultProxy): string => `http://127.0.0.1:${port}`;

interface Ends extends Pick<NetworkOptions, 'database'> {
  readonly farSide: FarSide;
  readonly receiver: Receiver;
  readonly gatewayPort: number;
}

async function startProxies({ farSide, receiver, gatewayPort, database }: Ends): Promise<Field['proxies']> {
  const { host, port } = database;
  const far = { host: '127.0.0.1', port: Number(new URL(farSide.url).port) };
  const gateway = { host: '127.0.0.1', port: gatewayPort };
  // PostgreSQL: a host that is a folder is that of its socket.
  const server = host.startsWith('/') ? { path: join(host, `.s.PGSQL.${port}`) } : { host, port };
  // All webhooks go to the one public address.
  const hooks = await startFaultProxy(gateway, http);
  return {
    'caller → gateway': await startFaultProxy(gateway, http),
    'gateway → Telegram': await startFaultProxy(far, http),
    'gateway → Intercom': await startFaultProxy(far, http),
    'gateway → HubSpot': await startFaultProxy(far, http),
    'gateway → PostgreSQL': await startFaultProxy(server, postgres),
    'gateway → backend': await startFaultProxy({ host: '127.0.0.1', port: Number(new URL(receiver.url).port) }, http),
    'Telegram → gateway': hooks,
    'Intercom → gateway': hooks,
    'HubSpot → gateway': hooks,
  };
}

interface Outcome {
  readonly scenario: Scenario;
  readonly isMissed: boolean;
  readonly isStuck: boolean;
}

interface Begun {
  readonly scenario: Scenario;
  readonly party: Party;
  readonly chatId: number;
  readonly armed: Armed;
  /** Resolves when the speaker has a final answer. */
  readonly said: Promise<unknown>;
  readonly isMissed: boolean;
  readonly fromMs: number;
}

/** All at once, each in a chat of its own. Stalled connections are closed when every fault has struck. */
async function runBatch(field: Field, scenarios: readonly Scenario[]): Promise<readonly Outcome[]> {
  const begun = await Promise.all(scenarios.map((scenario) => begin(field, scenario)));
  for (const { armed } of begun) armed.release();
  return Promise.all(begun.map((one) => finish(field, one)));
}

async function begin(field: Field, scenario: Scenario): Promise<Begun> {
  const { farSide, proxies, parties } = field;
  const { link, fault } = scenario;
  const party = parties.find(({ inbox }) => inbox === link.inbox);
  if (party === undefined) throw new Error(`no bot with ${link.inbox}`);
  const chat = await farSide.control<{ readonly chat_id: number }>('/telegram/chats', { bot_id: party.botId });
  const scene = { party, chatId: chat.chat_id };
  if (link.stimulus === 'reply') await openConversation(field, scene);
  const token = tokenOf(speakerOf[link.stimulus], chat.chat_id, 1);
  const armed = proxies[link.name].arm(fault, (request) => link.matches(request, token));
  const fromMs = Date.now();
  const said = stimulate(field, scenario, scene, token);
  const limit = sleep(momentLimitMs, true, { ref: false });
  const isMissed = await Promise.race([armed.struck.then(() => false), limit]);
  armed.disarm();
  return { scenario, ...scene, armed, said, isMissed, fromMs };
}

const speakerOf: Readonly<Record<Scenario['link']['stimulus'], Speaker>> = {
  send: 'backend',
  write: 'customer',
  reply: 'agent',
};

interface Scene {
  readonly party: Party;
  readonly chatId: number;
}

async function stimulate(field: Field, { link }: Scenario, { party, chatId }: Scene, token: Token): Promise<void> {
  const { farSide } = field;
  switch (link.stimulus) {
    case 'send':
      return say(field, party, token, token.chatId % 2 === 0);
    case 'write':
      return writeAsCustomer(farSide, party, token);
    case 'reply': {
      const conversationId = conversationOf(farSide, chatId);
      if (conversationId === null) throw new Error(`chat ${chatId} has no conversation`);
      return replyAsAgent(farSide, party, conversationId, token);
    }
  }
}

async function say({ gatewayUrl, told }: Field, { key }: Party, token: Token, idempotent: boolean): Promise<void> {
  told.push(await sayOnce({ gatewayUrl, key, token, idempotent }));
}

/** An agent answers where there is a conversation. */
async function openConversation({ farSide }: Field, { party, chatId }: Scene): Promise<void> {
  await writeAsCustomer(farSide, party, tokenOf('customer', chatId, 0));
  while (conversationOf(farSide, chatId) === null) await sleep(50);
}

/** The chat must be usable afterwards. */
async function finish(field: Field, begun: Begun): Promise<Outcome> {
  const { scenario, party, chatId, said, isMissed, fromMs } = begun;
  await said;
  const last = tokenOf('backend', chatId, 2);
  await say(field, party, last, true);
  const isStuck = !field.told.some(({ token, answer }) => token.text === last.text && answer === 'sent');
  const isDatabase = scenario.link.name === 'gateway → PostgreSQL';
  if (scenario.link.isAmbiguous) {
    // A statement carries the rows of other chats along.
    field.ambiguities.push({ fromMs, untilMs: Date.now(), ...(isDatabase ? {} : { chatId }) });
  }
  return { scenario, isMissed, isStuck };
}

function summaryOf(done: readonly Outcome[]): Pick<NetworkFindings, 'scenarios' | 'faults' | 'missed' | 'stuck'> {
  const faults: Record<string, number> = {};
  for (const { scenario } of done) faults[scenario.fault.kind] = (faults[scenario.fault.kind] ?? 0) + 1;
  const names = (some: readonly Outcome[]) => some.map(({ scenario }) => describeScenario(scenario));
  return {
    scenarios: names(done),
    faults,
    missed: names(done.filter(({ isMissed }) => isMissed)),
    stuck: names(done.filter(({ isStuck }) => isStuck)),
  };
}
