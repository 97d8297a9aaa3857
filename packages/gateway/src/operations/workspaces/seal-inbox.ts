import type { BoundInbox } from '../../ports/bound-inbox.ts';
import { BoundSecret, packSecret, unpackSecret } from '../../ports/secret.ts';
import type { Vault } from '../../secrets/sealed.ts';
import { sealedColumns } from '../../store/sealed-columns.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { joinInbox, type SplitInbox, splitInbox } from './inbox-input.ts';

/** How long an earlier client secret remains valid: calls that were signed with it may still arrive. */
const earlierSecretMs = 24 * 3_600_000;
const earlierName = 'earlier_client_secret';

interface Earlier {
  readonly secret: BoundSecret;
  readonly untilMs: number;
}

/** A workspace's secrets, each with the origins that it was given for. */
export interface Credential {
  readonly secrets: SplitInbox['credential'];
  readonly earlier: Earlier | null;
}

const { contextOf } = sealedColumns.inboxCredential;

/** The origins are sealed together with the secrets, so that no change of a row can send a secret elsewhere. */
export function sealCredential(vault: Vault, workspaceId: string, { secrets, earlier }: Credential): Buffer {
  const packed = Object.entries(secrets).map(([name, secret]) => [name, packSecret(secret)] as const);
  const kept = earlier === null ? {} : { [earlierName]: { ...earlier, secret: packSecret(earlier.secret) } };
  return vault.seal(JSON.stringify({ ...Object.fromEntries(packed), ...kept }), contextOf(workspaceId));
}

/** A secret that was sealed without origins is bound to none, and is sent nowhere. */
export function openCredential(vault: Vault, workspaceId: string, sealed: Buffer): Credential {
  const { [earlierName]: earlier, ...stored } = readSealed(vault, workspaceId, sealed);
  const secrets = Object.entries(stored).map(([name, packed]) => [name, unpackOr(packed, nowhere)] as const);
  return { secrets: Object.fromEntries(secrets), earlier: readEarlier(earlier, nowhere) };
}

/**
 * The credential with its origins, for one that an earlier version sealed without them: `originsOf` says to which.
 * Null for one that has them.
 */
export function bindCredential(
  vault: Vault,
  workspaceId: string,
  sealed: Buffer,
  originsOf: (value: string) => readonly string[],
): Buffer | null {
  const { [earlierName]: earlier, ...stored } = readSealed(vault, workspaceId, sealed);
  if (Object.values(stored).every((packed) => typeof packed !== 'string')) return null;
  const secrets = Object.entries(stored).map(([name, packed]) => [name, unpackOr(packed, originsOf)] as const);
  const credential = { secrets: Object.fromEntries(secrets), earlier: readEarlier(earlier, originsOf) };
  return sealCredential(vault, workspaceId, credential);
}

const readSealed = (vault: Vault, workspaceId: string, sealed: Buffer): Readonly<Record<string, unknown>> =>
  JSON.parse(vault.open(sealed, contextOf(workspaceId))) as Readonly<Record<string, unknown>>;

const nowhere = (): readonly string[] => [];

function unpackOr(packed: unknown, originsOf: (value: string) => readonly string[]): BoundSecret {
  const value = typeof packed === 'string' ? packed : '';
  return unpackSecret(packed) ?? new BoundSecret(value, originsOf(value));
}

function readEarlier(stored: unknown, originsOf: (value: string) => readonly string[]): Earlier | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { secret, untilMs } = stored as Readonly<Record<'secret' | 'untilMs', unknown>>;
  return { secret: unpackOr(secret, originsOf), untilMs: Number(untilMs) };
}

/**
 * An inbox's configuration as it is stored: the settings as they are, the secrets sealed and bound to their row. A client secret
 * that it replaces remains valid for a day.
 */
export function sealInbox(
  vault: Vault,
  workspaceId: string,
  input: BoundInbox,
  replaced?: { readonly record: WorkspaceRecord; readonly nowMs: number },
): Pick<WorkspaceRecord, 'inboxSettings' | 'inboxCredential'> {
  const { settings, credential } = splitInbox(input);
  const earlier = replaced === undefined ? null : earlierOf(vault, replaced.record, input, replaced.nowMs);
  return {
    inboxSettings: settings,
    inboxCredential: sealCredential(vault, workspaceId, { secrets: credential, earlier }),
  };
}

function earlierOf(vault: Vault, record: WorkspaceRecord, input: BoundInbox, nowMs: number): Earlier | null {
  const { secrets, earlier } = openCredential(vault, record.id, record.inboxCredential);
  const before = secrets['client_secret'];
  if (before === undefined || (input.client_secret !== undefined && before.equals(input.client_secret))) return earlier;
  return { secret: before, untilMs: nowMs + earlierSecretMs };
}

export function unsealInbox(vault: Vault, record: WorkspaceRecord): BoundInbox {
  const { secrets } = openCredential(vault, record.id, record.inboxCredential);
  return joinInbox(record.inboxKind, { settings: record.inboxSettings, credential: secrets });
}

/** The configurations with which a call may be signed: the present one, and the earlier one while it is valid. */
export function signingInputs(vault: Vault, record: WorkspaceRecord, nowMs: number): readonly BoundInbox[] {
  const input = unsealInbox(vault, record);
  const { earlier } = openCredential(vault, record.id, record.inboxCredential);
  if (earlier === null || nowMs >= earlier.untilMs) return [input];
  return [input, { ...input, client_secret: earlier.secret }];
}
