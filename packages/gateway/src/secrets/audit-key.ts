import { randomBytes } from 'node:crypto';
import { StartError } from '../errors/start-error.ts';
import type { AuditChain, UnkeyedEntries } from '../store/audit-chain.ts';
import type { Installation } from '../store/installation.ts';
import { sealedColumns } from '../store/sealed-columns.ts';
import type { Vault } from './sealed.ts';

/** What is sealed: the key, and where the entries end that were there before it. */
interface SealedAuditKey {
  /** 32 bytes in base64. */
  readonly key: string;
  readonly unkeyed: UnkeyedEntries;
}

export interface LoadedAuditChain {
  readonly chain: AuditChain;
  /** Whether this start made the key. */
  readonly created: boolean;
}

/**
 * Loads the key of the audit log's digests. It is stored sealed with the master key, so that all replicas have the same one and it
 * outlives a change of the master key; without the master key it cannot be read or replaced. The first start
 * makes it. `isExpected` says that there was one before, as far as this machine knows. Then a missing key was removed, and this
 * rejects with a `StartError`, because a new one would make a new log of what is left.
 */
export async function loadAuditChain(
  installation: Pick<Installation, 'readAuditKey' | 'storeAuditKey' | 'readUnkeyedEntries'>,
  vault: Vault,
  isExpected: () => Promise<boolean>,
): Promise<LoadedAuditChain> {
  const context = sealedColumns.auditKey.contextOf();
  const known = await installation.readAuditKey();
  if (known === null) {
    if (await isExpected()) throw new StartError(keyRemoved);
    const made: SealedAuditKey = {
      key: randomBytes(32).toString('base64'),
      unkeyed: await installation.readUnkeyedEntries(),
    };
    await installation.storeAuditKey(vault.seal(JSON.stringify(made), context));
  }
  // Another process may have stored its key first, so the stored one counts.
  const sealed = known ?? (await installation.readAuditKey());
  if (sealed === null) throw new Error('The database has no key of the audit log.');
  const { key, unkeyed }: SealedAuditKey = JSON.parse(vault.open(sealed, context));
  return { chain: { key: Buffer.from(key, 'base64'), unkeyed }, created: known === null };
}

const keyRemoved =
  'The key of the audit log is missing from the database (installation.audit_key), but audit-heads.log in the data ' +
  'folder shows that there was one. It was removed, or this is another database. Restore a backup; or, to begin ' +
  'a new chain on purpose, move audit-heads.log and audit-heads.log.1 to a safe place, and start again.';
