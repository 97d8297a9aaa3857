/** Reads an inbox from the options of `workspaces create`, `update` and `connect`. */
import type { ConnectInbox, InboxInput } from '@chatferry/sdk';
import {
  type InboxKind,
  type InboxOption,
  type InboxValues,
  inboxKindEntries,
  inboxKinds,
  inboxOptions,
} from '../inbox-kinds.ts';
import { UsageError } from '../usage-error.ts';

const isGiven = async (values: InboxValues, name: InboxOption): Promise<boolean> => {
  const value = values[name];
  if (typeof value === 'object') return (await value.given()) !== undefined;
  return value !== undefined && value !== false;
};

/** Options of another kind would be ignored silently. */
const refuseOptionsOfOtherKinds = async (kind: InboxKind, values: InboxValues): Promise<void> => {
  for (const [other, { ownOptions }] of inboxKindEntries)
    for (const name of other === kind ? [] : ownOptions)
      if (await isGiven(values, name)) throw new UsageError(`--${name} does not belong to --kind ${kind}.`);
};

/** The settings of an inbox and all its credentials; missing secrets are asked for. Undefined if no option of an inbox was given. */
export const readInbox = async (values: InboxValues): Promise<InboxInput | undefined> => {
  const { kind } = values;
  if (kind !== undefined) {
    await refuseOptionsOfOtherKinds(kind, values);
    return inboxKinds[kind].readInput(values);
  }
  const names = Object.keys(inboxOptions) as InboxOption[];
  const name = names.find((option) => typeof values[option] === 'string' || values[option] === true);
  if (name !== undefined)
    throw new UsageError(`--${name} needs --kind: the settings of an inbox are always replaced together.`);
  return undefined;
};

/** The settings of an inbox that is connected by OAuth. Undefined without `--kind`. */
export const readApp = async (values: InboxValues): Promise<ConnectInbox | undefined> => {
  const { kind } = values;
  if (kind === undefined) return undefined;
  await refuseOptionsOfOtherKinds(kind, values);
  const { oauthCredential, readApp: read } = inboxKinds[kind];
  if (await isGiven(values, oauthCredential))
    throw new UsageError(`OAuth provides --${oauthCredential}; leave it out, or use workspaces create.`);
  return read(values);
};
