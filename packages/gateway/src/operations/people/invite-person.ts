import type { Input, Output } from '@chatferry/contract';
import { grantOfHolder } from '../../core/access/principal.ts';
import type { PersonRecord } from '../../store/people.ts';
import { invalidValue } from '../api-error.ts';
import { assertGrant, ownGrant } from '../assert-grant.ts';
import type { RequestContext } from '../context.ts';
import { newId } from '../new-id.ts';
import { assertMayManageRole, assertWorkspacesFitRole } from './assert-may-manage.ts';
import { digestSecret } from './digest-secret.ts';
import { drawSecret } from './draw-secret.ts';
import { findManagedPerson } from './find-managed-person.ts';
import type { PeopleDeps } from './people-deps.ts';
import { showPerson } from './show-person.ts';

const invitationLifeMs = 7 * 24 * 3_600_000;

export async function invitePerson(
  deps: PeopleDeps,
  context: RequestContext,
  { body }: Input<'invitePerson'>,
): Promise<Output<'invitePerson'>> {
  assertMayManageRole(context, body.role);
  assertWorkspacesFitRole(body.role, body.workspaces);
  assertGrant(ownGrant(context, null), grantOfHolder(body));
  const person = await deps.store.people.insert({
    id: newId('person', deps.clock, deps.random),
    email: body.email.toLowerCase(),
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
export async function inviteAgain(
  deps: PeopleDeps,
  context: RequestContext,
  { params }: Input<'inviteAgain'>,
): Promise<Output<'inviteAgain'>> {
  const person = await findManagedPerson(deps, context, params.person_id);
  assertGrant(ownGrant(context, null), grantOfHolder(person));
  return createInvitation(deps, person);
}

async function createInvitation({ store, random }: PeopleDeps, person: PersonRecord) {
  const invitation = drawSecret(random, 'cfi_');
  await store.people.storeInvitation({
    digest: digestSecret(invitation),
    personId: person.id,
    lifeMs: invitationLifeMs,
  });
  return { ...showPerson(person), invitation };
}
