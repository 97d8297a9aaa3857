import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * OAuth's `state`: names the connection and proves that the browser which comes back is the one that set out. It is made of
 * what only that browser has (its cookie) and what only this gateway has (the key), so that nothing of it is stored; that it
 * counts once, the connection sees to.
 */
export interface States {
  make(connectionId: string, browser: string): string;
  /** The connection, where the state was made for it and for this browser; null for anything else. */
  check(state: string, browser: string): string | null;
}

/** States are made with the first key, and count with each: a change of the master key ends nobody’s installation. */
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

/** The connection that a state names, whoever made it. */
export const connectionNamedIn = (state: string): string => state.split('.')[0] ?? '';
