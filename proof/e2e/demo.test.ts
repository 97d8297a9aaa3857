import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const host = '127.0.0.1';
const testLimitMs = 120_000;

/** Everything that the demo may leave behind would lie in here. */
const temporary = mkdtempSync(join(tmpdir(), 'cf-e2e-'));
const demos: ChildProcess[] = [];

beforeAll(async () => {
  chmodSync(temporary, 0o711);
  await run('npx', ['tsc', '-b', 'packages/gateway'], { cwd: root }).catch((cause: { readonly stdout: string }) => {
    throw new Error(`The gateway cannot be built:\n${cause.stdout}`, { cause });
  });
}, testLimitMs);

afterAll(() => {
  for (const demo of demos) demo.kill('SIGTERM');
  rmSync(temporary, { recursive: true, force: true });
});

interface Demo {
  readonly process: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  /** Resolves with the match as soon as the output so far has one; rejects when the demo ends without it. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

function startDemo(...flags: readonly string[]): Demo {
  const child = spawn(
    'env',
    [
      `TMPDIR=${temporary}`,
      process.execPath,
      '--import',
      'tsx',
      '--conditions=@chatferry/source',
      'scripts/demo/main.ts',
      ...flags,
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  demos.push(child);
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (piece: string) => {
      output[name] += piece;
      for (const listener of listeners) listener();
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return {
    process: child,
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(output.stdout);
          if (found) resolve(found);
        };
        listeners.add(look);
        look();
        void ended.then(() =>
          reject(new Error(`The demo ended without ${pattern}:\n${output.stdout}${output.stderr}`)),
        );
      }),
  };
}

/** Processes that work in a folder of the demo: its PostgreSQL, above all. */
function leftProcesses(): readonly string[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => workingFolderOf(pid).startsWith(temporary));
}

function workingFolderOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch (cause) {
    // It has ended meanwhile, or belongs to somebody else.
    if (cause instanceof Error && 'code' in cause && ['ENOENT', 'ESRCH', 'EACCES'].includes(String(cause.code)))
      return '';
    throw cause;
  }
}

function expectNothingLeft(): void {
  expect(readdirSync(temporary).filter((name) => name.startsWith('chatferry'))).toEqual([]);
  expect(leftProcesses()).toEqual([]);
}

const freePorts = ['--port', '0', '--sandbox-port', '0'];

describe('npm run demo', () => {
  it('plays the scene in both inboxes, says what was checked, and leaves nothing', {
    timeout: testLimitMs,
  }, async () => {
    const { code, stdout, stderr } = await startDemo('--once', ...freePorts).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
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
    expect(
      stdout.match(
        /inbox +Ben Okafor +Thanks, a new one arrives tomorrow\n.* ms {2}telegram {2}Thanks, a new one arrives tomorrow/g,
      ),
    ).toHaveLength(2);
    expect(stdout.match(/inbox .*It came like this\n +\(sent a photo\)\n +\[photo\.png, \d+ bytes\]/g)).toHaveLength(2);
    expect(
      stdout.match(/inbox +Ben Okafor +Did it arrive\?\n.*inbox +.*the customer has blocked the bot/g),
    ).toHaveLength(2);
    expect(stdout).not.toContain('\u001b[');
    expectNothingLeft();
  });

  it('stays up with commands that work, until Ctrl-C', { timeout: testLimitMs }, async () => {
    const demo = startDemo(...freePorts);
    await demo.says(/Ctrl-C ends everything/);
    const [curl] = await demo.says(/^curl [^#]*?\}'$/m);
    const [, shown = ''] = await demo.says(/request +(curl .*\n.*\n.*What'\\''s your order number\?.*\}')$/m);
    const [page] = await demo.says(/http:\S+#bot=\d+&chat=\d+/);
    expect((await fetch(page)).status).toBe(200);
    const paste = async (command: string) => JSON.parse((await run('sh', ['-c', command])).stdout);
    expect(await paste(curl)).toMatchObject({ channel_message_id: 'tg-15' });
    expect(await paste(shown)).toMatchObject({ channel_message_id: 'tg-16' });
    demo.process.kill('SIGINT');
    expect(await demo.ended).toMatchObject({ code: 0 });
    expectNothingLeft();
  });
});

describe('a demo that fails', () => {
  it('names the port that is taken and what to do', { timeout: testLimitMs }, async () => {
    const other = createServer().listen(0, host);
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stderr } = await startDemo('--once', '--port', `${port}`).ended;
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`The demo failed. Port ${port} of ${host} is in use by another program.`);
    expect(stderr).toContain('--port');
    expectNothingLeft();
  });

  it('names the step whose entry never came, and what the gateway says of it', { timeout: testLimitMs }, async () => {
    const demo = startDemo('--once', ...freePorts);
    const [, sandbox] = await demo.says(/sandbox +(http:\S+)/);
    const answer = {
      status: 400,
      body: { type: 'error.list', errors: [{ code: 'parameter_invalid', message: 'no' }] },
    };
    await fetch(`${sandbox}/control/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        provider: 'intercom',
        operation: 'POST /conversations/{id}/reply',
        times: 100,
        effect: { kind: 'answer-before', answer },
      }),
    });
    const { code, stderr } = await demo.ended;
    expect(code).toBe(1);
    expect(stderr).toContain(
      'Intercom, when the backend sends “Your order has shipped. Track or get help below.”: within 15 s',
    );
    expect(stderr).toMatch(
      /Of the outbound message \d+ \(sent\) the gateway says that its entry in the inbox is dead: /,
    );
    expect(stderr).toContain("The gateway's last lines:");
    expectNothingLeft();
  });

  it('cleans up also after a gateway that was killed', { timeout: testLimitMs }, async () => {
    const demo = startDemo('--once', ...freePorts);
    const [, pid] = await demo.says(/gateway +http:\S+ +process (\d+)/);
    process.kill(Number(pid), 'SIGKILL');
    const { code, stderr } = await demo.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('The gateway has ended by itself (SIGKILL)');
    expectNothingLeft();
  });
});
