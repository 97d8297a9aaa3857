import { setTimeout as sleep } from 'node:timers/promises';
import { startGatewayProcess } from '@chatferry/testkit/processes/gateway-process';
import { DemoFailure } from './demo-failure.ts';

export interface DemoGateway {
  readonly pid: number;
  /** Aborts when the gateway ends without having been asked to. */
  readonly lost: AbortSignal;
  /** The failure, together with the end of the gateway if it ended, and with the newest lines of its log. */
  explain(failure: DemoFailure): Promise<DemoFailure>;
  /** Stops the gateway and its PostgreSQL. */
  stop(): Promise<void>;
}

const endNoticedAfterMs = 300;
const shownLines = 12;

/** Starts the built gateway with these settings and none of the person's own, and waits until it is ready. */
export async function startDemoGateway(
  env: Readonly<Record<string, string>>,
  dataDir: string,
  interrupt: AbortSignal,
): Promise<DemoGateway> {
  // Ctrl-C reaches the demo alone, which then stops the gateway in order.
  const gateway = startGatewayProcess({ dataDir, env, isDetached: true });
  const lost = new AbortController();
  let isStopping = false;
  void gateway.ended.then(({ exitCode, signal }) => {
    const how = signal ?? `exit code ${exitCode}`;
    if (!isStopping) lost.abort(new DemoFailure(`The gateway has ended by itself (${how})`));
  });

  const explain = async (failure: DemoFailure): Promise<DemoFailure> => {
    // A broken connection is noticed before the end of the process that broke it.
    await Promise.race([gateway.ended, sleep(endNoticedAfterMs)]);
    const { reason } = lost.signal;
    const isSaid = !(reason instanceof DemoFailure) || failure.message.includes(reason.message);
    const what = isSaid ? failure.message : `${reason.message} ${failure.message}`;
    const { stdout, stderr } = gateway.output();
    const lines = `${stdout}${stderr}`.trimEnd().split('\n').slice(-shownLines);
    return new DemoFailure(`${what}\n\nThe gateway's last lines:\n${lines.map((line) => `  ${line}`).join('\n')}`, {
      cause: failure,
    });
  };
  const stop = async (): Promise<void> => {
    isStopping = true;
    await gateway.stop();
  };
  try {
    await Promise.race([gateway.ready(), rejectWhenAborted(AbortSignal.any([interrupt, lost.signal]))]);
  } catch (cause) {
    const failure = interrupt.aborted
      ? cause
      : await explain(lost.signal.reason ?? new DemoFailure('The gateway was not ready in time'));
    await stop();
    throw failure;
  }
  return { pid: gateway.pid, lost: lost.signal, explain, stop };
}

export const rejectWhenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
