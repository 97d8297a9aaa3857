import type { Input, Output } from '@chatferry/contract';
import { comparableEmail } from '../../core/access/email-address.ts';
import { grantOfHolder } from '../../core/access/principal.ts';
import type { PersonRecord } from '../../store/people.ts';
import { invalidValue } from '../api-error.ts';
import { assertGrant, ownGrant } from '../assert-grant.ts';
import type { RequestContext } from '../context.ts';
import { newId } from '../new-id.ts';
import { assertWorkspacesFitRole } from './assert-may-manage.ts';
import { digestSecret } from './digest-secret.ts';
import { drawSecret } from './draw-secret.ts';
import { findPerson } from './find-person.ts';
import { managed } from './managed.ts';
import type { PeopleDeps } from './people-deps.ts';
import { showPerson } from './show-person.ts';

const invitationLifeMs = 7 * 24 * 3_600_000;

export const invitePerson = managed<'invitePerson', null>({
  find: async () => null,
  rolesOf: (_nobody, { body }) => [body.role],
  run: inviteNewPerson,
});

async function inviteNewPerson(
  deps: PeopleDeps,
  context: RequestContext,
  { body }: Input<'invitePerson'>,
): Promise<Output<'invitePerson'>> {
  assertWorkspacesFitRole(body.role, body.workspaces);
  const email = comparableEmail(body.email);
  if (email === null) throw invalidValue('/email', 'email must have ASCII characters only.');
  assertGrant(ownGrant(context, null), grantOfHolder(body));
  const person = await deps.store.people.insert({
    id: newId('person', deps.clock, deps.random),
    email,
    name: body.name,
    role: body.role,
    workspaces: body.workspaces,
    password: null,
  });
  if (!person)
    throw invalidValue(
      '/email',
      'email must not belong to a person who has an account here. POST /api/v1/people/{person_id}/invitation invites a person again.',
    );
  return createInvitation(deps, person);
}

/** Makes a new invitation for a person. It replaces the earlier one. */
export const inviteAgain = managed<'inviteAgain', PersonRecord>({
  find: findPerson,
  rolesOf: (person) => [person.role],
  run: async (deps, context, _input, person) => {
    assertGrant(ownGrant(context, null), grantOfHolder(person));
    return createInvitation(deps, person);
  },
});

async function createInvitation({ store, random }: PeopleDeps, person: PersonRecord) {
  const invitation = drawSecret(random, 'cfi_');
  await store.people.storeInvitation({ digest: digestSecret(invitation), person, lifeMs: invitationLifeMs });
  return { ...showPerson(person), invitation };
}
