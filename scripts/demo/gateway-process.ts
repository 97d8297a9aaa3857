import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DemoFailure } from './demo-failure.ts';
import { endOrphan } from './end-orphan.ts';

export interface GatewayProcess {
  readonly pid: number | undefined;
  /** Aborts when the process ends without having been asked to. */
  readonly lost: AbortSignal;
  /** The failure together with what the gateway has to do with it: its end, and the newest lines of its log. */
  explain(failure: DemoFailure): Promise<DemoFailure>;
  /** Ends it and waits until it and its PostgreSQL are gone. */
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('../../packages/gateway/dist/main.js', import.meta.url));
/** The first start makes a database; a slow disk takes its time. */
const readyWithinMs = 90_000;
/** The gateway gives its PostgreSQL 80 s at the most. */
const stopWithinMs = 90_000;
const endNoticedAfterMs = 300;
const linesKept = 12;

/** Starts the built gateway with these settings and nothing of the person's own, and waits until it is ready. */
export async function startGatewayProcess(
  settings: Readonly<Record<string, string>>,
  dataDir: string,
  interrupt: AbortSignal,
): Promise<GatewayProcess> {
  if (!existsSync(program))
    throw new DemoFailure(
      'The gateway is not built: packages/gateway/dist/main.js is missing. Run “npm run build” first',
    );
  // A process group of its own: Ctrl-C reaches the demo alone, which then ends the gateway in order.
  const child = spawn(process.execPath, [program], {
    env: { ...environmentWithoutSettings(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const lines: string[] = [];
  const lost = new AbortController();
  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (cause) => resolve(cause.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  void ended.then((how) => {
    if (!stopping) lost.abort(new DemoFailure(`The gateway has ended by itself (${how})`));
  });
  const gateway: GatewayProcess = {
    pid: child.pid,
    lost: lost.signal,
    async explain(failure) {
      // A broken connection is noticed before the end of the process that broke it.
      await Promise.race([ended, pause(endNoticedAfterMs)]);
      const { reason } = lost.signal;
      const whole =
        reason instanceof DemoFailure && !failure.message.includes(reason.message)
          ? new DemoFailure(`${reason.message} ${failure.message}`, { cause: failure })
          : failure;
      return withLines(whole, lines);
    },
    async stop() {
      stopping = true;
      await end(child, ended);
      await endOrphan(dataDir);
    },
  };
  try {
    await readiness(child, lines, AbortSignal.any([interrupt, lost.signal]));
  } catch (cause) {
    await gateway.stop();
    throw cause instanceof DemoFailure ? await gateway.explain(cause) : cause;
  }
  return gateway;
}

function withLines(failure: DemoFailure, lines: readonly string[]): DemoFailure {
  if (lines.length === 0) return failure;
  const log = lines.map((line) => `  ${line}`).join('\n');
  return new DemoFailure(`${failure.message}\n\nThe gateway's last lines:\n${log}`, { cause: failure });
}

/** A person's own settings, and their database above all, have no part in the demo. */
function environmentWithoutSettings(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('CHATFERRY_') && !name.startsWith('DATABASE_URL'),
  );
  return Object.fromEntries(others);
}

function readiness(child: ChildProcess, lines: string[], abort: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      clearTimeout(timer);
      end();
    };
    const late = new DemoFailure(`The gateway was not ready within ${readyWithinMs / 1_000} s`);
    const timer = setTimeout(() => reject(late), readyWithinMs);
    const stopped = () => settle(() => reject(abort.reason));
    if (abort.aborted) stopped();
    abort.addEventListener('abort', stopped, { once: true });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (lines.length > linesKept) lines.shift();
        if (line.includes('"gateway.ready"')) settle(resolve);
      });
    }
  });
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  await ended;
  clearTimeout(timer);
}
