import type { Input, Person } from '@chatferry/contract';
import { comparableEmail } from '../../core/access/email-address.ts';
import type { PersonRecord } from '../../store/people.ts';
import { ApiError } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { beginSession } from './begin-session.ts';
import { checkCode, pretendToCheckCode } from './check-code.ts';
import type { Door } from './door.ts';
import { findDoor } from './find-door.ts';
import { showPerson } from './show-person.ts';
import type { SignInDeps } from './sign-in-deps.ts';

export async function signIn(deps: SignInDeps, context: RequestContext, { body }: Input<'signIn'>): Promise<Person> {
  const email = comparableEmail(body.email) ?? '';
  const { door, device } = await findDoor(deps, context, email);
  const person = await deps.throttle(door, async () =>
    provePerson(deps, door, await deps.store.people.readByEmail(email), body),
  );
  if (person === null) throw new ApiError('UNAUTHORIZED', { message: refusedSignIn });
  context.giveSession(await beginSession(deps, person.id, context));
  context.giveDevice(deps.devices.issue(person, device));
  return showPerson(person);
}

/** The same words for every failure, also while a second factor is locked: they must not say which part was right. */
export const refusedSignIn =
  'The e-mail address, the password or the code is wrong. An account with a second factor also needs its code; each code is accepted once. After several wrong codes none is accepted for a while; an owner can see that in the alarms.';

/** The person, or null for a failed attempt. An unknown person takes as long as a wrong password or code. */
export async function provePerson(
  deps: SignInDeps,
  door: Door,
  found: PersonRecord | null,
  { password, code }: { readonly password: string; readonly code?: string | undefined },
): Promise<PersonRecord | null> {
  const isPasswordRight = await deps.credentialsFor(door).isPasswordOf(found?.password ?? null, password);
  const isKnown = found !== null && isPasswordRight && found.disabledAt === null;
  if (isKnown && !found.isTotpConfirmed) return found;
  if (isKnown && code !== undefined) return (await checkCode(deps, door, found, code)) === 'right' ? found : null;
  await pretendToCheckCode(deps, door);
  return null;
}
