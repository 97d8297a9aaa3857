import type { Input, Person } from '@chatferry/contract';
import type { PersonRecord } from '../../store/people.ts';
import { ApiError } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { newId } from '../new-id.ts';
import { beginSession } from './begin-session.ts';
import { digestSecret } from './digest-secret.ts';
import { showPerson } from './show-person.ts';
import type { SignInDeps } from './sign-in-deps.ts';
import { assertStrongPassword } from './verify-person.ts';

/** Accepts an invitation, or creates the first owner of an installation, and signs the person in. */
export async function claim(deps: SignInDeps, context: RequestContext, { body }: Input<'claim'>): Promise<Person> {
  const digest = digestSecret(body.token);
  const invited = await deps.throttle({ address: context.address, account: 'claim' }, () =>
    deps.store.people.readInvited(digest),
  );
  if (invited === null) throw refusedInvitation();
  const { email, name } = invited.person ?? { email: body.email?.toLowerCase(), name: body.name };
  if (email === undefined) throw missingField('email');
  if (name === undefined) throw missingField('name');
  assertStrongPassword(deps, body.password, { email, name });
  const password = await deps.credentials.digestOfPassword(body.password);
  const claimed = await storeClaim(deps, digest, invited.person === null ? { email, name, password } : { password });
  if (claimed === null) throw refusedInvitation();
  context.giveSession(await beginSession(deps, claimed.id, context));
  return showPerson(claimed);
}

type Claim =
  | { readonly password: string }
  | { readonly email: string; readonly name: string; readonly password: string };

/** Resolves with null if the invitation was used in the meantime. */
function storeClaim(
  { store, clock, random }: SignInDeps,
  digest: Buffer,
  claimed: Claim,
): Promise<PersonRecord | null> {
  if (!('email' in claimed)) return store.people.acceptInvitation(digest, claimed.password);
  const id = newId('person', clock, random);
  return store.people.claimInstallation(digest, { ...claimed, id, role: 'owner', workspaces: null });
}

function missingField(name: string): ApiError {
  const message = `You must supply ${name} in your request payload: this token creates the first owner.`;
  return new ApiError('ARGUMENT_MISSING', { message, details: [{ pointer: `/${name}`, message }] });
}

const refusedInvitation = (): ApiError =>
  new ApiError('UNAUTHORIZED', {
    message:
      'This token is unknown, used or too old. Ask for another invitation; for the first owner, restart the gateway and take the token from its log.',
  });
