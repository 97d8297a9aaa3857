import type { Input, Output } from '@chatferry/contract';
import { grantOfHolder } from '../../core/access/principal.ts';
import type { PersonRecord } from '../../store/people.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import { assertGrant, assertGrantChange, ownGrant } from '../assert-grant.ts';
import type { RequestContext } from '../context.ts';
import { cutPage } from '../cut-page.ts';
import { assertWorkspacesFitRole } from './assert-may-manage.ts';
import { findPerson } from './find-person.ts';
import { managed } from './managed.ts';
import type { PeopleDeps } from './people-deps.ts';
import { showPerson } from './show-person.ts';

/** Admins see owners and other admins, too: they need to know whom to ask. */
export const listPeople = managed<'listPeople', null>({
  find: async () => null,
  rolesOf: () => [],
  run: listEverybody,
});

async function listEverybody(
  { store }: PeopleDeps,
  _context: RequestContext,
  { query }: Input<'listPeople'>,
): Promise<Output<'listPeople'>> {
  return cutPage(await store.people.list(), query, showPerson);
}

export const updatePerson = managed<'updatePerson', PersonRecord>({
  find: findPerson,
  rolesOf: (before, { body }) => (body.role === undefined ? [before.role] : [before.role, body.role]),
  run: changePerson,
});

async function changePerson(
  { store }: PeopleDeps,
  context: RequestContext,
  { body }: Input<'updatePerson'>,
  before: PersonRecord,
): Promise<Output<'updatePerson'>> {
  const role = body.role ?? before.role;
  if (body.workspaces !== undefined) assertWorkspacesFitRole(role, body.workspaces);
  // A person who becomes an owner gets access to every workspace.
  const workspaces = role === 'owner' && before.workspaces !== null ? null : body.workspaces;
  const change = { role, ...(workspaces === undefined ? {} : { workspaces: workspaces ?? ('all' as const) }) };
  const own = ownGrant(context, null);
  if (body.state === 'active') assertGrant(own, { ...grantOfHolder(before), ...change });
  else assertGrantChange(own, grantOfHolder(before), change);
  const person = await store.people.update(before.id, before.role, {
    name: body.name,
    role: body.role,
    workspaces,
    isDisabled: body.state === undefined ? undefined : body.state === 'disabled',
  });
  if (!person) throw refuseChange(before);
  return showPerson(person);
}

export const deletePerson = managed<'deletePerson', PersonRecord>({
  find: findPerson,
  rolesOf: (person) => [person.role],
  run: removePerson,
});

async function removePerson(
  { store }: PeopleDeps,
  _context: RequestContext,
  _input: Input<'deletePerson'>,
  person: PersonRecord,
): Promise<undefined> {
  if (!(await store.people.delete(person.id, person.role))) throw refuseChange(person);
  return undefined;
}

/** Owners are refused where none would be left. Others are refused only if their role was changed in the meantime. */
const refuseChange = ({ role }: PersonRecord): ApiError =>
  role === 'owner'
    ? invalidValue(
        '/role',
        'This is the last owner, and an installation needs one. Make another person an owner first.',
      )
    : new ApiError('NOT_FOUND', { message: 'This person was changed at the same moment. Try again.' });
