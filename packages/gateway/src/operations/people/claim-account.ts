import type { Input, Person } from '@chatferry/contract';
import { comparableEmail } from '../../core/access/email-address.ts';
import type { PersonRecord } from '../../store/people.ts';
import { ApiError } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { newId } from '../new-id.ts';
import { beginSession } from './begin-session.ts';
import { digestSecret } from './digest-secret.ts';
import type { Door } from './door.ts';
import { showPerson } from './show-person.ts';
import type { SignInDeps } from './sign-in-deps.ts';
import { assertStrongPassword } from './verify-person.ts';

/** Accepts an invitation, or creates the first owner of an installation, and signs the person in. */
export async function claim(deps: SignInDeps, context: RequestContext, { body }: Input<'claim'>): Promise<Person> {
  const digest = digestSecret(body.token);
  // Looked up before any failure is counted: the failures of others must not lock out the holder of a valid invitation.
  const guess = { name: `invitation ${digest.toString('base64')}`, address: context.address };
  const invited = await deps.lookUpForStranger(guess, () => deps.store.people.readInvited(digest));
  if (invited === null) return refuseToken(deps, context);
  const email = invited.person?.email ?? (body.email === undefined ? undefined : comparableEmail(body.email));
  const name = invited.person?.name ?? body.name;
  if (email === undefined || email === null) throw missingField('email');
  if (name === undefined) throw missingField('name');
  const door: Door = {
    kind: 'known',
    id: `invitation:${digest.toString('base64url')}`,
    personId: invited.person?.id ?? 'first-owner',
    address: context.address,
  };
  const credentials = deps.credentialsFor(door);
  assertStrongPassword(credentials, body.password, { email, name });
  const password = await deps.throttle(door, () => credentials.digestOfPassword(body.password));
  if (password === null) throw refusedInvitation();
  const claimed = await storeClaim(deps, digest, invited.person === null ? { email, name, password } : { password });
  if (claimed === null) throw refusedInvitation();
  context.giveSession(await beginSession(deps, claimed.id, context));
  context.giveDevice(deps.devices.issue(claimed, null));
  return showPerson(claimed);
}

/** Counts the failure, so that a caller who guesses has to wait. Always throws. */
async function refuseToken({ throttle }: SignInDeps, { address, sharesAddress }: RequestContext): Promise<never> {
  await throttle({ kind: 'stranger', address, sharesAddress, account: 'claim' }, async () => null);
  throw refusedInvitation();
}

type Claim =
  | { readonly password: string }
  | { readonly email: string; readonly name: string; readonly password: string };

/** Resolves with null if the invitation was used in the meantime. */
async function storeClaim(
  { store, clock, random, dropClaim }: SignInDeps,
  digest: Buffer,
  claimed: Claim,
): Promise<PersonRecord | null> {
  if (!('email' in claimed)) return store.people.acceptInvitation(digest, claimed.password);
  const id = newId('person', clock, random);
  const owner = await store.people.claimInstallation(digest, { ...claimed, id, role: 'owner', workspaces: null });
  if (owner !== null) await dropClaim();
  return owner;
}

function missingField(name: string): ApiError {
  const message = `You must supply ${name} in your request payload: this token creates the first owner.`;
  return new ApiError('ARGUMENT_MISSING', { message, details: [{ pointer: `/${name}`, message }] });
}

const refusedInvitation = (): ApiError =>
  new ApiError('UNAUTHORIZED', {
    message:
      'This token is unknown, used or too old. Ask for another invitation; for the first owner, restart the gateway and take the token from the file claim-token in its data folder.',
  });
