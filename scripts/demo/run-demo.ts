import { randomBytes } from 'node:crypto';
import { createSandbox, type Sandbox } from '@chatferry/sandbox';
import { Chatferry } from '@chatferry/sdk';
import type { DemoArguments } from './arguments.ts';
import { auditScene, explainMissing } from './audit.ts';
import { choosePort, demoHost } from './choose-port.ts';
import { type Act, invitationOf, summaryOf } from './closing-words.ts';
import { makeDataFolder } from './data-folder.ts';
import { atStep, DemoFailure } from './demo-failure.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';
import { createPlay, type PlayOptions } from './play.ts';
import { playScene } from './scene.ts';
import { type GatewayAccess, type Stage, stageWithHubspot, stageWithIntercom } from './stage.ts';
import type { Timeline } from './timeline.ts';

const usualPorts = { gateway: 8080, sandbox: 4010 };

export interface DemoOptions {
  readonly arguments: DemoArguments;
  readonly timeline: Timeline;
  /** Aborts when the person ends it. */
  readonly interrupt: AbortSignal;
  readonly nowMs: () => number;
}

type Undo = () => Promise<void> | void;

/** The whole demo. Whatever it started is ended and removed when the promise settles. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const undo: Undo[] = [];
  try {
    await perform(options, undo);
  } catch (cause) {
    throw options.interrupt.aborted ? options.interrupt.reason : cause;
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

async function perform({ arguments: given, timeline, interrupt, nowMs }: DemoOptions, undo: Undo[]): Promise<void> {
  const startMs = nowMs();
  const port = await choosePort('--port', given.port, usualPorts.gateway);
  const sandboxPort = await choosePort('--sandbox-port', given.sandboxPort, usualPorts.sandbox);

  timeline.heading('Chatferry: from a backend to Telegram and the inbox, and back');
  const sandbox = createSandbox();
  undo.push(() => sandbox.close());
  await sandbox.listen({ port: sandboxPort, host: demoHost });
  timeline.row('sandbox', [`${sandbox.url}  simulated Telegram, Intercom and HubSpot`], nowMs() - startMs);

  const access: GatewayAccess = {
    baseUrl: `http://${demoHost}:${port}`,
    adminToken: `demo-${randomBytes(18).toString('hex')}`,
  };
  const folder = makeDataFolder();
  undo.push(folder.remove);
  const gatewayStartMs = nowMs();
  const gateway = await startGatewayProcess(settingsOf(sandbox, access, port, folder.path), folder.path, interrupt);
  undo.push(gateway.stop);
  const abort = AbortSignal.any([interrupt, gateway.lost]);
  await withLog(gateway, async () => {
    await atStep('Asking the gateway whether it is ready', () => new Chatferry(access).getReadiness());
    const readyMs = nowMs() - startMs;
    timeline.row(
      'gateway',
      [`${access.baseUrl}  process ${gateway.pid}, with a PostgreSQL of its own in ${folder.path}`],
      nowMs() - gatewayStartMs,
    );

    const acts: Act[] = [];
    for (const open of [stageWithIntercom, stageWithHubspot]) {
      const connectMs = nowMs();
      const stage = await atStep('Connecting a bot and an inbox', () => open(sandbox, access));
      timeline.heading(titleOf(stage));
      timeline.row(
        'connect',
        [`workspace and channel ${stage.channelId}, through the management API`],
        nowMs() - connectMs,
      );
      timeline.gap();
      acts.push(await performAct(stage, { baseUrl: access.baseUrl, timeline, abort, nowMs }));
    }
    timeline.heading('Summary');
    timeline.print(summaryOf(acts, { readyMs, allMs: nowMs() - startMs }));
    if (given.once) return;
    timeline.print(`\n${invitationOf(acts, access, sandbox.url)}`);
    await stayUp(interrupt, gateway.lost);
  });
}

async function performAct(stage: Stage, options: Omit<PlayOptions, 'stage'>): Promise<Act> {
  const play = createPlay({ ...options, stage });
  try {
    await playScene(stage, play);
  } catch (cause) {
    if (!(cause instanceof DemoFailure) || options.abort.aborted) throw cause;
    throw new DemoFailure(`${cause.message} ${await explainMissing(stage, options.baseUrl)}`.trim(), { cause });
  }
  const conversation = await atStep(`${stage.inbox.product}, when the scene was over`, () =>
    auditScene(stage, options.baseUrl, play.played),
  );
  return { stage, played: play.played, conversation };
}

/** What goes wrong while the gateway runs is told with the newest lines of its log. */
async function withLog(gateway: GatewayProcess, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw cause instanceof DemoFailure ? await gateway.explain(cause) : cause;
  }
}

const settingsOf = (sandbox: Sandbox, access: GatewayAccess, port: number, dataDir: string) => ({
  CHATFERRY_HOST: demoHost,
  CHATFERRY_PORT: String(port),
  CHATFERRY_PUBLIC_URL: access.baseUrl,
  CHATFERRY_DATA_DIR: dataDir,
  CHATFERRY_ADMIN_TOKEN: access.adminToken,
  CHATFERRY_TELEGRAM_API_ROOT: `${sandbox.url}/telegram`,
  CHATFERRY_TELEGRAM_FILE_ROOT: `${sandbox.url}/telegram`,
  CHATFERRY_INTERCOM_BASE_URL: `${sandbox.url}/intercom`,
  CHATFERRY_HUBSPOT_BASE_URL: `${sandbox.url}/hubspot`,
});

const titleOf = ({ inbox, botUsername, inlineMode, customer }: Stage): string =>
  `${inbox.product}: ${customer} talks to @${botUsername}, a bot with inline mode ${inlineMode ? 'on' : 'off'}`;

/** Until the person ends it; fails when the gateway ends first. */
const stayUp = (interrupt: AbortSignal, lost: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    lost.addEventListener('abort', () => reject(lost.reason), { once: true });
    interrupt.addEventListener('abort', () => resolve(), { once: true });
    if (lost.aborted) reject(lost.reason);
    if (interrupt.aborted) resolve();
  });
