import type { Input, Output } from '@chatferry/contract';
import { grantOfHolder } from '../../core/access/principal.ts';
import { type ApiError, invalidValue } from '../api-error.ts';
import { assertGrant, assertGrantChange, ownGrant } from '../assert-grant.ts';
import type { RequestContext } from '../context.ts';
import { cutPage } from '../cut-page.ts';
import { assertMayManageRole, assertSeesAll, assertWorkspacesFitRole } from './assert-may-manage.ts';
import { findManagedPerson } from './find-managed-person.ts';
import type { PeopleDeps } from './people-deps.ts';
import { showPerson } from './show-person.ts';

export async function listPeople(
  { store }: PeopleDeps,
  context: RequestContext,
  { query }: Input<'listPeople'>,
): Promise<Output<'listPeople'>> {
  assertSeesAll(context);
  return cutPage(await store.people.list(), query, showPerson);
}

export async function updatePerson(
  deps: PeopleDeps,
  context: RequestContext,
  { params, body }: Input<'updatePerson'>,
): Promise<Output<'updatePerson'>> {
  const before = await findManagedPerson(deps, context, params.person_id);
  if (body.role !== undefined) assertMayManageRole(context, body.role);
  const role = body.role ?? before.role;
  if (body.workspaces !== undefined) assertWorkspacesFitRole(role, body.workspaces);
  // A person who becomes an owner gets access to every workspace.
  const workspaces = role === 'owner' && before.workspaces !== null ? null : body.workspaces;
  const change = { role, ...(workspaces === undefined ? {} : { workspaces: workspaces ?? ('all' as const) }) };
  const own = ownGrant(context, null);
  if (body.state === 'active') assertGrant(own, { ...grantOfHolder(before), ...change });
  else assertGrantChange(own, grantOfHolder(before), change);
  const person = await deps.store.people.update(before.id, {
    name: body.name,
    role: body.role,
    workspaces,
    isDisabled: body.state === undefined ? undefined : body.state === 'disabled',
  });
  if (!person) throw lastOwner();
  return showPerson(person);
}

export async function deletePerson(
  deps: PeopleDeps,
  context: RequestContext,
  { params }: Input<'deletePerson'>,
): Promise<undefined> {
  const person = await findManagedPerson(deps, context, params.person_id);
  if (!(await deps.store.people.delete(person.id))) throw lastOwner();
  return undefined;
}

const lastOwner = (): ApiError =>
  invalidValue('/role', 'This is the last owner, and an installation needs one. Make another person an owner first.');
