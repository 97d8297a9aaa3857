import type { Directory, OpenWorkspace } from '../engine/directory/directory.ts';
import type { BoundInbox } from '../ports/bound-inbox.ts';
import type { RawHeaders } from '../ports/channel-kind.ts';
import type { InboxKindName } from '../ports/inbox-kind.ts';
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
}

export interface InboxCallDeps extends InboxEventDeps {
  readonly directory: Pick<Directory, 'workspaceByHookPath' | 'workspacesOfAccount'>;
  /** The workspace's configurations with their secrets. The call is signed with one of them. */
  readonly inputsOf: (workspace: OpenWorkspace, nowMs: number) => readonly BoundInbox[];
}

/** The workspaces whose secret signed the call. None for a forged call. Rejects where the store is needed and unavailable. */
export async function findSigners(deps: InboxCallDeps, call: InboxCall): Promise<readonly OpenWorkspace[]> {
  const { verify } = deps.inboxKinds[call.kind];
  const isSignedBy = (workspace: OpenWorkspace) =>
    deps.inputsOf(workspace, call.receivedAtMs).some((input) => verify(call, input, call.receivedAtMs));
  return (await findCandidates(deps, call)).filter(isSignedBy);
}

/** Stores the event in a verified call for each workspace. It is durable when it resolves. */
export async function storeCall(
  deps: InboxCallDeps,
  { rawBody }: InboxCall,
  workspaces: readonly OpenWorkspace[],
): Promise<void> {
  for (const workspace of workspaces) await receiveInboxEvent(deps, workspace, rawBody);
}

async function findCandidates(
  { directory, inboxKinds }: InboxCallDeps,
  { kind, hookPath, rawBody }: InboxCall,
): Promise<readonly OpenWorkspace[]> {
  if (hookPath === null) {
    const account = inboxKinds[kind].accountOf(rawBody);
    return account === null ? [] : directory.workspacesOfAccount(kind, account);
  }
  const workspace = await directory.workspaceByHookPath(hookPath);
  return workspace?.record.inboxKind === kind ? [workspace] : [];
}
