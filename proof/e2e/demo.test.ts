import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { type NodeProcess, startNodeProcess } from '@chatferry/testkit/processes/node-process';
import { createWatchedSandbox } from '@chatferry/testkit/provider-descriptions/watched-sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runDemo } from '../../scripts/demo/run-demo.ts';
import { createTimeline } from '../../scripts/demo/timeline.ts';

const runCommand = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const host = '127.0.0.1';

/** Everything that a demo may leave behind would be in here. */
const temporary = mkdtempSync(join(tmpdir(), 'cf-e2e-'));
const processes: NodeProcess[] = [];

beforeAll(async () => {
  chmodSync(temporary, 0o711);
  vi.stubEnv('TMPDIR', temporary);
  await buildPrograms();
}, buildLimitMs);

afterEach(() => {
  expect(readdirSync(temporary).filter((name) => name.startsWith('chatferry'))).toEqual([]);
  expect(findLeftProcesses()).toEqual([]);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all(processes.map((one) => one.stop()));
  rmSync(temporary, { recursive: true, force: true });
});

/** `npm run demo` without its build. */
function startDemo(...flags: readonly string[]): NodeProcess {
  const demo = startNodeProcess({
    name: 'The demo',
    args: ['--import', 'tsx', '--conditions=@chatferry/source', 'scripts/demo/main.ts', ...flags],
    cwd: root,
  });
  processes.push(demo);
  return demo;
}

/** The demo inside this process: `output` is what the person sees, and `failure` what the demo fails with. */
function playDemo(options: { readonly patienceMs?: number; readonly onOutput?: (output: string) => void } = {}) {
  const { onOutput = () => undefined, ...rest } = options;
  const interrupt = new AbortController();
  let output = '';
  const write = (text: string) => {
    output += text;
    onOutput(output);
  };
  const ended = runDemo({
    arguments: { once: true, quiet: false, port: 0, sandboxPort: 0 },
    timeline: createTimeline({ write }, { isQuiet: false, isColoured: false }),
    interrupt: interrupt.signal,
    nowMs: () => performance.now(),
    openSandbox: () => createWatchedSandbox(),
    ...rest,
  });
  return { failure: ended.then(() => '', String), read: () => output };
}

/** Processes that work in a folder of a demo: above all its PostgreSQL. */
function findLeftProcesses(): readonly string[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readWorkingFolder(pid).startsWith(temporary));
}

function readWorkingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch (cause) {
    // The process has ended, or belongs to another user.
    if (cause instanceof Error && 'code' in cause && ['ENOENT', 'ESRCH', 'EACCES'].includes(String(cause.code)))
      return '';
    throw cause;
  }
}

describe('npm run demo', { timeout: 120_000 }, () => {
  it('plays the scene with both inboxes, stays up with commands that work, and ends with Ctrl-C', async () => {
    const demo = startDemo('--port', '0', '--sandbox-port', '0');
    const isUp = (line: string) => line.startsWith('Ctrl-C stops everything') || null;
    await demo.waitForLine(isUp);
    const { stdout } = demo.output();
    expectWholeScene(stdout);

    const [page = ''] = /http:\S+#bot=\d+&chat=\d+/.exec(stdout) ?? [];
    expect((await fetch(page)).status).toBe(200);
    const paste = async (command = '') => JSON.parse((await runCommand('sh', ['-c', command])).stdout);
    const [offered] = /^curl [^#]*?\}'$/m.exec(stdout) ?? [];
    expect(await paste(offered)).toMatchObject({ channel_message_id: 'tg-15' });
    const [, shown] = /request +(curl .*\n.*\n.*What'\\''s your order number\?.*\}')$/m.exec(stdout) ?? [];
    expect(await paste(shown)).toMatchObject({ channel_message_id: 'tg-16' });
    demo.kill('SIGINT');
    expect(await demo.ended).toMatchObject({ exitCode: 0 });
    expect(demo.output().stderr).toBe('\nStopping everything …\n');
  });

  it('ends by itself after the summary with --once', async () => {
    const demo = playDemo();
    expect(await demo.failure).toBe('');
    expect(demo.read()).toMatch(/^HubSpot +5 +1 +17 +\d+ .*\n\nChecked: .*\nReady after .*\n$/m);
  });

  it('prints how to use it for an unknown flag, and exits with 1', async () => {
    const demo = startDemo('--twice');
    expect(await demo.ended).toMatchObject({ exitCode: 1 });
    expect(demo.output().stderr).toMatch(/The demo failed\. Unknown option '--twice'.*npm run demo -- \[--once\]/s);
  });
});

function expectWholeScene(stdout: string): void {
  expect(
    stdout.match(/answer +201 +\{"request_id":"[0-9a-f-]{36}","message_id":\d+,"channel_message_id":"tg-\d+"/g),
  ).toHaveLength(10);
  expect(stdout).toContain('Ben Okafor     Your order has shipped. Track or get help below.');
  expect(stdout).toContain('Ana Ruiz       Thanks — we');
  expect(stdout).toMatch(/customer {2}presses Send\n.*inbox +Ada Lovelace +help order ORD-9876/);
  expect(stdout).toMatch(
    /customer {2}chooses what the bot offers: “Need help”\n.*inbox +Edith Clarke +help order ORD-9876/,
  );
  expect(stdout).toMatch(/^Intercom +5 +1 +18 +\d+ /m);
  expect(stdout).toMatch(/^HubSpot +5 +1 +17 +\d+ /m);
  const seenTwice = [
    /inbox +Ben Okafor +Thanks, a new one arrives tomorrow\n.* ms {2}telegram {2}Thanks, a new one arrives tomorrow/g,
    /inbox .*It came like this\n +⁂ \(sent a photo\)\n +\[photo\.png, \d+ bytes\]/g,
    /inbox +Ben Okafor +Did it arrive\?\n.*inbox +.*the customer has blocked the bot/g,
  ];
  for (const lines of seenTwice) expect(stdout.match(lines), String(lines)).toHaveLength(2);
  expect(stdout).not.toContain('\u001b[');
}

describe('a demo that fails', { timeout: 120_000 }, () => {
  it('names the port that another program uses, and what to do', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, host, () => resolve((other.address() as { readonly port: number }).port));
    });
    const demo = startDemo('--once', '--port', `${port}`);
    expect(await demo.ended).toMatchObject({ exitCode: 1 });
    other.close();
    expect(demo.output().stderr).toContain(`The demo failed. Port ${port} of ${host} is in use by another program.`);
    expect(demo.output().stderr).toContain('--port');
  });

  it('names the step whose entry never came, and what the gateway says about it', async () => {
    let isBroken = false;
    const demo = playDemo({
      patienceMs: 5_000,
      onOutput(output) {
        const [, sandbox] = /sandbox +(http:\S+)/.exec(output) ?? [];
        if (sandbox === undefined || isBroken) return;
        isBroken = true;
        void breakReplies(sandbox);
      },
    });
    const failure = await demo.failure;
    expect(failure).toContain(
      'Intercom, when the backend sends “Your order has shipped. Track or get help below.”: within 5 s',
    );
    expect(failure).toMatch(/The gateway says that the entry of the outbound message \d+ \(sent\) is dead: /);
    expect(failure).toContain("The gateway's last lines:");
  });

  it('stops and removes everything also when its gateway was killed', async () => {
    const demo = playDemo({
      onOutput(output) {
        const [, pid] = /gateway +http:\S+ +process (\d+)[^\n]*\n$/.exec(output) ?? [];
        if (pid !== undefined) process.kill(Number(pid), 'SIGKILL');
      },
    });
    expect(await demo.failure).toContain('The gateway has ended by itself (SIGKILL)');
  });
});

/** Intercom refuses every entry after the first of a conversation. */
const breakReplies = (sandboxUrl: string) =>
  fetch(`${sandboxUrl}/control/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      provider: 'intercom',
      operation: 'POST /conversations/{id}/reply',
      times: 100,
      effect: {
        kind: 'answer-before',
        answer: {
          status: 400,
          body: { type: 'error.list', errors: [{ code: 'parameter_invalid', message: 'no' }] },
        },
      },
    }),
  });
