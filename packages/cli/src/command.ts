import type { Chatferry } from '@chatferry/sdk';
import type { Options, ValuesOf } from './option.ts';

/** What a command has to say: the answer of the API for `--json`, and the same for a person. */
export interface Said {
  /** Undefined where the API answers nothing. */
  readonly json: unknown;
  readonly text: string;
  /** 1 where the answer is no, as a check that found something; 0 when absent. */
  readonly exitCode?: 0 | 1;
}

export interface Call<O extends Options> {
  readonly values: ValuesOf<O>;
  /** The argument, as an id; empty where the command has none. */
  readonly subject: string;
  /** Where the gateway is, for what is printed to be pasted. */
  readonly url: string;
  /** Says something at once, while the command goes on; to standard error, so that the answer stays alone. */
  tell(text: string): void;
  /** Connects with the credential that the command needs. */
  connect(): Promise<Chatferry>;
  /** Resolves when the person agrees, or has agreed with `--yes`. */
  confirm(question: string, isAgreed: boolean): Promise<void>;
  /** A file, or standard input where the path is absent or `-`. */
  readText(path: string | undefined): Promise<string>;
}

interface CommandFacts<O extends Options> {
  /** As it is typed: `channels create`. */
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  /** The name of its one argument. */
  readonly argument?: string;
  readonly options: O;
  readonly auth: 'admin' | 'key' | 'none';
  /** Without `chatferry`. */
  readonly examples: readonly string[];
}

export interface Command extends CommandFacts<Options> {
  run(call: Call<Options>): Promise<Said>;
}

/** Lets the compiler know the values of a command by its options. */
export const command = <const O extends Options>(
  facts: CommandFacts<O> & { readonly run: (call: Call<O>) => Promise<Said> },
): Command => ({
  ...facts,
  // The values are made from these very options by `readCommandLine`.
  run: (call) => facts.run(call as Call<Options> as Call<O>),
});
