import type { SecretInput } from './option.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Where the secrets of one run come from: what was typed, files, standard input, the person. */
export interface SecretSource {
  /** What stands behind `--name` or `--name-file`. */
  readonly typed: ReadonlyMap<string, string>;
  readonly terminal: Terminal;
  readFile(path: string, option: string): Promise<string>;
  /** Undefined where there is no such file. */
  readFileIfThere(path: string): Promise<string | undefined>;
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unreadable';

export const secretSource = (typed: ReadonlyMap<string, string>, terminal: Terminal): SecretSource => {
  const readFile = async (path: string, option: string): Promise<string> => {
    try {
      return (await terminal.readFile(path)).trim();
    } catch (error) {
      throw new UsageError(`${option}: ${path} cannot be read (${codeOf(error)}).`);
    }
  };
  return {
    typed,
    terminal,
    readFile,
    async readFileIfThere(path) {
      try {
        return (await terminal.readFile(path)).trim();
      } catch (error) {
        if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
        throw new UsageError(`${path} cannot be read (${codeOf(error)}). Run this as a user who may read it.`);
      }
    },
  };
};

interface Wording {
  /** What the person is asked for. */
  readonly question: string;
  /** What to do where nobody can be asked. */
  readonly remedy?: string;
}

export const secretInput = (name: string, source: SecretSource, { question, remedy }: Wording): SecretInput => {
  const given = async (): Promise<string | undefined> => {
    const file = source.typed.get(`${name}-file`);
    if (file !== undefined) return notEmpty(await source.readFile(file, `--${name}-file`));
    const typed = source.typed.get(name);
    return typed === '-' ? notEmpty((await source.terminal.readStdin()).trim()) : typed;
  };
  const notEmpty = (value: string): string => {
    if (value === '') throw new UsageError(`--${name}: what was read is empty.`);
    return value;
  };
  return {
    given,
    async required() {
      const value = await given();
      if (value !== undefined) return value;
      if (!source.terminal.isInteractive)
        throw new UsageError(
          remedy ?? `--${name} is missing.`,
          `--${name}-file ./${name}   (or --${name} - to read standard input)`,
        );
      const answer = (await source.terminal.ask(`${question} (not shown): `, { isHidden: true })).trim();
      return notEmpty(answer);
    },
  };
};
