import type { InboxInput } from '@chatferry/contract';
import type { Vault } from '../../secrets/sealed.ts';
import { sealedColumns } from '../../store/sealed-columns.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { joinInbox, splitInbox } from './inbox-input.ts';

type Credential = Readonly<Record<string, unknown>>;

const { contextOf } = sealedColumns.inboxCredential;

export const sealCredential = (vault: Vault, workspaceId: string, credential: Credential): Buffer =>
  vault.seal(JSON.stringify(credential), contextOf(workspaceId));

export const openCredential = (vault: Vault, workspaceId: string, sealed: Buffer): Credential =>
  JSON.parse(vault.open(sealed, contextOf(workspaceId))) as Credential;

/** How long an earlier client secret remains valid: calls that were signed with it may still arrive. */
const earlierSecretMs = 24 * 3_600_000;
const earlierName = 'earlier_client_secret';

interface Earlier {
  readonly secret: string;
  readonly untilMs: number;
}

/**
 * An inbox's configuration as it is stored: the settings as they are, the secrets sealed and bound to their row. A client secret
 * that it replaces remains valid for a day.
 */
export function sealInbox(
  vault: Vault,
  workspaceId: string,
  input: InboxInput,
  replaced?: { readonly record: WorkspaceRecord; readonly nowMs: number },
): Pick<WorkspaceRecord, 'inboxSettings' | 'inboxCredential'> {
  const { settings, credential } = splitInbox(input);
  const earlier = replaced === undefined ? null : earlierOf(vault, replaced.record, input, replaced.nowMs);
  const stored = earlier === null ? credential : { ...credential, [earlierName]: earlier };
  return { inboxSettings: settings, inboxCredential: sealCredential(vault, workspaceId, stored) };
}

function earlierOf(vault: Vault, record: WorkspaceRecord, input: InboxInput, nowMs: number): Earlier | null {
  const credential = openCredential(vault, record.id, record.inboxCredential);
  const before = credential['client_secret'];
  if (typeof before !== 'string' || before === input.client_secret) return (credential[earlierName] as Earlier) ?? null;
  return { secret: before, untilMs: nowMs + earlierSecretMs };
}

export function unsealInbox(vault: Vault, record: WorkspaceRecord): InboxInput {
  const { [earlierName]: _, ...credential } = openCredential(vault, record.id, record.inboxCredential);
  return joinInbox(record.inboxKind, { settings: record.inboxSettings, credential });
}

/** The configurations with which a call may be signed: the present one, and the earlier one while it is valid. */
export function signingInputs(vault: Vault, record: WorkspaceRecord, nowMs: number): readonly InboxInput[] {
  const input = unsealInbox(vault, record);
  const earlier = openCredential(vault, record.id, record.inboxCredential)[earlierName] as Earlier | undefined;
  if (earlier === undefined || nowMs >= earlier.untilMs) return [input];
  return [input, { ...input, client_secret: earlier.secret }];
}
