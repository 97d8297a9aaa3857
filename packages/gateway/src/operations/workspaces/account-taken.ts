import { ApiError } from '../api-error.ts';

/** What a second claimant of an account learns: nothing about the first one, who may be another tenant. */
export const accountTaken =
  'This account is connected to this gateway already, and an account can be connected only once. If that workspace is yours, renew its credential, or delete it first; otherwise ask the operator of the gateway.';

export const accountTakenError = (): ApiError =>
  new ApiError('ALREADY_CONNECTED', { message: accountTaken, details: [{ pointer: '/inbox', message: accountTaken }] });
