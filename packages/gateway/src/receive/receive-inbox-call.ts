import type { InboxInput } from '@chatferry/contract';
import type { Directory, OpenWorkspace } from '../engine/directory/directory.ts';
import type { RawHeaders } from '../ports/channel-kind.ts';
import type { InboxKind, InboxKindName } from '../ports/inbox-kind.ts';

/** A call of an inbox as it arrived, before anybody knows whether it is genuine. */
export interface InboxCall {
  readonly kind: InboxKindName;
  /** The workspace's own path; null where it came to the address of all accounts. */
  readonly hookPath: string | null;
  readonly method: string;
  /** The public one. */
  readonly url: string;
  readonly headers: RawHeaders;
  readonly rawBody: Buffer;
  /** On the gateway's clock: signatures of HubSpot are good for some minutes. */
  readonly receivedAtMs: number;
}

export interface TakeInCallDeps {
  readonly directory: Pick<Directory, 'workspaceByHookPath' | 'workspacesOfAccount'>;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  /** The workspace's configurations with their secrets: signatures are made with one of them. */
  readonly inputsOf: (workspace: OpenWorkspace, nowMs: number) => readonly InboxInput[];
  /** Durable when it resolves. */
  readonly takeInEvent: (workspace: OpenWorkspace, raw: Buffer) => Promise<void>;
}

/** The two steps with a call: whose it is, as its signature proves, and taking in what it tells. */
export interface TakeInCall {
  /** The workspaces that it comes from; none where it is not genuine. Rejects where the store is needed and away. */
  recognise(call: InboxCall): Promise<readonly OpenWorkspace[]>;
  /** Durable when it resolves. */
  takeIn(call: InboxCall, workspaces: readonly OpenWorkspace[]): Promise<void>;
}

export function createTakeInCall({ directory, inboxKinds, inputsOf, takeInEvent }: TakeInCallDeps): TakeInCall {
  async function candidates({ kind, hookPath, rawBody }: InboxCall): Promise<readonly OpenWorkspace[]> {
    if (hookPath === null) {
      const account = inboxKinds[kind].accountOf(rawBody);
      return account === null ? [] : directory.workspacesOfAccount(kind, account);
    }
    const workspace = await directory.workspaceByHookPath(hookPath);
    return workspace?.record.inboxKind === kind ? [workspace] : [];
  }

  return {
    async recognise(call) {
      const { verify } = inboxKinds[call.kind];
      const isGenuine = (workspace: OpenWorkspace) =>
        inputsOf(workspace, call.receivedAtMs).some((input) => verify(call, input, call.receivedAtMs));
      return (await candidates(call)).filter(isGenuine);
    },
    async takeIn({ rawBody }, workspaces) {
      for (const workspace of workspaces) await takeInEvent(workspace, rawBody);
    },
  };
}
