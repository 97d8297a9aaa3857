import { randomBytes } from 'node:crypto';
import { createSandbox, type Sandbox } from '@chatferry/sandbox';
import { Chatferry } from '@chatferry/sdk';
import { tryPort } from '@chatferry/testkit/processes/ports';
import { createTemporaryFolder } from '@chatferry/testkit/processes/temporary-folder';
import { type Act, createAct } from './act.ts';
import { auditAct, explainMissing } from './audit.ts';
import { atStep, DemoFailure } from './demo-failure.ts';
import { rejectWhenAborted, startDemoGateway } from './demo-gateway.ts';
import { playScene } from './scene.ts';
import { type GatewayAccess, openHubspotStage, openIntercomStage, type Stage } from './stage.ts';
import { describeNextSteps, type FinishedAct, summarise } from './summary.ts';
import type { Timeline } from './timeline.ts';

export interface DemoArguments {
  /** Play and end, instead of staying up. */
  readonly once: boolean;
  readonly quiet: boolean;
  /** Null: the usual port, or a free one when that is taken. */
  readonly port: number | null;
  readonly sandboxPort: number | null;
}

export interface DemoOptions {
  readonly arguments: DemoArguments;
  readonly timeline: Timeline;
  /** Aborts when the person ends the demo. */
  readonly interrupt: AbortSignal;
  /** Milliseconds since any moment. */
  readonly nowMs: () => number;
  /** How long a step may take before the demo gives up; a healthy one takes milliseconds. */
  readonly patienceMs?: number;
  /** Default: a new sandbox. */
  readonly openSandbox?: () => Sandbox;
}

type Cleanup = () => Promise<void> | void;

const host = '127.0.0.1';
const usualPorts = { gateway: 8080, sandbox: 4010 };
const usualPatienceMs = 15_000;

/** The whole demo. When the promise settles, everything that it started is stopped and removed. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const cleanups: Cleanup[] = [];
  try {
    await perform(options, cleanups);
  } catch (cause) {
    throw options.interrupt.aborted ? options.interrupt.reason : cause;
  } finally {
    for (const cleanUp of cleanups.toReversed()) await cleanUp();
  }
}

async function perform(options: DemoOptions, cleanups: Cleanup[]): Promise<void> {
  const { arguments: given, timeline, interrupt, nowMs } = options;
  const startMs = nowMs();
  const port = await choosePort('--port', given.port, usualPorts.gateway);
  const sandboxPort = await choosePort('--sandbox-port', given.sandboxPort, usualPorts.sandbox);
  timeline.heading('Chatferry: from a backend to Telegram and the inbox, and back');
  const sandbox = options.openSandbox?.() ?? createSandbox();
  cleanups.push(() => sandbox.close());
  await sandbox.listen({ port: sandboxPort, host });
  timeline.row('sandbox', [`${sandbox.url}  simulated Telegram, Intercom and HubSpot`], { tookMs: nowMs() - startMs });

  const access = { baseUrl: `http://${host}:${port}`, adminToken: `demo-${randomBytes(18).toString('hex')}` };
  const folder = createTemporaryFolder('chatferry-demo-');
  cleanups.push(folder.remove);
  const gatewayStartMs = nowMs();
  const gateway = await startDemoGateway(toSettings(sandbox, access, port), folder.path, interrupt);
  cleanups.push(gateway.stop);
  const abort = AbortSignal.any([interrupt, gateway.lost]);
  try {
    await atStep('Asking the gateway whether it is ready', () => new Chatferry(access).health.getReadiness());
    const readyMs = nowMs() - startMs;
    const what = `${access.baseUrl}  process ${gateway.pid}, with a PostgreSQL of its own in ${folder.path}`;
    timeline.row('gateway', [what], { tookMs: nowMs() - gatewayStartMs });
    const finished = await performActs(sandbox, access, { ...options, abort });
    timeline.heading('Summary');
    timeline.print(summarise(finished, { readyMs, allMs: nowMs() - startMs }));
    if (given.once) return;
    timeline.print(`\n${describeNextSteps(finished, access, sandbox.url)}`);
    await stayUp(interrupt, gateway.lost);
  } catch (cause) {
    throw cause instanceof DemoFailure ? await gateway.explain(cause) : cause;
  }
}

/** The port that was asked for; otherwise the usual one, or a free one when that is taken. */
async function choosePort(flag: string, asked: number | null, usual: number): Promise<number> {
  const found = (await tryPort(asked ?? usual)) ?? (asked === null ? await tryPort(0) : null);
  if (found !== null) return found;
  throw new DemoFailure(
    `Port ${asked} of ${host} is in use by another program. End that program, choose another port with ${flag}, or leave ${flag} out: the demo then takes a free one`,
  );
}

const toSettings = (sandbox: Sandbox, access: GatewayAccess, port: number) => ({
  CHATFERRY_HOST: host,
  CHATFERRY_PORT: String(port),
  CHATFERRY_PUBLIC_URL: access.baseUrl,
  CHATFERRY_ADMIN_TOKEN: access.adminToken,
  CHATFERRY_TELEGRAM_API_ROOT: `${sandbox.url}/telegram`,
  CHATFERRY_TELEGRAM_FILE_ROOT: `${sandbox.url}/telegram`,
  CHATFERRY_INTERCOM_BASE_URL: `${sandbox.url}/intercom`,
  CHATFERRY_HUBSPOT_BASE_URL: `${sandbox.url}/hubspot`,
});

/** The same scene with each inbox. */
async function performActs(
  sandbox: Sandbox,
  access: GatewayAccess,
  { timeline, abort, nowMs, patienceMs = usualPatienceMs }: DemoOptions & { readonly abort: AbortSignal },
): Promise<readonly FinishedAct[]> {
  const finished: FinishedAct[] = [];
  for (const openStage of [openIntercomStage, openHubspotStage]) {
    const startMs = nowMs();
    const stage = await atStep('Connecting a bot and an inbox', () => openStage(sandbox, access));
    timeline.heading(toTitle(stage));
    const what = `workspace and channel ${stage.channelId}, through the management API`;
    timeline.row('connect', [what], { tookMs: nowMs() - startMs });
    timeline.gap();
    finished.push(await performAct(createAct({ stage, timeline, abort, nowMs, patienceMs })));
  }
  return finished;
}

const toTitle = ({ inbox, botUsername, hasInlineMode, customer }: Stage): string =>
  `${inbox.product}: ${customer} talks to @${botUsername}, a bot with inline mode ${hasInlineMode ? 'on' : 'off'}`;

async function performAct(act: Act): Promise<FinishedAct> {
  try {
    await playScene(act);
  } catch (cause) {
    if (!(cause instanceof DemoFailure) || act.abort.aborted) throw cause;
    throw new DemoFailure(`${cause.message} ${await explainMissing(act)}`.trim(), { cause });
  }
  const conversation = await atStep(`${act.stage.inbox.product}, when the scene was over`, () => auditAct(act));
  return { stage: act.stage, done: act.done, conversation };
}

/** Until the person ends the demo; fails when the gateway ends first. */
const stayUp = (interrupt: AbortSignal, lost: AbortSignal): Promise<void> =>
  Promise.race([rejectWhenAborted(interrupt).catch(() => undefined), rejectWhenAborted(lost)]);
