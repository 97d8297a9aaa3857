/** The product as someone gets it without a clone: packed, and installed into an empty project. */
import { type ExecFileException, execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Ended {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

type Environment = Readonly<Record<string, string>>;

/** Runs a program to its end. What the person who tests has set does not reach it, but for where things are. */
const runProgram = (file: string, args: readonly string[], cwd: string, env: Environment): Promise<Ended> =>
  new Promise((resolve) => {
    const done = (error: ExecFileException | null, out: string, err: string): void =>
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), out, err });
    execFile(file, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, done).stdin?.end();
  });

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
}

const publishedPackages = (): readonly Manifest[] =>
  readdirSync(join(root, 'packages'))
    .map((folder) => JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as Manifest)
    .filter((manifest) => manifest.private !== true);

/** Packs the built packages and makes a project that depends on the tarballs, as if they came from the registry. */
const packInto = async (folder: string, env: Environment): Promise<void> => {
  const packages = publishedPackages();
  const workspaces = packages.flatMap(({ name }) => ['-w', name]);
  const args = ['pack', '--pack-destination', folder, ...workspaces];
  const packed = await runProgram('npm', args, root, env);
  if (packed.exitCode !== 0) throw new Error(`npm pack: ${packed.err}`);
  const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const tarballOf = (name: string): string => {
    const start = `${name.replace('@', '').replace('/', '-')}-`;
    const found = tarballs.find((file) => file.startsWith(start) && /^\d/.test(file.slice(start.length)));
    if (found === undefined) throw new Error(`There is no tarball of ${name}.`);
    return `file:./${found}`;
  };
  const files = Object.fromEntries(packages.map(({ name }) => [name, tarballOf(name)]));
  const { chatferry = '', ...others } = files;
  // Only the one package is asked for; where the others come from is all that the project says about them.
  const project = { name: 'empty', private: true, dependencies: { chatferry }, overrides: others };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project));
};

/** A command that runs until it is stopped. */
export interface Running {
  /** Everything that it has written. */
  said(): string;
  /** Resolves when a line of standard output has the text; rejects, with all lines, when the command ends first. */
  waitFor(text: string): Promise<void>;
  /** Asks it to end, and resolves when it has. */
  stop(): Promise<void>;
}

const startCommand = (line: string, cwd: string, env: Environment): Running => {
  // A group of its own: the shell and npm are between this process and the program.
  const child = spawn('bash', ['-c', line], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const watchers = new Set<(line: string) => void>();
  const hear = (line: string): void => {
    lines.push(line);
    for (const watcher of watchers) watcher(line);
  };
  createInterface({ input: child.stdout }).on('line', hear);
  createInterface({ input: child.stderr }).on('line', hear);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    said: () => lines.join('\n'),
    waitFor: (text) =>
      new Promise((resolve, reject) => {
        const look = (line: string): void => {
          if (!line.includes(text)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        for (const line of lines) look(line);
        void ended.then(() => reject(new Error(`${line} ended:\n${lines.join('\n')}`)));
      }),
    async stop() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
};

export interface InstalledProduct {
  readonly folder: string;
  /** What npm said while it installed. */
  readonly installation: Ended;
  /** Runs a line in a shell, to its end. */
  type(line: string, env?: Environment): Promise<Ended>;
  /** Runs a line in a shell, in the background. */
  start(line: string, env?: Environment): Running;
}

/** Packs the product, which must be built, and installs it into the folder. Takes the packages of others from the registry or npm's cache. */
export const installProduct = async (folder: string, inherited: Environment): Promise<InstalledProduct> => {
  const base = {
    ...inherited,
    npm_config_update_notifier: 'false',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
  await packInto(folder, base);
  const installation = await runProgram('npm', ['install', '--prefer-offline'], folder, base);
  if (installation.exitCode !== 0) throw new Error(`npm install: ${installation.err}${installation.out}`);
  return {
    folder,
    installation,
    type: (line, env = {}) => runProgram('bash', ['-c', line], folder, { ...base, ...env }),
    start: (line, env = {}) => startCommand(line, folder, { ...base, ...env }),
  };
};
