import { type Chatferry, type OperationId, operations } from '@chatferry/sdk';
import type { connectionOptions } from './credentials.ts';
import type { Environment } from './environment.ts';
import type { Options, ValuesOf } from './option.ts';
import type { Terminal } from './terminal.ts';
import type { View } from './view.ts';

/** The result of a command. */
export interface Outcome {
  /** The answer of the API, printed for `--json`. Undefined where the API answers without a body. */
  readonly json: unknown;
  /** What a person sees instead. */
  readonly view: View;
  /** 1 for a negative result, such as a check that found a problem. Absent: 0. */
  readonly exitCode?: 0 | 1;
}

/** What a command gets from one command line. */
export interface Call<O extends Options> {
  readonly values: ValuesOf<O>;
  /** The value of the argument, usually an id; empty for a command without an argument. */
  readonly argument: string;
  /** The options that every command has. */
  readonly common: ValuesOf<typeof connectionOptions>;
  /** The address of the gateway, for output that contains it. */
  readonly url: string;
  readonly env: Environment;
  readonly terminal: Terminal;
  /** All commands, for those that speak of others. */
  readonly commands: readonly Command[];
  /** The current time, in milliseconds since 1970. */
  nowMs(): number;
  /** `--output json` was asked for. */
  readonly isJson: boolean;
  /** Prints a text to standard error while the command is still running. Standard output has the result only. */
  notify(text: string): void;
  /** Creates a client with the credential that the command needs. May ask the person for it. */
  connect(): Promise<Chatferry>;
  /** Resolves if `--yes` was given or the person answers yes. Throws `DeclinedError` for another answer. */
  confirm(question: string, isConfirmed: boolean): Promise<void>;
  /** Reads a file of the gateway's data folder on this machine. Its path, and its text or undefined if there is no such file. */
  readDataFile(name: string): Promise<{ readonly path: string; readonly text: string | undefined }>;
  /** Reads a file; or standard input if the path is absent or `-`. */
  readText(path: string | undefined): Promise<string>;
}

/** What a command says about itself. What is absent is derived from its operation. */
export interface CommandFacts<O extends Options> {
  /** As it is typed: `channels create`. */
  readonly name: string;
  /** The operation of the API that it calls. Determines which credential is needed. */
  readonly operation: OperationId;
  /** Absent: the summary of the operation. */
  readonly summary?: string;
  readonly description?: string;
  /** The name of its one argument. Absent: the field of the operation's path, if it has one. */
  readonly argument?: string;
  /** Absent: none. */
  readonly options?: O;
  /** Command lines without `chatferry`. Absent: the command alone, or with its argument. */
  readonly examples?: readonly string[];
}

/** A command: the command line, the help and the credential are derived from it. */
export interface Command {
  readonly name: string;
  /** Determines the credential. Null: the command only works on this machine. */
  readonly operation: OperationId | null;
  readonly summary: string;
  readonly description: string | undefined;
  readonly argument: string | undefined;
  readonly options: Options;
  readonly examples: readonly string[];
  run(call: Call<Options>): Promise<Outcome>;
}

const exampleArguments: Readonly<Record<string, string>> = {
  workspace_id: 'wsp_01k8xample',
  connection_id: 'con_01k8xample',
  channel_id: 'chn_01k8xample',
  key_id: 'key_01k8xample',
  chat_id: '424242',
  message_id: '7382914',
  dead_letter_id: 'ddl_12',
  person_id: 'per_01k8xample',
  token_id: 'tok_01k8xample',
};

/** Declares a command that needs no gateway. The types of its values follow from its options. */
export const defineLocalCommand = <const O extends Options>(
  facts: Omit<CommandFacts<O>, 'operation' | 'summary'> & {
    readonly summary: string;
    readonly run: (call: Call<O>) => Promise<Outcome>;
  },
): Command => ({
  name: facts.name,
  operation: null,
  summary: facts.summary,
  description: facts.description,
  argument: facts.argument,
  options: facts.options ?? {},
  examples: facts.examples ?? [facts.name],
  run: (call) => facts.run(call as Call<Options> as Call<O>),
});

/** Declares a command. The types of its values follow from its options. */
export const defineCommand = <const O extends Options>(
  facts: CommandFacts<O> & { readonly run: (call: Call<O>) => Promise<Outcome> },
): Command => {
  const { name, operation } = facts;
  const { summary, params } = operations[operation];
  const [pathField] = params;
  return {
    name,
    operation,
    summary: facts.summary ?? summary,
    description: facts.description,
    argument: facts.argument ?? pathField?.replace(/_id$/, '').replaceAll('_', ' '),
    options: facts.options ?? {},
    examples: facts.examples ?? [pathField === undefined ? name : `${name} ${exampleArguments[pathField]}`],
    // `readCommandLine` makes the values from these options.
    run: (call) => facts.run(call as Call<Options> as Call<O>),
  };
};
