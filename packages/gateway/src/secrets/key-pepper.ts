import { hkdfSync } from 'node:crypto';
import type { Pool } from 'pg';
import { sealedColumns } from '../store/sealed-columns.ts';
import type { Vault, VaultKey } from './sealed.ts';

/**
 * What the digests of API keys are made with. Kept under seal, so that keys outlive a change of the master key. The first one is
 * that which earlier versions derived from the master key each time: from the one that the database was sealed with.
 */
export async function loadKeyPepper(db: Pool, vault: Vault, keys: readonly VaultKey[]): Promise<Buffer> {
  const context = sealedColumns.keyPepper.contextOf();
  const stored = async (): Promise<Buffer | null> => {
    const { rows } = await db.query<{ key_pepper: Buffer | null }>('select key_pepper from installation');
    return rows[0]?.key_pepper ?? null;
  };
  const known = await stored();
  if (known === null) {
    const pepper = Buffer.from(
      hkdfSync('sha256', (await findFirstKey(db, keys)).key, '', 'chatferry api key digest', 32),
    );
    const sealed = vault.seal(pepper.toString('base64'), context);
    await db.query('update installation set key_pepper = $1 where key_pepper is null', [sealed]);
  }
  const sealed = known ?? (await stored());
  if (sealed === null) throw new Error('the database has lost what the digests of its keys are made with');
  return Buffer.from(vault.open(sealed, context), 'base64');
}

/** The master key under which this database was used so far; the first of them where it is new. */
async function findFirstKey(db: Pool, keys: readonly VaultKey[]): Promise<VaultKey> {
  const { rows } = await db.query<{ id: Buffer }>(
    `select substring(inbox_credential from 3 for get_byte(inbox_credential, 1)) as id from workspaces
     where length(inbox_credential) > 0 order by created_at limit 1`,
  );
  const id = rows[0]?.id.toString('utf8');
  const found = id === undefined ? keys[0] : keys.find((key) => key.id === id);
  if (found === undefined) throw new Error('no master key is at hand');
  return found;
}
