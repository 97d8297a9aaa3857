import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sendsTo } from './load/sends.ts';
import { measureFlatness } from './measure/flatness.ts';
import { measureIntake } from './measure/intake.ts';
import { measureMirror } from './measure/mirror.ts';
import { measureIdle, measureSteady } from './measure/overhead.ts';
import { measureSaturation } from './measure/saturation.ts';
import { measureStart } from './measure/start-time.ts';
import { fullPlan, type Plan, quickPlan } from './plan.ts';
import { connectBot } from './processes/connected.ts';
import { startGateway } from './processes/gateway.ts';
import { type BenchSandbox, startSandbox } from './processes/sandbox.ts';
import { loadNow, readEnvironment } from './report/environment.ts';
import { refusals } from './report/figures.ts';
import type { Findings } from './report/findings.ts';
import { toMarkdown, toText } from './report/markdown.ts';
import { type Stoppable, setScene } from './scene.ts';

type Keep = <T extends Stoppable>(one: T) => T;

const root = fileURLToPath(new URL('../..', import.meta.url));
const say = (what: string): void => void process.stderr.write(`${what}\n`);

async function measure(plan: Plan, folder: string, keep: Keep): Promise<Findings> {
  const startedMs = performance.now();
  const loadBefore = loadNow();
  const sandbox = keep(await startSandbox());
  say('start times …');
  const start = await measureStart(plan, folder, sandbox);

  const scene = await setScene(folder, sandbox, keep);
  const environment = await readEnvironment(scene.gateway, loadBefore);
  say('sends, beside the baselines …');
  const [ours, forwarder, byHand] = await measureSaturation(plan, [scene.ours, scene.forwarder, scene.byHand]);
  if (!ours || !forwarder || !byHand) throw new Error('a comparison without all of its sides');
  say('steady load and single sends …');
  const steady = await measureSteady(plan, scene, sandbox);
  const idle = await measureIdle(plan, scene);
  say('webhooks …');
  const intake = await measureIntake(plan, scene.gateway, scene.bot.workspaceId);
  const loadedMib = scene.gateway.residentMib();
  await scene.gateway.stop();

  say('the mirror …');
  const { mirror, together } = await measureWithMirror(plan, folder, sandbox, keep);
  say('flatness …');
  const flatness = await measureFlatness(plan, folder, sandbox, keep);
  const elapsedMs = performance.now() - startedMs;
  const saturation = { ours, forwarder, byHand };
  return {
    plan,
    environment,
    start,
    saturation,
    steady,
    idle,
    intake,
    loadedMib,
    mirror,
    together,
    flatness,
    elapsedMs,
  };
}

async function measureWithMirror(
  plan: Plan,
  folder: string,
  sandbox: BenchSandbox,
  keep: Keep,
): Promise<Pick<Findings, 'mirror' | 'together'>> {
  const gateway = keep(await startGateway({ dataDir: join(folder, 'mirror'), sandbox, role: 'all' }));
  const mirror = await measureMirror(plan, gateway, sandbox);
  const bot = await connectBot(gateway, sandbox);
  const intake = await measureIntake({ ...plan, rounds: 1 }, gateway, bot.workspaceId);
  const target = sendsTo({
    name: 'also mirroring',
    url: gateway.url,
    key: bot.key,
    channelOf: () => bot.channelId,
  });
  const [sends] = await measureSaturation({ ...plan, rounds: 1 }, [{ target, cpuSeconds: gateway.cpuSeconds }]);
  if (!sends) throw new Error('a measurement without its result');
  await gateway.stop();
  return { mirror, together: { sends, intake } };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, 'no-build': { type: 'boolean', default: false } },
  });
  const plan = values.quick ? quickPlan : fullPlan;
  if (!values['no-build']) execFileSync('npx', ['tsc', '-b'], { cwd: root, stdio: 'inherit' });

  const folder = mkdtempSync(join(tmpdir(), 'chatferry-bench-'));
  // Run as root, the embedded PostgreSQL has a user of its own, which must reach its data folder.
  chmodSync(folder, 0o755);
  const kept: Stoppable[] = [];
  const keep: Keep = (one) => {
    kept.unshift(one);
    return one;
  };
  const cleanUp = async (): Promise<void> => {
    for (const one of kept) await one.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const giveUp = (reason: string): void => {
    say(`${reason}; stopping what was started`);
    cleanUp().then(
      () => process.exit(1),
      (cause: unknown) => {
        say(String(cause));
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', () => giveUp('interrupted'));
  process.once('SIGTERM', () => giveUp('interrupted'));
  const watchdog = setTimeout(() => giveUp(`not done within ${plan.limitMs / 1_000} s`), plan.limitMs);

  try {
    const findings = await measure(plan, folder, keep);
    process.stdout.write(toText(findings));
    // A quick run is a smoke test: its figures are no reference.
    if (!values.quick) {
      mkdirSync(join(root, 'docs'), { recursive: true });
      writeFileSync(join(root, 'docs/benchmarks.md'), toMarkdown(findings));
      say('docs/benchmarks.md is written');
    }
    if (refusals(findings) > 0) {
      say('Some answers were not the wanted ones: the figures cannot be trusted.');
      process.exitCode = 1;
    }
  } finally {
    clearTimeout(watchdog);
    await cleanUp();
  }
}

await main();
