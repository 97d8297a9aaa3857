import type { Operation } from './operation.ts';
import type { User } from './portal.ts';
import { isoTime } from './time.ts';

/** HubSpot: the `id` of an owner is not the user's id; actor ids contain `userId`. */
function ownerShape(user: User, createdAt: string) {
  const [firstName, ...rest] = user.name.split(' ');
  return {
    id: user.ownerId,
    email: user.email,
    type: 'PERSON',
    firstName: firstName ?? '',
    lastName: rest.join(' '),
    userId: Number(user.id),
    userIdIncludingInactive: Number(user.id),
    teams: [],
    archived: false,
    createdAt,
    updatedAt: createdAt,
  };
}

export const ownerOperations: readonly Operation[] = [
  {
    name: 'GET /crm/owners/{version}',
    handle({ portal, query }) {
      const found = portal.users.filter((user) => query['email'] === undefined || user.email === query['email']);
      const start = Number(query['after'] ?? 0);
      const end = start + Number(query['limit'] ?? 100);
      const paging = end < found.length ? { paging: { next: { after: String(end) } } } : {};
      return {
        results: found.slice(start, end).map((user) => ownerShape(user, isoTime(portal.createdAtMs))),
        ...paging,
      };
    },
  },
];
