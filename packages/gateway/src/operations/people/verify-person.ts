import type { PersonRecord } from '../../store/people.ts';
import { sealedColumns } from '../../store/sealed-columns.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import { type RequestContext, requirePrincipal } from '../context.ts';
import type { SignInDeps } from './sign-in-deps.ts';

/** Reads the caller's own account. Throws NOT_FOUND where the caller is no person. */
export async function readCaller({ store }: SignInDeps, context: RequestContext): Promise<PersonRecord> {
  const { kind, id } = requirePrincipal(context);
  const person = kind === 'person' ? await store.people.read(id) : null;
  if (!person)
    throw new ApiError('NOT_FOUND', { message: 'Only a person has that. Sign in with POST /api/v1/sessions.' });
  return person;
}

/** Throws TYPE_MISMATCH for a password that is easy to guess. */
export function assertStrongPassword(
  { credentials }: SignInDeps,
  password: string,
  person: { readonly email: string; readonly name: string },
): void {
  const weakness = credentials.weaknessOf(password, person);
  if (weakness !== null) throw invalidValue('/password', weakness);
}

/** Whether a code of the authenticator app is valid now. A valid code is used up. */
export async function acceptsCode(
  { credentials, store, vault, clock }: SignInDeps,
  person: PersonRecord,
  code: string,
): Promise<boolean> {
  if (person.totpSecret === null) return false;
  const secret = vault.open(person.totpSecret, sealedColumns.totpSecret.contextOf(person.id));
  const step = credentials.stepOfCode(secret, code, clock.nowMs());
  return step !== null && store.people.useTotpStep(person.id, step);
}

export const refusedCode = (): ApiError =>
  invalidValue('/code', 'code must be one that the app shows now, and that was not used before.');

export interface Proof {
  readonly password: string;
  /** The field of the request that carries the password. */
  readonly pointer: string;
  /** Null if no second factor is required. */
  readonly code: string | null;
}

/**
 * Asks the caller for the password again, because a browser that was left open proves too little. Where `code` is given, the
 * second factor is checked too. Both checks are one attempt: a right password must not reset the count of wrong codes. Throws
 * TYPE_MISMATCH or RATE_LIMITED.
 */
export async function verifyCaller(
  deps: SignInDeps,
  context: RequestContext,
  { password, pointer, code }: Proof,
): Promise<PersonRecord> {
  const person = await readCaller(deps, context);
  let isPasswordRight = false;
  const verified = await deps.throttle({ address: context.address, account: person.email }, async () => {
    isPasswordRight = await deps.credentials.isPasswordOf(person.password, password);
    if (!isPasswordRight) return null;
    return code === null || !person.isTotpConfirmed || (await acceptsCode(deps, person, code)) ? person : null;
  });
  if (verified !== null) return verified;
  if (isPasswordRight) throw refusedCode();
  throw invalidValue(pointer, `${pointer.slice(1)} must be the password that you sign in with.`);
}
