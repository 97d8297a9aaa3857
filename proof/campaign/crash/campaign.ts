import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readOwnPostgres } from '@chatferry/testkit/processes/own-postgres';
import { findFreePort } from '@chatferry/testkit/processes/ports';
import { type SupervisedGateway, superviseGateway } from '@chatferry/testkit/processes/supervised-gateway';
import { type Receiver, startReceiver } from '../backend/receiver.ts';
import { type FarSide, startFarSide } from '../far-side/far-side.ts';
import { killPostgres } from '../gateway/kill-postgres.ts';
import { openStoreReader } from '../gateway/store-reader.ts';
import type { Verdict } from '../judge/judge.ts';
import type { Ambiguity } from '../judge/records.ts';
import { waitForVerdict } from '../judge/wait-for-verdict.ts';
import { type Crowd, gatherCrowd } from '../load/crowd.ts';
import { adminToken, setScene } from '../load/scene.ts';
import { type WebhookWatch, watchWebhooks } from './settle-webhooks.ts';
import { describeStrike, type Strike } from './strike.ts';

/** What one strike did, and how long the gateway took to recover. */
export interface Blow {
  readonly strike: Strike;
  /** From the start of the process to ready; null when the gateway was not killed. */
  readonly readyMs: number | null;
  /** From the blow to the next 201. */
  readonly sentMs: number;
}

export interface CrashFindings {
  readonly verdict: Verdict;
  readonly blows: readonly Blow[];
  /** Strikes whose moment did not come in time. */
  readonly missed: readonly string[];
  /** What a look at the log and at the backends right after a strike found; each names its strike. */
  readonly webhookProblems: readonly string[];
  /** Every point that was passed, of all ports. */
  readonly points: readonly string[];
  readonly deadLetters: readonly string[];
  readonly elapsedMs: number;
}

export interface CampaignOptions {
  /** An empty folder. */
  readonly folder: string;
  readonly strikes: readonly Strike[];
  readonly chatsPerBot: number;
  readonly say: (line: string) => void;
}

/** How long a strike waits for its moment. */
const momentLimitMs = 30_000;

interface Field {
  readonly farSide: FarSide;
  readonly gateway: SupervisedGateway;
  readonly dataDir: string;
  readonly crowd: Crowd;
  readonly receiver: Receiver;
  readonly watch: WebhookWatch;
  readonly ambiguities: Ambiguity[];
}

/** Strikes a gateway under load again and again, waits until it has nothing left to do, and judges the result. */
export async function runCrashCampaign({ folder, strikes, chatsPerBot, say }: CampaignOptions): Promise<CrashFindings> {
  const startedMs = performance.now();
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  chmodSync(dataDir, 0o755);
  const pointsPath = join(folder, 'points');
  writeFileSync(pointsPath, '');
  const farSide = await startFarSide(join(folder, 'journal'));
  const receiver = await startReceiver();
  const gatewayUrl = `http://127.0.0.1:${await findFreePort()}`;
  const gateway = superviseGateway({ dataDir, pointsPath, env: environment(farSide, receiver, gatewayUrl) });
  const ambiguities: Ambiguity[] = [];
  try {
    await gateway.start();
    const parties = await setScene({ farSide, gatewayUrl, chatsPerBot, receiver });
    const crowd = gatherCrowd({ farSide, gatewayUrl, parties });
    const watch = watchWebhooks(receiver);
    const field = { farSide, gateway, dataDir, crowd, receiver, watch, ambiguities };
    const blows: Blow[] = [];
    const missed: string[] = [];
    const webhookProblems: string[] = [];
    for (const [index, strike] of strikes.entries()) {
      const blow = await strikeOnce(field, strike);
      if (blow === null) missed.push(describeStrike(strike));
      else blows.push(blow);
      const problems = await settleWebhooks(field);
      webhookProblems.push(...problems.map((problem) => `${describeStrike(strike)}: ${problem}`));
      say(
        `${index + 1}/${strikes.length} ${describeStrike(strike)}: ${blow === null ? 'missed' : `sends again after ${Math.round(blow.sentMs)} ms`}`,
      );
    }
    await crowd.leave();
    const store = openStoreReader(readOwnPostgres(dataDir).connection);
    const verdict = await waitForVerdict({ farSide, store, told: crowd.told, ambiguities, receiver });
    const deadLetters = await store.deadLetters();
    await store.close();
    return {
      verdict,
      blows,
      missed,
      webhookProblems,
      points: pointsIn(pointsPath),
      deadLetters,
      elapsedMs: performance.now() - startedMs,
    };
  } finally {
    await gateway.stop();
    await farSide.stop();
    await receiver.close();
  }
}

function environment(farSide: FarSide, receiver: Receiver, gatewayUrl: string): Readonly<Record<string, string>> {
  return {
    CHATFERRY_ADMIN_TOKEN: adminToken,
    CHATFERRY_PORT: new URL(gatewayUrl).port,
    CHATFERRY_PUBLIC_URL: gatewayUrl,
    CHATFERRY_TELEGRAM_API_ROOT: `${farSide.url}/telegram`,
    CHATFERRY_INTERCOM_BASE_URL: `${farSide.url}/intercom`,
    CHATFERRY_HUBSPOT_BASE_URL: `${farSide.url}/hubspot`,
    CHATFERRY_ALLOWED_PRIVATE_ORIGINS: receiver.url,
    CHATFERRY_RECONCILE_EVERY_SECONDS: '2',
  };
}

/** Looks at the webhooks after a strike. The gateway, and so its PostgreSQL, is there again. */
async function settleWebhooks({ dataDir, watch, crowd }: Field): Promise<readonly string[]> {
  const store = openStoreReader(readOwnPostgres(dataDir).connection);
  try {
    // A crowd that continues would owe the backends ever more.
    return await crowd.listenDuring(() => watch.settle(store));
  } finally {
    await store.close();
  }
}

/** Strikes, and starts the gateway again. Null when the moment of the strike did not come. */
async function strikeOnce(field: Field, strike: Strike): Promise<Blow | null> {
  const { farSide, ambiguities } = field;
  const atMs = await reachMoment(field, strike);
  await farSide.control('/faults', undefined, 'DELETE');
  if (atMs === null) {
    // It would still die at this point.
    await killGateway(field);
    await startAgain(field);
    return null;
  }
  const readyMs = await carryOutStrike(field, strike);
  const sentAtMs = await sendsAgain(field);
  // A statement whose answer was lost with its connection may have been carried out; this is unknown until the gateway looks.
  ambiguities.push({ fromMs: atMs, untilMs: strike.kind === 'database' ? sentAtMs : atMs });
  return { strike, readyMs, sentMs: sentAtMs - atMs };
}

async function carryOutStrike(field: Field, strike: Strike): Promise<number | null> {
  const { gateway } = field;
  if (strike.kind !== 'database') await killGateway(field);
  if (strike.kind === 'database' || strike.kind === 'both')
    killPostgres(readOwnPostgres(field.dataDir).pid, strike.death);
  if (strike.kind === 'database') return null;
  if (strike.kind === 'recovery') {
    const limit = sleep(momentLimitMs, null, { ref: false });
    await gateway.start(strike);
    await Promise.race([gateway.ended(), limit]);
    await killGateway(field);
  }
  return startAgain(field);
}

/** The next 201. A gateway that loses its database ends, and its supervisor starts it again. */
async function sendsAgain(field: Field): Promise<number> {
  const sent = field.crowd.firstSentAfter(Date.now());
  const ended = field.gateway.ended().then(() => null);
  const first = await Promise.race([sent, ended]);
  if (first !== null) return first;
  await killGateway(field);
  await startAgain(field);
  return sent;
}

/** What is on the wire at this moment has an unknown outcome. */
async function killGateway({ gateway, ambiguities }: Field): Promise<void> {
  await gateway.kill();
  ambiguities.push({ fromMs: Date.now(), untilMs: Date.now() });
}

async function startAgain({ gateway }: Field): Promise<number> {
  const readyMs = await gateway.start();
  if (readyMs === null) throw new Error('the gateway died without being struck');
  return readyMs;
}

/** Waits for the moment of a strike under load; resolves with it, or with null where it does not come. */
async function reachMoment(field: Field, strike: Strike): Promise<number | null> {
  const { farSide, gateway, crowd, receiver } = field;
  const limit = sleep(momentLimitMs, null, { ref: false });
  switch (strike.kind) {
    case 'point':
      gateway.arm(strike);
      crowd.welcome();
      return Promise.race([gateway.ended().then(() => Date.now()), limit]);
    case 'wire': {
      const { provider, operation } = strike;
      if (provider === 'backend') return Promise.race([receiver.hangOnce().then(() => Date.now()), limit]);
      await farSide.control('/faults', { provider, operation, effect: { kind: 'hang-after' } });
      crowd.welcome();
      return Promise.race([untilHit(farSide), limit]);
    }
    default:
      await crowd.firstSentAfter(Date.now());
      await sleep(strike.afterMs);
      return Date.now();
  }
}

async function untilHit(farSide: FarSide): Promise<number> {
  while ((await farSide.control<readonly unknown[]>('/faults')).length > 0) await sleep(5);
  return Date.now();
}

const pointsIn = (path: string): readonly string[] =>
  [...new Set(readFileSync(path, 'utf8').split('\n'))].filter((point) => point !== '').sort();
