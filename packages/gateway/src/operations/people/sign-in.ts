import type { Input, Person } from '@chatferry/contract';
import type { PersonRecord } from '../../store/people.ts';
import { ApiError } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { beginSession } from './begin-session.ts';
import { showPerson } from './show-person.ts';
import type { SignInDeps } from './sign-in-deps.ts';
import { acceptsCode } from './verify-person.ts';

export async function signIn(deps: SignInDeps, context: RequestContext, { body }: Input<'signIn'>): Promise<Person> {
  const email = body.email.toLowerCase();
  const person = await deps.throttle({ address: context.address, account: email }, () =>
    checkSignIn(deps, { ...body, email }),
  );
  if (person === null)
    throw new ApiError('UNAUTHORIZED', {
      message:
        'The e-mail address, the password or the code is wrong. An account with a second factor also needs its code; each code is accepted once.',
    });
  context.giveSession(await beginSession(deps, person.id, context));
  return showPerson(person);
}

/** The person, or null for a failed attempt. An unknown address takes as long as a wrong password. */
async function checkSignIn(
  deps: SignInDeps,
  { email, password, code }: { readonly email: string; readonly password: string; readonly code?: string | undefined },
): Promise<PersonRecord | null> {
  const found = await deps.store.people.readByEmail(email);
  const isPasswordRight = await deps.credentials.isPasswordOf(found?.password ?? null, password);
  if (!found || !isPasswordRight || found.disabledAt !== null) return null;
  if (!found.isTotpConfirmed) return found;
  return code !== undefined && (await acceptsCode(deps, found, code)) ? found : null;
}
