import type { ownAccountOperations, sessionOperations } from '@chatferry/contract';
import { bindHandlers } from '../bind-handlers.ts';
import { claim } from './claim-account.ts';
import { changePassword, getMe } from './own-account.ts';
import { endSession, listSessions } from './own-sessions.ts';
import { signIn } from './sign-in.ts';
import type { SignInDeps } from './sign-in-deps.ts';
import { confirmTwoFactor, startTwoFactor, stopTwoFactor } from './two-factor.ts';

/** Signs people in, and lets them manage their own account. None of these operations names another person. */
export const signInHandlers = (deps: SignInDeps) =>
  bindHandlers<SignInDeps, keyof typeof sessionOperations | keyof typeof ownAccountOperations>(deps, {
    claim,
    signIn,
    listSessions,
    endSession,
    getMe,
    changePassword,
    startTwoFactor,
    confirmTwoFactor,
    stopTwoFactor,
  });
