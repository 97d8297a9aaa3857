import type { Grant } from '../../ports/grant.ts';
import type { Secret } from '../../ports/secret.ts';

/** A grant that nobody shares: that of a portal which is not stored yet. Its access token lives with whoever asks for it. */
export function createLoneGrant(refreshToken: Secret, onRotated?: (refreshToken: Secret) => void): Grant {
  let current = refreshToken;
  return {
    read: async () => ({ refreshToken: current, access: null }),
    claim: async () => ({
      state: { refreshToken: current, access: null },
      async renew(renewed) {
        if (renewed.refreshToken.reveal() !== current.reveal()) onRotated?.(renewed.refreshToken);
        current = renewed.refreshToken;
        return true;
      },
      release: async () => undefined,
    }),
  };
}
