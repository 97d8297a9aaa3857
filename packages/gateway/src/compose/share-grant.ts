import { type Credential, openCredential, sealCredential } from '../operations/workspaces/seal-inbox.ts';
import type { Random } from '../ports/clock.ts';
import type { Grant, GrantState } from '../ports/grant.ts';
import { type BoundSecret, packSecret, unpackSecret } from '../ports/secret.ts';
import type { Vault } from '../secrets/sealed.ts';
import type { GrantRecord } from '../store/grants.ts';
import { sealedColumns } from '../store/sealed-columns.ts';
import type { StoreSlice } from '../store/store.ts';

/**
 * The grant of a stored workspace: the refresh token in its credential, and the access token that all replicas share.
 */
export function shareGrant(parts: {
  readonly store: StoreSlice<{ readonly grants: 'read' | 'claim' | 'release' | 'renew' }>;
  readonly vault: Vault;
  readonly random: Random;
  readonly workspaceId: string;
}): Grant {
  const { store, vault, random, workspaceId } = parts;
  const context = sealedColumns.accessToken.contextOf(workspaceId);

  const refreshTokenIn = (record: GrantRecord): BoundSecret => {
    const token = openCredential(vault, workspaceId, record.inboxCredential).secrets['refresh_token'];
    if (token === undefined) throw new Error(`The credential of ${workspaceId} has no refresh token.`);
    return token;
  };

  const stateOf = (record: GrantRecord): GrantState => {
    const refreshToken = refreshTokenIn(record);
    const { accessToken, madeWith, remainingMs } = record;
    const isCurrent = madeWith?.equals(refreshToken.digest()) === true;
    const token = accessToken !== null && isCurrent ? unpackSecret(JSON.parse(vault.open(accessToken, context))) : null;
    return { refreshToken, access: token === null ? null : { token, remainingMs } };
  };

  const read = async (): Promise<GrantState | null> => {
    const record = await store.grants.read(workspaceId);
    return record === null ? null : stateOf(record);
  };

  return {
    read,
    async claim(forMs) {
      const claim = random.uuid();
      if (!(await store.grants.claim(workspaceId, claim, forMs))) return null;
      const record = await store.grants.read(workspaceId);
      if (record === null) return null;
      const state = stateOf(record);
      return {
        state,
        release: () => store.grants.release(workspaceId, claim),
        async renew({ token, lifeMs, refreshToken }) {
          const isRotated = !refreshToken.equals(state.refreshToken);
          const credential = openCredential(vault, workspaceId, record.inboxCredential);
          for (let before = record.inboxCredential; ; ) {
            const after = isRotated
              ? sealCredential(vault, workspaceId, {
                  ...credential,
                  secrets: { ...credential.secrets, refresh_token: refreshToken },
                })
              : before;
            const isRenewed = await store.grants.renew({
              workspaceId,
              claim,
              accessToken: vault.seal(JSON.stringify(packSecret(token)), context),
              madeWith: refreshToken.digest(),
              lifeMs,
              credentialBefore: before,
              credentialAfter: after,
            });
            if (isRenewed) return true;
            // If only the seal differs, the credential is the same: the master key was changed during the renewal.
            const now = (await store.grants.read(workspaceId))?.inboxCredential;
            if (now === undefined || now.equals(before)) return false;
            if (!isSameCredential(openCredential(vault, workspaceId, now), credential)) return false;
            before = now;
          }
        },
      };
    },
  };
}

function isSameCredential(a: Credential, b: Credential): boolean {
  const names = Object.keys(a.secrets);
  return (
    names.length === Object.keys(b.secrets).length &&
    names.every((name) => isSameSecret(a.secrets[name], b.secrets[name])) &&
    a.earlier?.untilMs === b.earlier?.untilMs &&
    isSameSecret(a.earlier?.secret, b.earlier?.secret)
  );
}

const isSameSecret = (a: BoundSecret | undefined, b: BoundSecret | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.equals(b);
