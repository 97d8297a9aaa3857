import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { openCredential, sealCredential } from '../operations/workspaces/seal-inbox.ts';
import type { Random } from '../ports/clock.ts';
import type { Grant, GrantState } from '../ports/grant.ts';
import { Secret } from '../ports/secret.ts';
import type { Vault } from '../secrets/sealed.ts';
import type { GrantRecord } from '../store/grants.ts';
import { sealedColumns } from '../store/sealed-columns.ts';
import type { StoreSlice } from '../store/store.ts';

const digestOf = (secret: Secret): Buffer => createHash('sha256').update(secret.reveal()).digest();

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

  const refreshTokenIn = (record: GrantRecord): Secret => {
    const token = openCredential(vault, workspaceId, record.inboxCredential)['refresh_token'];
    if (typeof token !== 'string') throw new Error(`The credential of ${workspaceId} has no refresh token.`);
    return new Secret(token);
  };

  const stateOf = (record: GrantRecord): GrantState => {
    const refreshToken = refreshTokenIn(record);
    const { accessToken, madeWith, remainingMs } = record;
    const isCurrent = madeWith?.equals(digestOf(refreshToken)) === true;
    return {
      refreshToken,
      access:
        accessToken !== null && isCurrent ? { token: new Secret(vault.open(accessToken, context)), remainingMs } : null,
    };
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
          const isRotated = refreshToken.reveal() !== state.refreshToken.reveal();
          const credential = openCredential(vault, workspaceId, record.inboxCredential);
          for (let before = record.inboxCredential; ; ) {
            const after = isRotated
              ? sealCredential(vault, workspaceId, { ...credential, refresh_token: refreshToken.reveal() })
              : before;
            const isRenewed = await store.grants.renew({
              workspaceId,
              claim,
              accessToken: vault.seal(token.reveal(), context),
              madeWith: digestOf(refreshToken),
              lifeMs,
              credentialBefore: before,
              credentialAfter: after,
            });
            if (isRenewed) return true;
            // If only the seal differs, the credential is the same: the master key was changed during the renewal.
            const now = (await store.grants.read(workspaceId))?.inboxCredential;
            if (now === undefined || now.equals(before)) return false;
            if (!isDeepStrictEqual(openCredential(vault, workspaceId, now), credential)) return false;
            before = now;
          }
        },
      };
    },
  };
}
