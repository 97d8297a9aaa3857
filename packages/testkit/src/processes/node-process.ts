import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How a process ended. One of the two is null. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A Node.js program that runs as a process of its own, with everything that it writes. */
export interface NodeProcess {
  readonly name: string;
  /** 0 when the process could not be started. */
  readonly pid: number;
  isAlive(): boolean;
  /** What it has written so far. */
  output(): { readonly stdout: string; readonly stderr: string };
  /** Resolves when the process has ended and all of its output is read. */
  readonly ended: Promise<Ending>;
  /**
   * Resolves with the first value that `find` returns for a line of stdout, from the first line on. Rejects when the process
   * ends first, or after `limitMs`.
   */
  waitForLine<T>(find: (line: string) => T | null, limitMs?: number): Promise<T>;
  /** Calls back for each line of stdout and stderr that comes from now on. */
  onLine(read: (line: string) => void): void;
  write(line: string): void;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL after `limitMs`. Resolves when the process has ended; also when it had ended before. */
  stop(limitMs?: number): Promise<void>;
}

export interface NodeProcessOptions {
  /** For messages about it. */
  readonly name: string;
  /** Arguments of node: options, the program, and the arguments of the program. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** In a process group of its own, so that Ctrl-C in the terminal does not reach it. */
  readonly isDetached?: boolean;
}

/** No process may depend on the settings of the person who started it. These say only where things are. */
const inherited = ['PATH', 'HOME', 'TMPDIR'];
const readyLimitMs = 90_000;
/** The gateway gives its PostgreSQL up to 80 s. */
const stopLimitMs = 90_000;

const inheritedEnvironment = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    inherited.flatMap((name) => {
      // biome-ignore lint/style/noProcessEnv: the one place that hands variables of this process to a child.
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

export function startNodeProcess({ name, args, env = {}, cwd, isDetached = false }: NodeProcessOptions): NodeProcess {
  const child = spawn(process.execPath, args, {
    env: { ...inheritedEnvironment(), ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: isDetached,
  });
  // The process may end before it has read its input.
  child.stdin.on('error', () => undefined);
  const output = { stdout: '', stderr: '' };
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (cause) => {
      output.stderr += cause.message;
      resolve({ exitCode: null, signal: null });
    });
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const lines = { stdout: createInterface({ input: child.stdout }), stderr: createInterface({ input: child.stderr }) };
  lines.stdout.on('line', (line) => {
    output.stdout += `${line}\n`;
  });
  lines.stderr.on('line', (line) => {
    output.stderr += `${line}\n`;
  });
  return {
    name,
    pid: child.pid ?? 0,
    isAlive: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    output: () => ({ ...output }),
    ended,
    waitForLine: (find, limitMs = readyLimitMs) =>
      new Promise((resolve, reject) => {
        const finish = (act: () => void) => {
          clearTimeout(timer);
          lines.stdout.off('line', read);
          act();
        };
        const fail = (what: string) =>
          finish(() => reject(new Error(`${name} ${what}:\n${output.stderr}${output.stdout}`)));
        const read = (line: string) => {
          const found = find(line);
          if (found !== null) finish(() => resolve(found));
        };
        const timer = setTimeout(fail, limitMs, `was not ready within ${limitMs / 1_000} s`);
        lines.stdout.on('line', read);
        for (const line of output.stdout.split('\n')) read(line);
        void ended.then(({ exitCode, signal }) =>
          fail(`ended before it was ready (${signal ?? `exit code ${exitCode}`})`),
        );
      }),
    onLine(read) {
      lines.stdout.on('line', read);
      lines.stderr.on('line', read);
    },
    write: (line) => void child.stdin.write(`${line}\n`),
    kill: (signal) => void child.kill(signal),
    async stop(limitMs = stopLimitMs) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Whether a process with this id runs. */
export function isProcessAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return false;
    throw cause;
  }
}
