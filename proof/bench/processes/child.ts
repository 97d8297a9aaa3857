import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Child<T> {
  readonly pid: number;
  /** What its first telling line said. */
  readonly said: T;
  /** Asks it to end and waits. */
  stop(): Promise<void>;
}

export interface ChildOptions<T> {
  readonly name: string;
  /** Arguments of node. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The answer once a line of the output says that the process is ready; null for any other line. */
  readonly ready: (line: string) => T | null;
}

const readyWithinMs = 60_000;
const endsWithinMs = 20_000;

/** Starts a Node process of the benchmark and waits until it is ready. Nothing of this environment but the path is passed on. */
export async function startChild<T>(options: ChildOptions<T>): Promise<Child<T>> {
  const child = spawn(process.execPath, options.args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NODE_ENV: 'production', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  try {
    const said = await firstTellingLine(child, options, complaints);
    let stopping = false;
    child.once('exit', (code, signal) => {
      if (stopping) return;
      process.stderr.write(`${options.name} ended by itself (${code ?? signal}): ${complaints.join('')}\n`);
    });
    const stop = (): Promise<void> => {
      stopping = true;
      return endOf(child, ended);
    };
    return { pid: child.pid ?? 0, said, stop };
  } catch (cause) {
    await endOf(child, ended);
    throw cause;
  }
}

function firstTellingLine<T>(child: ChildProcess, options: ChildOptions<T>, complaints: readonly string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${options.name} was not ready within ${readyWithinMs} ms: ${complaints.join('')}`)),
      readyWithinMs,
    );
    const lines: string[] = [];
    if (child.stdout === null) throw new Error('a child without an output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (lines.length < 100) lines.push(line);
      const said = options.ready(line);
      if (said === null) return;
      clearTimeout(timer);
      resolve(said);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${options.name} ended with ${code} at its start:\n${lines.join('\n')}${complaints.join('')}`));
    });
  });
}

async function endOf(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
  await ended;
  clearTimeout(timer);
}
