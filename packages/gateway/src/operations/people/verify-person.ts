import type { PersonCredentials } from '../../ports/person-credentials.ts';
import type { PersonRecord } from '../../store/people.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import { type RequestContext, requirePrincipal } from '../context.ts';
import { type CodeVerdict, checkCode } from './check-code.ts';
import { doorOfSession } from './find-door.ts';
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
  credentials: Pick<PersonCredentials, 'weaknessOf'>,
  password: string,
  person: { readonly email: string; readonly name: string },
): void {
  const weakness = credentials.weaknessOf(password, person);
  if (weakness !== null) throw invalidValue('/password', weakness);
}

export const refusedCode = (): ApiError =>
  invalidValue('/code', 'code must be one that the app shows now, and that was not used before.');

const lockedCode = (): ApiError =>
  invalidValue(
    '/code',
    'code was not looked at: there were too many wrong codes in this session. Wait, or ask an owner for a new invitation.',
  );

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
  const door = doorOfSession(context);
  let isPasswordRight = false;
  let verdict: CodeVerdict = 'right';
  const verified = await deps.throttle(door, async () => {
    isPasswordRight = await deps.credentialsFor(door).isPasswordOf(person.password, password);
    if (!isPasswordRight) return null;
    if (code !== null && person.isTotpConfirmed)
      verdict = code === '' ? 'wrong' : await checkCode(deps, door, person, code);
    return verdict === 'right' ? person : null;
  });
  if (verified !== null) return verified;
  if (isPasswordRight) throw (verdict as CodeVerdict) === 'locked' ? lockedCode() : refusedCode();
  throw invalidValue(pointer, `${pointer.slice(1)} must be the password that you sign in with.`);
}
