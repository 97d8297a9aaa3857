import type { PersonRecord } from '../../store/people.ts';
import { ApiError } from '../api-error.ts';
import type { PeopleDeps } from './people-deps.ts';

/** Reads the person whom a request names. Throws NOT_FOUND. */
export async function findPerson(
  { store }: PeopleDeps,
  { params }: { readonly params: { readonly person_id: string } },
): Promise<PersonRecord> {
  const person = await store.people.read(params.person_id);
  if (!person) throw new ApiError('NOT_FOUND', { message: 'There is no such person. GET /api/v1/people lists them.' });
  return person;
}
