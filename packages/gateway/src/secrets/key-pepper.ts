import { hkdfSync } from 'node:crypto';
import type { Installation } from '../store/installation.ts';
import { sealedColumns } from '../store/sealed-columns.ts';
import type { Vault, VaultKey } from './sealed.ts';

/**
 * Loads the value that digests of API keys are made with. It is stored sealed, so that API keys stay valid when the
 * master key changes. The first start derives it from the master key with which the database was used so far.
 */
export async function loadKeyPepper(
  installation: Pick<Installation, 'readKeyPepper' | 'storeKeyPepper' | 'readFirstSealingKey'>,
  vault: Vault,
  keys: readonly VaultKey[],
): Promise<Buffer> {
  const context = sealedColumns.keyPepper.contextOf();
  const known = await installation.readKeyPepper();
  if (known === null) {
    const { key } = findKey(keys, await installation.readFirstSealingKey());
    const pepper = Buffer.from(hkdfSync('sha256', key, '', 'chatferry api key digest', 32));
    await installation.storeKeyPepper(vault.seal(pepper.toString('base64'), context));
  }
  // Another process may have stored its pepper first, so the stored one counts.
  const sealed = known ?? (await installation.readKeyPepper());
  if (sealed === null) throw new Error('The database has no key pepper.');
  return Buffer.from(vault.open(sealed, context), 'base64');
}

/** The master key with this id, or the first one for a new database. */
function findKey(keys: readonly VaultKey[], id: string | null): VaultKey {
  const found = id === null ? keys[0] : keys.find((key) => key.id === id);
  if (found === undefined) throw new Error('The master key of the database is missing.');
  return found;
}
