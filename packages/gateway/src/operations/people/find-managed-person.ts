import type { PersonRecord } from '../../store/people.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { assertMayManageRole } from './assert-may-manage.ts';

/** Reads a person whom the caller may manage. Throws NOT_FOUND or FORBIDDEN. */
export async function findManagedPerson(
  { store }: { readonly store: StoreSlice<{ readonly people: 'read' }> },
  context: RequestContext,
  id: string,
): Promise<PersonRecord> {
  const person = await store.people.read(id);
  if (!person) throw new ApiError('NOT_FOUND', { message: 'There is no such person. GET /api/v1/people lists them.' });
  assertMayManageRole(context, person.role);
  return person;
}
