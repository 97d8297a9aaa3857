import { bindHandlers } from '../bind-handlers.ts';
import { claim } from './claim-account.ts';
import { limitHashing } from './limit-hashing.ts';
import { changePassword, getMe } from './own-account.ts';
import { endSession, listSessions } from './own-sessions.ts';
import { signIn } from './sign-in.ts';
import type { SignInDeps } from './sign-in-deps.ts';
import { createThrottle, type ThrottleStore } from './throttle.ts';
import { confirmTwoFactor, startTwoFactor, stopTwoFactor } from './two-factor.ts';

/** Signs people in, and lets them manage their own account. */
export function signInHandlers(deps: Omit<SignInDeps, 'throttle'> & { readonly store: ThrottleStore }) {
  const throttle = createThrottle(deps.store);
  return bindHandlers(
    { ...deps, credentials: limitHashing(deps.credentials), throttle },
    {
      claim,
      signIn,
      listSessions,
      endSession,
      getMe,
      changePassword,
      startTwoFactor,
      confirmTwoFactor,
      stopTwoFactor,
    },
  );
}
