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

export function createStates(key: Buffer): States {
  const proofOf = (connectionId: string, browser: string): string =>
    createHmac('sha256', key).update(`${connectionId}|${browser}`).digest('base64url');

  return {
    make: (connectionId, browser) => `${connectionId}.${proofOf(connectionId, browser)}`,
    check(state, browser) {
      const [connectionId = '', proof = '', ...rest] = state.split('.');
      const [given, wanted] = [Buffer.from(proof), Buffer.from(proofOf(connectionId, browser))];
      const isGenuine = rest.length === 0 && given.length === wanted.length && timingSafeEqual(given, wanted);
      return isGenuine ? connectionId : null;
    },
  };
}

/** The connection that a state names, whoever made it. */
export const connectionNamedIn = (state: string): string => state.split('.')[0] ?? '';
