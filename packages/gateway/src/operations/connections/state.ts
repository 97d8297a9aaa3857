import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * OAuth's `state`: names the connection, and proves that the browser that comes back is the one that was sent. It is a MAC over
 * the browser's cookie, with a key that only this gateway has, so it needs no storage. The connection's row ensures that it works
 * only once.
 */
export interface States {
  make(connectionId: string, browser: string): string;
  /** The connection for which the state was made, in this browser. Null for any other state. */
  check(state: string, browser: string): string | null;
}

/** States are made with the first key and valid with any: a change of the master key does not end an install. */
export function createStates(keys: readonly Buffer[]): States {
  const [first] = keys;
  if (first === undefined) throw new TypeError('states need a key');
  const proofOf = (key: Buffer, connectionId: string, browser: string): string =>
    createHmac('sha256', key).update(`${connectionId}|${browser}`).digest('base64url');

  return {
    make: (connectionId, browser) => `${connectionId}.${proofOf(first, connectionId, browser)}`,
    check(state, browser) {
      const [connectionId = '', proof = '', ...rest] = state.split('.');
      const given = Buffer.from(proof);
      const isProof = (key: Buffer): boolean => {
        const wanted = Buffer.from(proofOf(key, connectionId, browser));
        return given.length === wanted.length && timingSafeEqual(given, wanted);
      };
      const isGenuine = rest.length === 0 && keys.some(isProof);
      return isGenuine ? connectionId : null;
    },
  };
}
