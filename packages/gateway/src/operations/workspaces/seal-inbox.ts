import type { InboxInput } from '@chatferry/contract';
import type { Vault } from '../../store/sealed.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { joinInbox, splitInbox } from './inbox-input.ts';

const contextOf = (workspaceId: string): string => `${workspaceId}|workspaces|inbox_credential`;

/** An inbox's configuration as the store keeps it: settings in the open, secrets sealed and bound to their row. */
export function sealInbox(
  vault: Vault,
  workspaceId: string,
  input: InboxInput,
): Pick<WorkspaceRecord, 'inboxSettings' | 'inboxCredential'> {
  const { settings, credential } = splitInbox(input);
  return {
    inboxSettings: settings,
    inboxCredential: vault.seal(JSON.stringify(credential), contextOf(workspaceId)),
  };
}

export function unsealInbox(vault: Vault, record: WorkspaceRecord): InboxInput {
  const credential = JSON.parse(vault.open(record.inboxCredential, contextOf(record.id))) as Record<string, unknown>;
  return joinInbox(record.inboxKind, { settings: record.inboxSettings, credential });
}
