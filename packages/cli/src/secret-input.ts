import type { SecretInput } from './option.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Where the secrets of one run come from: the command line, files, standard input, the person. */
export interface SecretSource {
  /** The values of `--name` and `--name-file`. */
  readonly typed: ReadonlyMap<string, string>;
  readonly terminal: Terminal;
  readFile(path: string, option: string): Promise<string>;
  /** Undefined if the file does not exist. */
  readFileIfPresent(path: string): Promise<string | undefined>;
}

const errorCodeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unreadable';

const readFile = async (terminal: Terminal, path: string, option: string): Promise<string> => {
  try {
    return (await terminal.readFile(path)).trim();
  } catch (error) {
    throw new UsageError(`${option}: ${path} cannot be read (${errorCodeOf(error)}).`);
  }
};

const readFileIfPresent = async (terminal: Terminal, path: string): Promise<string | undefined> => {
  try {
    return (await terminal.readFile(path)).trim();
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT' || errorCodeOf(error) === 'ENOTDIR') return undefined;
    throw new UsageError(`${path} cannot be read (${errorCodeOf(error)}). Run this as a user who may read it.`);
  }
};

export const createSecretSource = (typed: ReadonlyMap<string, string>, terminal: Terminal): SecretSource => ({
  typed,
  terminal,
  readFile: (path, option) => readFile(terminal, path, option),
  readFileIfPresent: (path) => readFileIfPresent(terminal, path),
});

interface Wording {
  /** The question to the person. */
  readonly question: string;
  /** What to do if there is no person to ask. */
  readonly remedy?: string;
}

const requireContent = (name: string, value: string): string => {
  if (value === '') throw new UsageError(`--${name} is empty.`);
  return value;
};

const readGiven = async (name: string, { typed, terminal, ...source }: SecretSource): Promise<string | undefined> => {
  const file = typed.get(`${name}-file`);
  if (file !== undefined) return requireContent(name, await source.readFile(file, `--${name}-file`));
  const value = typed.get(name);
  return value === '-' ? requireContent(name, (await terminal.readStdin()).trim()) : value;
};

const askForSecret = async (name: string, { terminal }: SecretSource, wording: Wording): Promise<string> => {
  if (!terminal.isInteractive)
    throw new UsageError(
      wording.remedy ?? `--${name} is missing.`,
      `--${name}-file ./${name}   (or --${name} - to read standard input)`,
    );
  const answer = await terminal.ask(`${wording.question} (not shown): `, { isHidden: true });
  return requireContent(name, answer.trim());
};

export const secretInput = (name: string, source: SecretSource, wording: Wording): SecretInput => ({
  given: () => readGiven(name, source),
  required: async () => (await readGiven(name, source)) ?? askForSecret(name, source, wording),
});
