import type { Grant } from '../../ports/grant.ts';
import type { BoundSecret } from '../../ports/secret.ts';

/** A grant that is not shared: that of a portal which is not stored yet. The caller stores its access token. */
export function createLoneGrant(refreshToken: BoundSecret, onRotated?: (refreshToken: BoundSecret) => void): Grant {
  let current = refreshToken;
  return {
    read: async () => ({ refreshToken: current, access: null }),
    claim: async () => ({
      state: { refreshToken: current, access: null },
      async renew(renewed) {
        if (!renewed.refreshToken.equals(current)) onRotated?.(renewed.refreshToken);
        current = renewed.refreshToken;
        return true;
      },
      release: async () => undefined,
    }),
  };
}
