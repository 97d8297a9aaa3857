import type { InboxInput } from '@chatferry/contract';
import type { Vault } from '../../store/sealed.ts';
import { sealedColumns } from '../../store/sealed-columns.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { joinInbox, splitInbox } from './inbox-input.ts';

type Credential = Readonly<Record<string, unknown>>;

const { contextOf } = sealedColumns.inboxCredential;

export const sealCredential = (vault: Vault, workspaceId: string, credential: Credential): Buffer =>
  vault.seal(JSON.stringify(credential), contextOf(workspaceId));

export const openCredential = (vault: Vault, workspaceId: string, sealed: Buffer): Credential =>
  JSON.parse(vault.open(sealed, contextOf(workspaceId))) as Credential;

/** An inbox's configuration as the store keeps it: settings in the open, secrets sealed and bound to their row. */
export function sealInbox(
  vault: Vault,
  workspaceId: string,
  input: InboxInput,
): Pick<WorkspaceRecord, 'inboxSettings' | 'inboxCredential'> {
  const { settings, credential } = splitInbox(input);
  return { inboxSettings: settings, inboxCredential: sealCredential(vault, workspaceId, credential) };
}

export function unsealInbox(vault: Vault, record: WorkspaceRecord): InboxInput {
  const credential = openCredential(vault, record.id, record.inboxCredential);
  return joinInbox(record.inboxKind, { settings: record.inboxSettings, credential });
}
