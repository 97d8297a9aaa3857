/** Commands that call one operation of the API. What the table of operations says is not repeated in them. */
import {
  type Arguments,
  type CallOptions,
  type OperationId,
  type Operations,
  operations,
  type Result,
} from '@chatferry/sdk';
import { type Call, type Command, type CommandFacts, defineCommand, type Outcome } from './command.ts';
import { flag, number, type Options, text } from './option.ts';
import { fields, type Part, pageView, type Row, table, type View } from './view.ts';

type PathField<Id extends OperationId> = keyof Operations[Id]['params'];

/** The fields of a request without those of the path: the argument of the command is the field of the path. */
type RequestOf<Id extends OperationId> =
  PathField<Id> extends never ? Arguments<Id> : Omit<Arguments<Id>, PathField<Id>>;

interface OperationCommandFacts<Id extends OperationId, O extends Options> extends CommandFacts<O> {
  readonly operation: Id;
  /** Throws `UsageError` for a value that the operation cannot have. */
  readonly checkArgument?: (argument: string) => void;
  /** Makes the request. Runs before the person is asked for anything else, and throws `UsageError` for a bad command line. */
  readonly request?: (call: Call<O>) => RequestOf<Id> | Promise<RequestOf<Id>>;
  readonly callOptions?: (values: Call<O>['values']) => CallOptions;
  /** The question before the request. The command then has the option `--yes`, which answers it. */
  readonly confirmation?: (argument: string) => string;
  readonly view: (answer: Result<Id>, call: Call<O>, request: RequestOf<Id> | undefined) => View;
  readonly exitCode?: (answer: Result<Id>) => 0 | 1;
}

const yesOption = { yes: flag('Do not ask for confirmation.') } as const;

const pathFields = (operation: OperationId, argument: string): Readonly<Record<string, string>> => {
  const [name] = operations[operation].params;
  return name === undefined ? {} : { [name]: argument };
};

const callOperation = async <Id extends OperationId, O extends Options>(
  facts: OperationCommandFacts<Id, O>,
  call: Call<O>,
): Promise<Outcome> => {
  facts.checkArgument?.(call.argument);
  const request = await facts.request?.(call);
  if (facts.confirmation !== undefined)
    await call.confirm(facts.confirmation(call.argument), 'yes' in call.values && call.values['yes'] === true);
  const client = await call.connect();
  // `facts` ties the request and the answer to the operation.
  const invoke = client.request as (id: Id, fields: object, options?: CallOptions) => Promise<Result<Id>>;
  const answer = await invoke(
    facts.operation,
    { ...pathFields(facts.operation, call.argument), ...(request as object | undefined) },
    facts.callOptions?.(call.values),
  );
  return { json: answer, view: facts.view(answer, call, request), exitCode: facts.exitCode?.(answer) ?? 0 };
};

/** Declares a command that calls one operation and shows its answer. */
export const operationCommand = <const Id extends OperationId, const O extends Options>(
  facts: OperationCommandFacts<Id, O>,
): Command => {
  const confirmationOptions = facts.confirmation === undefined ? {} : yesOption;
  return defineCommand<Options>({
    ...facts,
    options: { ...facts.options, ...confirmationOptions },
    run: (call) => callOperation(facts, call as Call<Options> as Call<O>),
  });
};

/** Declares a command that deletes one object, after a confirmation. */
export const deleteCommand = <const Id extends OperationId>(
  facts: CommandFacts<Record<string, never>> & {
    readonly operation: Id;
    readonly confirmation: (argument: string) => string;
  },
): Command => operationCommand({ ...facts, options: {}, view: (_, { argument }) => [`Deleted ${argument}.`] });

type ListOperation = {
  [Id in OperationId]: Result<Id> extends { readonly data: readonly unknown[]; readonly next_cursor: string | null }
    ? Id
    : never;
}[OperationId];

type EntryOf<Id extends ListOperation> = Result<Id>['data'][number];

interface ListCommandFacts<Id extends ListOperation> extends CommandFacts<Options> {
  readonly operation: Id;
  /** Shown for a list without entries. */
  readonly empty: string;
  readonly show: (entry: EntryOf<Id>) => Row;
  /** The labels to show in a table of rows that have more; other formats have all of them. Absent: all. */
  readonly columns?: readonly string[];
  /** `fields` for entries with long texts. Absent: a table. */
  readonly layout?: 'table' | 'fields';
  readonly exitCode?: (answer: Result<Id>) => 0 | 1;
}

const pagingOptions = {
  limit: number('N', 'The maximum number of entries: 1 to 200. Default: 50.'),
  cursor: text('CURSOR', 'Where to continue. The previous page prints it.'),
} as const;

/** The option `workspace` filters by the query parameter `workspace_id`, and so on. */
const queryField = (operation: OperationId, option: string): string => {
  const names: readonly string[] = operations[operation].query;
  const name = option.replaceAll('-', '_');
  return names.includes(name) ? name : `${name}_id`;
};

const showEntries = <Id extends ListOperation>(
  facts: ListCommandFacts<Id>,
  entries: readonly EntryOf<Id>[],
): Part[] => {
  const rows = entries.map(facts.show);
  return facts.layout === 'fields' ? rows.map(fields) : [table(rows, facts.columns)];
};

/** Declares a command that shows one page of a list. Its options are filters, passed on as query parameters. */
export const listCommand = <const Id extends ListOperation>(facts: ListCommandFacts<Id>): Command => {
  const options: Options = { ...facts.options, ...pagingOptions };
  return operationCommand<Id, Options>({
    ...facts,
    options,
    request: ({ values }) =>
      Object.fromEntries(
        Object.keys(options).map((option) => [queryField(facts.operation, option), values[option]]),
      ) as RequestOf<Id>,
    view: (page) => pageView<EntryOf<Id>>(page, facts.empty, (entries) => showEntries(facts, entries)),
  });
};
