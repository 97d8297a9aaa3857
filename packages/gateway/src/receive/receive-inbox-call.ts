import type { Directory, OpenWorkspace } from '../engine/directory/directory.ts';
import type { Roster, RosterPlace } from '../engine/directory/roster.ts';
import type { BoundInbox } from '../ports/bound-inbox.ts';
import type { RawHeaders } from '../ports/channel-kind.ts';
import type { InboxKindName } from '../ports/inbox-kind.ts';
import { isStoreAway } from '../store/database/store-unavailable.ts';
import { type InboxEventDeps, receiveInboxEvent } from './receive-inbox-event.ts';

/** A webhook call of an inbox as it arrived. It may be forged. */
export interface InboxCall {
  readonly kind: InboxKindName;
  /** The workspace's own path. Null for the address that all accounts share. */
  readonly hookPath: string | null;
  readonly method: string;
  /** The public address that was called. */
  readonly url: string;
  readonly headers: RawHeaders;
  readonly rawBody: Buffer;
  /** On the gateway's clock. HubSpot's signatures are valid for a few minutes. */
  readonly receivedAtMs: number;
  /** Where it came from: an IPv4 address, or the /64 of an IPv6 address. */
  readonly network: string;
}

/** Looks something up for a stranger, unless its network looked for too much that does not exist: then it throws. */
export type LookUpForStranger = <T>(
  guess: { readonly name: string; readonly address: string },
  load: () => Promise<T | null> | T | null,
) => Promise<T | null>;

export interface InboxCallDeps extends InboxEventDeps {
  readonly directory: Pick<Directory, 'workspaceByHookPath' | 'workspacesOfAccount'>;
  readonly roster: Pick<Roster, 'find'>;
  readonly lookUpForStranger: LookUpForStranger;
  /** The workspace's configurations with their secrets. The call is signed with one of them. */
  readonly inputsOf: (workspace: Pick<OpenWorkspace, 'record'>, nowMs: number) => readonly BoundInbox[];
}

/** The workspaces whose secret signed the call. None for a forged call. Rejects where the store is needed and unavailable. */
export async function findSigners(
  deps: InboxCallDeps,
  call: InboxCall,
  lookUp: LookUpForStranger = (_guess, load) => Promise.resolve(load()),
): Promise<readonly OpenWorkspace[]> {
  const place = placeOf(deps, call);
  if (place === null) return [];
  const find = () => findCandidates(deps, call.kind, place);
  // What the roster knows is no guess.
  const isKnown = deps.roster.find(call.kind, place).length > 0;
  const candidates = isKnown ? await find() : await lookUp(guessOf(call, place), find);
  return (candidates ?? []).filter((workspace) => isSignedBy(deps, call, workspace));
}

/**
 * Judges a call without the store, by the workspaces as they were when the store was last read. `unknown`: there was none of that
 * path or account.
 */
export function judgeByRoster(deps: InboxCallDeps, call: InboxCall): 'signed' | 'forged' | 'unknown' {
  const place = placeOf(deps, call);
  if (place === null) return 'forged';
  const records = deps.roster.find(call.kind, place);
  if (records.length === 0) return 'unknown';
  return records.some((record) => isSignedBy(deps, call, { record })) ? 'signed' : 'forged';
}

/**
 * Whether a workspace has this webhook path. Null if only the store knows, which is unavailable, and the inbox would not repeat
 * the call for long. Throws where too many unknown paths were tried.
 */
export async function isInboxHook(
  deps: InboxCallDeps,
  { kind, hookPath, network }: Pick<InboxCall, 'kind' | 'network'> & { readonly hookPath: string },
): Promise<boolean | null> {
  const place = { hookPath };
  if (deps.roster.find(kind, place).length > 0) return true;
  const find = () => findCandidates(deps, kind, place);
  try {
    return (await deps.lookUpForStranger(guessOf({ kind, network }, place), find)) !== null;
  } catch (cause) {
    if (isStoreAway(cause) && !deps.inboxKinds[kind].repeatsCalls) return null;
    throw cause;
  }
}

/** Stores the event in a verified call for each workspace. It is durable when it resolves. */
export async function storeCall(
  deps: InboxCallDeps,
  { rawBody }: InboxCall,
  workspaces: readonly OpenWorkspace[],
): Promise<void> {
  for (const workspace of workspaces) await receiveInboxEvent(deps, workspace, rawBody);
}

/** Null for a call that names no account where it must. */
function placeOf({ inboxKinds }: InboxCallDeps, { kind, hookPath, rawBody }: InboxCall): RosterPlace | null {
  if (hookPath !== null) return { hookPath };
  const account = inboxKinds[kind].accountOf(rawBody);
  return account === null ? null : { account };
}

/** Null if there is none. */
async function findCandidates(
  { directory }: InboxCallDeps,
  kind: InboxKindName,
  place: RosterPlace,
): Promise<readonly OpenWorkspace[] | null> {
  if ('account' in place) {
    const workspaces = await directory.workspacesOfAccount(kind, place.account);
    return workspaces.length === 0 ? null : workspaces;
  }
  const workspace = await directory.workspaceByHookPath(place.hookPath);
  return workspace?.record.inboxKind === kind ? [workspace] : null;
}

const guessOf = ({ kind, network }: Pick<InboxCall, 'kind' | 'network'>, place: RosterPlace) => ({
  name: `${kind} ${'account' in place ? `account ${place.account.slice(0, 100)}` : `path ${place.hookPath}`}`,
  address: network,
});

function isSignedBy(
  { inboxKinds, inputsOf }: InboxCallDeps,
  call: InboxCall,
  workspace: Pick<OpenWorkspace, 'record'>,
): boolean {
  const { verify } = inboxKinds[call.kind];
  return inputsOf(workspace, call.receivedAtMs).some((input) => verify(call, input, call.receivedAtMs));
}
